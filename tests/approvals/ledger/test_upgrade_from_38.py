"""A ledger from before requests had the rule by which they take more approvals: those of before have none."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import open_ledger, requests
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 38
FIRST, LATER = 1001, 1002


def test_a_ledger_of_before_keeps_its_requests_and_takes_the_rule_of_new_ones(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, FIRST)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, FIRST)
        assert before is not None and (before.by_rule, before.created_at) == (None, NOW)
        ask(tx, LATER, by_rule="long takes two")
        later = requests.get(tx, LATER)
        assert later is not None and later.by_rule == "long takes two"
