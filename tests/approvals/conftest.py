"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.ledger import open_ledger
from tests.harness.jobs import Work


@pytest.fixture
def work(ledger_address: str) -> Iterator[Work]:
    ledger = open_ledger(ledger_address)
    yield Work(ledger)
    ledger.close()
