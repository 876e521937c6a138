"""A ledger from before the trail was handed on: all of it is from then on, on either engine."""

from __future__ import annotations

from contextlib import closing

from approvals.audit_events import AuditEvent
from approvals.ledger import open_ledger, trail, trail_exports
from approvals.ledger.trail_exports import ExportTarget
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 31


def test_a_ledger_of_before_hands_on_its_trail_from_the_first_entry(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")
        head = trail.last(tx)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert trail.last(tx) == head
        trail_exports.begin(tx, ExportTarget.FILE, NOW)
        assert trail_exports.position(tx, ExportTarget.FILE) == 0
        trail_exports.mark_taken(tx, ExportTarget.FILE, 1, NOW)
        trail_exports.begin(tx, ExportTarget.FILE, NOW)
        assert trail_exports.position(tx, ExportTarget.FILE) == 1
        assert trail_exports.position(tx, ExportTarget.WEBHOOK) == 0
