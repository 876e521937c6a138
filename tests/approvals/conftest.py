"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.ledger import open_ledger
from tests.harness.jobs import Work


@pytest.fixture
def work(address: str) -> Iterator[Work]:
    ledger = open_ledger(address)
    yield Work(ledger)
    ledger.close()
