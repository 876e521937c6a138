"""A ledger from before the trail had anchors: its whole trail is anchored from then on, on either engine."""

from __future__ import annotations

from contextlib import closing

from approvals.anchor import Anchor, AnchorTarget
from approvals.audit_events import AuditEvent
from approvals.ledger import anchors, open_ledger, trail
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 24
MADE = Anchor(AnchorTarget.CHANNEL, 1, 1, "ab", "then", "now", "which", "whose")


def test_a_ledger_of_before_takes_anchors_and_keeps_its_trail(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")
        head = trail.last(tx)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert trail.last(tx) == head
        assert anchors.newest(tx, AnchorTarget.CHANNEL) is None
        anchors.put(tx, MADE, NOW)
        kept = anchors.newest(tx, AnchorTarget.CHANNEL)
        assert kept is not None and kept == (MADE, NOW, None)
        anchors.mark_sent(tx, MADE, NOW)
        kept = anchors.newest(tx, AnchorTarget.CHANNEL)
        assert kept is not None and kept.sent == NOW
        anchors.put(tx, MADE._replace(number=2), NOW)
        kept = anchors.newest(tx, AnchorTarget.CHANNEL)
        assert kept is not None and (kept.anchor.number, kept.sent) == (2, None)
        assert anchors.newest(tx, AnchorTarget.WEBHOOK) is None
