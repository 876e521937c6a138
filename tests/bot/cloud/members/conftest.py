"""A sandbox for each test, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.cloud.members.member_products import CASES, SECRET, Case, MemberSandbox


@pytest.fixture
def workshop() -> Iterator[MemberSandbox]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield MemberSandbox(sandbox)


@pytest.fixture(params=CASES, ids=lambda case: case.product)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found
