"""The case of each product in which people are members: one module a product, found here by its name."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from approvals.catalog.resources import products
from tests.harness.products.case import ProductCase


def _cases() -> tuple[ProductCase, ...]:
    """Whichever product has none, tests/test_house.py names."""
    modules = [f"tests.harness.products.{product}" for product in products()]
    return tuple(import_module(name).CASE for name in modules if find_spec(name))


ALL_CASES = _cases()
CASES = tuple(case for case in ALL_CASES if not case.own_stories)
SEVERAL_ROLES = tuple(case for case in CASES if not case.one_role)
ENDING = tuple(case for case in SEVERAL_ROLES if case.ends_membership)
TELLING = tuple(case for case in CASES if case.says_already)


def each_of(cases: Sequence[ProductCase]) -> Any:
    """A fixture that is each of these in turn."""

    @pytest.fixture(params=cases, ids=str)
    def case(request: pytest.FixtureRequest) -> ProductCase:
        found: ProductCase = request.param
        return found

    return case
