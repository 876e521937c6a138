"""Entries about what no request accounts for: what may stay, until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.queries.audit_replay.expected import ExpectedTables, Row


def accepted(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """An approver's word, of which the newest counts."""
    tables.accepted[fields["row"]] = fields["until"], fields["by_slack"]


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {AuditEvent.DRIFT_ACCEPTED: accepted}
