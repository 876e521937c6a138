"""A ledger from before anything was escalated: nothing was, on either engine, and what is from then on says when."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import open_ledger, requests
from approvals.millis import HOUR, DomainMillis
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 39


def test_a_request_of_before_was_not_escalated_and_is_once(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1001)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, 1001)
        assert before is not None and before.escalated_at is None
        for moment in (NOW, DomainMillis(NOW + HOUR)):
            requests.escalated(tx, 1001, moment)
        after = requests.get(tx, 1001)
        assert after is not None and after.escalated_at == NOW and after.version == before.version + 1
