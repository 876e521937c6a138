"""A ledger from before rules approved anything, which people decided on: rules are kept from then on."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import open_ledger, requests
from tests.harness.builders import ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 40


def test_a_ledger_of_before_keeps_which_rule_approved(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, 1)
        assert before is not None and before.approved_by_rule is None
        requests.note_rule(tx, 1, "monitoring")
        after = requests.get(tx, 1)
        assert after is not None and after.approved_by_rule == "monitoring"
