"""A ledger from before drift was looked for: what is found is kept from then on, on either engine."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.drift import Acceptance, DriftKind, DriftRow
from approvals.entitlements import policy
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import drift_rows, open_ledger, trail
from approvals.millis import DAY, DomainMillis
from approvals.people import Principal
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 33
FOUND = DriftRow(DriftKind.OUTSIDE, Principal(RamUserId("21"), "dave"), policy("PaiRecEngineAccess"), since=NOW)


def test_a_ledger_of_before_keeps_what_is_found_and_its_trail(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")
        head = trail.last(tx)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert trail.last(tx) == head
        assert drift_rows.every_one(tx) == {}
        drift_rows.put(tx, FOUND, None, NOW)
        [kept] = drift_rows.every_one(tx).values()
        assert (kept.row, kept.found_at, kept.told, kept.acceptance) == (FOUND, NOW, False, None)
        said = Acceptance(DomainMillis(NOW + DAY), SlackUserId("U0BOB"), "on call")
        drift_rows.accept(tx, kept, said)
        drift_rows.note_told(tx, kept)
        same = replace(FOUND, since=DomainMillis(NOW + 1), principal=Principal(RamUserId("21"), "david"))
        accepted = drift_rows.get(tx, kept.id)
        assert accepted is not None and accepted.is_quiet(NOW) and accepted.told
        drift_rows.put(tx, same, accepted, NOW)
        renamed = drift_rows.get(tx, kept.id)
        assert renamed is not None and (renamed.row, renamed.acceptance) == (replace(same, since=NOW), said)
        drift_rows.put(tx, replace(FOUND, kind=DriftKind.LEFT), renamed, NOW)
        assert drift_rows.get(tx, kept.id) is None, "a button stands for what was shown with it"
        [other] = drift_rows.every_one(tx).values()
        assert (other.told, other.acceptance) == (False, None)
