"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.approvals.made import open_ledger
from tests.approvals.work import Work


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    ledger = open_ledger(tmp_path)
    yield Work(ledger)
    ledger.close()
