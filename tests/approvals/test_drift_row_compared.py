"""Whether a row is what it was before."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from approvals.drift import DriftKind, DriftRow, Giver
from approvals.entitlements import policy
from approvals.ids import RamUserId
from approvals.ledger import drift_rows, open_ledger
from approvals.millis import HOUR, DomainMillis
from approvals.people import Principal
from tests.harness.builders import NOW

DIRECT = DriftRow(DriftKind.OUTSIDE, Principal(RamUserId("21"), "carol"), policy("P"), since=NOW)
BY_GROUP = replace(DIRECT, via_group="engineers", since=None)


def test_since_when_it_comes_through_a_group_was_not_read_once_and_is_nothing_new() -> None:
    assert BY_GROUP.is_as(replace(BY_GROUP, since=NOW)) and replace(BY_GROUP, since=NOW).is_as(BY_GROUP)
    assert not DIRECT.is_as(replace(DIRECT, since=None))
    later = DomainMillis(NOW + 2 * HOUR)
    assert not replace(BY_GROUP, since=NOW).is_as(replace(BY_GROUP, since=later))


def test_who_gave_it_stays_until_it_is_another(ledger_address: str) -> None:
    alice = Giver("alice", "1")
    with closing(open_ledger(ledger_address)) as ledger, ledger.write() as tx:
        drift_rows.put(tx, replace(DIRECT, giver=alice), None, NOW)
        for row, giver in ((DIRECT, alice), (replace(DIRECT, since=DomainMillis(NOW + 2 * HOUR)), None)):
            drift_rows.put(tx, row, drift_rows.every_one(tx)[row.about], NOW)
            assert drift_rows.every_one(tx)[row.about].row.giver == giver
