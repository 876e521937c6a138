"""What the trail has of our own writes in some time, read from its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.entitlements import Entitlement
from approvals.ledger import Tx, trail
from approvals.millis import DomainMillis
from approvals.operations.cloud_record.judge import Begun, KnownWrites

BEGUN = (AuditEvent.ATTACH_BEGUN, AuditEvent.DETACH_BEGUN, AuditEvent.CREATE_USER_BEGUN)
CONFIRMED = (AuditEvent.ATTACH_CONFIRMED, AuditEvent.DETACH_CONFIRMED)
RAM_KINDS = ("policy/", "role_policy/", "service_role/")
"""How the entitlements begin that RAM gives."""


class Confirmed(NamedTuple):
    """A write to RAM that was answered as done."""

    at: DomainMillis
    write_id: str
    cloud_request_id: str
    request_id: int | None
    event: str
    entitlement: str


def writes_since(tx: Tx, since: DomainMillis) -> KnownWrites:
    """What was begun or answered from then on."""
    begun: dict[str, Begun] = {}
    request_ids = set[str]()
    restored_at = None
    for at, fields in _since(tx, since):
        if fields["event"] in BEGUN:
            begun[fields["write_id"]] = Begun(at, fields["event"], fields.get("entitlement") or "", _holder(fields))
        elif fields["event"] == AuditEvent.RESTORED:
            restored_at = at if restored_at is None else max(at, restored_at)
        elif fields.get("ram_request_id"):
            request_ids.add(fields["ram_request_id"])
    return KnownWrites(begun, frozenset(request_ids), restored_at)


def _holder(fields: Mapping[str, Any]) -> str:
    """In the place of an erased name is the UserId."""
    name = str(fields.get("ram_user") or "")
    return "" if name == fields.get("ram_user_id") else name


def confirmed_between(tx: Tx, after: DomainMillis, until: DomainMillis) -> list[Confirmed]:
    """Our writes to RAM that were answered as done in that time, oldest first, each once."""
    found = {
        fields["write_id"]: Confirmed(
            at,
            fields["write_id"],
            fields["ram_request_id"],
            fields.get("request"),
            fields["event"],
            fields["entitlement"],
        )
        for at, fields in _since(tx, after)
        if after < at <= until
        and fields["event"] in CONFIRMED
        and fields.get("ram_request_id")
        and str(fields.get("entitlement", "")).startswith(RAM_KINDS)
    }
    return sorted(found.values())


def changed_members_between(tx: Tx, after: DomainMillis, until: DomainMillis) -> bool:
    """Whether a product answered in that time that it gave or took a role of a member as we asked."""
    return any(
        after < at <= until
        and fields["event"] in CONFIRMED
        and Entitlement.parse(str(fields.get("entitlement"))).is_member_role
        for at, fields in _since(tx, after)
    )


def _since(tx: Tx, since: DomainMillis) -> Iterator[tuple[DomainMillis, dict[str, Any]]]:
    """The newest first. A clock that was set may have put some before others that are later."""
    for entry in trail.since(tx, audit.iso(since)):
        if '"write_id"' in entry.entry or f'"{AuditEvent.RESTORED}"' in entry.entry:
            yield entry.moment, entry.fields
