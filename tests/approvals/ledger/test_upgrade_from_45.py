"""A ledger from before anybody could wish to be reminded by direct message: nobody does, and whoever says so is."""

from __future__ import annotations

from contextlib import closing

from approvals.ids import SlackUserId
from approvals.ledger import dm_reminders, open_ledger
from tests.harness.builders import ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 45
BOB = SlackUserId("U2")


def test_a_ledger_of_before_has_nobody_who_wishes_it_and_takes_whoever_does(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        team = ask(tx, 1001).team_id
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert dm_reminders.every_one(tx, team) == frozenset()
        for _ in range(2):
            dm_reminders.put(tx, team, BOB)
        assert dm_reminders.every_one(tx, team) == {BOB} and dm_reminders.every_one(tx, "T0ELSEWHERE") == frozenset()
        dm_reminders.remove(tx, team, BOB)
        assert not dm_reminders.wished(tx, team, BOB)
