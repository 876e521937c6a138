"""A sandbox for each test, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.cloud.members.member_products import SECRET, MemberSandbox
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import CASES, SEVERAL_ROLES


@pytest.fixture
def workshop() -> Iterator[MemberSandbox]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        yield MemberSandbox(sandbox)


@pytest.fixture(params=SEVERAL_ROLES, ids=str)
def of_several(request: pytest.FixtureRequest) -> ProductCase:
    """A product whose members may have several roles."""
    found: ProductCase = request.param
    return found


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> ProductCase:
    found: ProductCase = request.param
    return found
