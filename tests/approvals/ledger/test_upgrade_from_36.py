"""A ledger from before workflows asked: no request of it has a step that waits."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import open_ledger, requests
from tests.harness.builders import ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 36


def test_what_was_asked_before_is_no_workflows_and_what_is_asked_since_may_be(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1_001)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, 1_001)
        assert before and before.workflow_step is None
        ask(tx, 1_002, workflow_step="Fx1")
        since = requests.get(tx, 1_002)
        assert since and since.workflow_step == "Fx1"
