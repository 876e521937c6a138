"""A ledger from before something could be asked for until a moment: what waits there has none."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import open_ledger, requests
from approvals.millis import HOUR
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 25


def test_what_was_asked_for_before_has_no_moment_and_what_is_asked_for_since_may(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1_001)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, 1_001)
        assert before and before.ends_by is None
        ask(tx, 1_002, ends_by=NOW + HOUR)
        since = requests.get(tx, 1_002)
        assert since and since.ends_by == NOW + HOUR
