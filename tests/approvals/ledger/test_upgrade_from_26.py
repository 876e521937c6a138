"""A ledger from before requests could extend others: those of before extend none, on either engine."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import extensions, open_ledger, requests
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 26
FIRST, MORE = 1001, 1002


def test_a_ledger_of_before_keeps_its_requests_and_takes_extensions(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, FIRST)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = requests.get(tx, FIRST)
        assert before is not None and (before.extends, before.created_at) == (None, NOW)
        ask(tx, MORE, extends=FIRST)
        more = requests.get(tx, MORE)
        assert more is not None and more.extends == FIRST
        assert [each.id for each in extensions.family(tx, more)] == [FIRST, MORE]
        assert extensions.of_request(tx, MORE) == []
