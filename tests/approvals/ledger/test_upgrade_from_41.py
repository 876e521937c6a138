"""A ledger from before anything was approved for later: what is in it begins at once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from approvals.ledger import grants, open_ledger, requests
from approvals.millis import HOUR
from approvals.model import RequestState
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 41


def test_a_ledger_of_before_takes_what_is_approved_for_later(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, 1)
        assert before is not None and before.starts_at is None and before.state is RequestState.PENDING
        later = replace(before, id=2, public_id="2" * 32, starts_at=NOW + HOUR)
        requests.insert(tx, later, "another")
        requests.close(tx, 2, RequestState.APPROVED, now=NOW, by=before.requester)
        requests.schedule(tx, 2)
        after = requests.get(tx, 2)
        assert after is not None and after.starts_at == NOW + HOUR and after.state is RequestState.SCHEDULED
        stored = tx.row("SELECT state, unfinished FROM requests WHERE id = 2")
        assert stored is not None and tuple(stored.values()) == ("approved", 1), "older programs know no other word"
    with closing(open_ledger(address)) as ledger, pytest.raises(ledger.engine_errors), ledger.write() as tx:
        grants.plan(tx, 2, before.principal, before.entitlements[0], None)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        requests.begin(tx, 2)
        grants.plan(tx, 2, before.principal, before.entitlements[0], None)
