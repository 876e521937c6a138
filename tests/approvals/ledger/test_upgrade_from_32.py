"""A ledger from before anybody could be away: nobody is, on either engine, and whoever says so is from then on."""

from __future__ import annotations

from contextlib import closing

from approvals.ids import SlackUserId
from approvals.ledger import away, open_ledger
from approvals.millis import HOUR, DomainMillis
from approvals.queries import request_view
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 32
BOB = SlackUserId("U2")
LATER = DomainMillis(NOW + HOUR)


def test_a_ledger_of_before_has_nobody_away_and_takes_whoever_is(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        team = ask(tx, 1001).team_id
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        record = request_view.read(tx, 1001)
        assert record is not None and not record.away and record.too_few is None
        for moment in (NOW, LATER, LATER):
            away.put(tx, team, BOB, moment)
        assert away.every_one(tx, team) == {BOB: LATER} and away.every_one(tx, "T0ELSEWHERE") == {}
        away.remove(tx, team, BOB)
        assert away.until(tx, team, BOB) is None
