"""An app whose bot knows the workspaces and projects, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import CASES

PACE = 10.0


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, members=True) as opened:
        yield opened


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> ProductCase:
    found: ProductCase = request.param
    return found
