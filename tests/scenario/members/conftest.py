"""An app whose bot knows the workspaces and projects, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.harness.products.cases import CASES, TELLING, each_of
from tests.scenario.members.asking import catalog_that_gives_all


@pytest.fixture
def pace() -> float:
    return 10.0


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path, pace: float) -> Iterator[AppHarness]:
    """With the catalogue that comes with the program, unless the product's role is not given by that."""
    of = request.getfixturevalue("case") if "case" in request.fixturenames else None
    settings = catalog_that_gives_all(tmp_path) if of and of.one_role else None
    with AppHarness(tmp_path, settings, pace=pace, members=True) as opened:
        yield opened


case = each_of(CASES)
telling = each_of(TELLING)
"""A product whose refusals say what was there already."""
