"""A sandbox for each test, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.cloud.members.member_products import SECRET, MemberSandbox
from tests.harness.products.cases import CASES, SEVERAL_ROLES, each_of


@pytest.fixture
def workshop() -> Iterator[MemberSandbox]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield MemberSandbox(sandbox)


case = each_of(CASES)
of_several = each_of(SEVERAL_ROLES)
"""A product whose members may have several roles."""
