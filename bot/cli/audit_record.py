"""The record compared with the trail that it has to agree with."""

from __future__ import annotations

from approvals.ledger import Tx, trail
from approvals.queries import audit_compare
from approvals.queries.audit_replay.expected import Difference
from approvals.queries.audit_replay.replay import replay


def differences(tx: Tx) -> list[Difference]:
    """Between the record and its trail, whose chain holds."""
    expected = replay(trail.entries(tx))
    return list(audit_compare.differences(expected, lambda table: [row for page in tx.pages(table) for row in page]))
