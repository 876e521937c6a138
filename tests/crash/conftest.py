"""What the tests of dying and stopping share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.databases import Databases
from tests.harness.process_pool import ProcessPool


@pytest.fixture(scope="package")
def process_pool() -> Iterator[ProcessPool]:
    with ProcessPool() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def databases_of(request: pytest.FixtureRequest) -> Databases | None:
    """Where a ledger is made; None for files."""
    return None if request.param == "sqlite" else request.getfixturevalue("databases")
