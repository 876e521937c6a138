"""Entries about grants: each change of state, and what came to be granted otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.grant import GrantState
from approvals.queries.audit_replay.expected import GRANTS, ExpectedTables, Row


def moved(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The event of such an entry is the new state."""
    grant = tables.rows[GRANTS].setdefault((fields["grant"],), {})
    grant |= {"request_id": fields["request"], "entitlement": fields["entitlement"], "state": fields["event"]}
    grant |= {name: fields[name] for name in ("ram_user_id", "policy_type") if name in fields}
    if fields["event"] == GrantState.FAILED:
        grant["end_cause"] = None
    elif "cause" in fields:
        grant["end_cause"] = fields["cause"]


def tried_again(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The failed grants of the request are planned once more."""
    for grant in tables.grants_of(fields["request"]):
        if grant["state"] == GrantState.FAILED:
            grant["state"] = GrantState.PLANNED.value


def comes_with(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """A grant that is active from the start, since the product gave it with another one."""
    if "grant" not in fields:
        tables.unnumbered[(fields["request"], fields["entitlement"])] = "active"
        return
    tables.rows[GRANTS][(fields["grant"],)] = {
        "request_id": fields["request"],
        "ram_user_id": fields["ram_user_id"],
        "entitlement": fields["entitlement"],
        "state": "active",
        "ends_at": fields.get("ends_at"),
        "end_cause": None,
    }


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.TRIED_AGAIN: tried_again,
    AuditEvent.COMES_WITH: comes_with,
}
