"""An app whose bot knows the workspaces and projects, and each product in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.scenario.members.cases import CASES, Case

PACE = 10.0


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, members=True) as opened:
        yield opened


@pytest.fixture(params=CASES, ids=lambda case: case.product)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found
