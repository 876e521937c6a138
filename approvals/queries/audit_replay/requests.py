"""Entries about requests: asked, decided, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.grant import UNFINISHED, GrantState
from approvals.model import RequestState
from approvals.queries.audit_replay.expected import (
    CLAIMS,
    DECISIONS,
    EMERGENCIES,
    GRANTS,
    REQUESTS,
    Expected,
    ExpectedTables,
    Row,
    written,
)

UNFINISHED_STATES = {state.value for state in UNFINISHED}
ENDABLE_STATES = UNFINISHED_STATES - {GrantState.ENDING.value}


def asked(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A new request, with the claim that it carries."""
    number = fields["request"]
    request = {
        "requester": fields["by_slack"],
        "subject": fields["subject_slack"],
        "subject_ram_id": fields["ram_user_id"],
        "subject_ram_name": fields["ram_user"],
        "item": fields["item"],
        "entitlements": fields["entitlements"],
        "duration": fields.get("duration_ms"),
        "ends_by": fields.get("ends_by"),
        "state": "pending",
        "created_at": entry.moment,
        "closed_at": None,
        "closed_by": None,
        "ends_at": None,
        "approved_by_rule": None,
        "starts_at": fields.get("starts_at"),
        "scheduled": 0,
        **written(entry, {"reason": "reason", "ticket": "ticket"}),
    }
    if entry.version != audit.FIRST:
        request |= {
            "public_id": fields["public_id"],
            "team_id": fields["team"],
            "requester_ram_id": fields.get("by_ram_user_id"),
            "approvals_needed": fields["needed"],
            "expires_at": fields["expires_at"],
            "extends": fields.get("extends"),
            "workflow_step": fields.get("workflow_step"),
            "by_rule": fields.get("rule"),
        }
    tables.rows[REQUESTS][(number,)] = request
    if fields.get("claimed"):
        tables.rows[CLAIMS][(number,)] = {
            "slack_user_id": fields["subject_slack"],
            "ram_user_id": fields["ram_user_id"],
            "subject_said_at": None,
        }


def approval(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """An approval, and those before it that do not count any more."""
    request = tables.rows[REQUESTS].get((fields["request"],), {})
    left_out = fields.get("left_out")
    parts = [part for part in request.get("entitlements", []) if part not in left_out] if left_out else None
    decision = {"verdict": "approve", "parts": parts, "duration": fields.get("shortened_to_ms")}
    _decision(tables, entry, fields, decision)
    _no_longer_counting(tables, fields)


def approved(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """The last approval that was needed, and what is granted by it. It names no approver where the subject's word, and
    not an approval, was what it still waited for.
    """
    if "by_ram_user_id" in fields:
        approval(tables, entry, fields)
    _granted(tables, entry, fields)


def approved_by_rule(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A standing rule approved it, and what is granted by it."""
    _granted(tables, entry, fields)
    tables.request(fields["request"])["approved_by_rule"] = fields["rule"]


def denied(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A denial, which closes the request."""
    decision = {"verdict": "deny", "parts": None, "duration": None, **written(entry, {"reason": "reason"})}
    _decision(tables, entry, fields, decision)
    closed(RequestState.DENIED)(tables, entry, fields)


def closed(state: RequestState) -> Callable[[ExpectedTables, audit.Entry, Row], None]:
    """Of entries after which a request is in this state."""

    def close(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
        request = tables.request(fields["request"])
        request |= {
            "state": state.value,
            "closed_at": entry.moment,
            "closed_by": fields.get("by_slack"),
            "ends_at": None,
            "scheduled": 0,
        }
        _no_longer_counting(tables, fields)
        if fields["event"] in (AuditEvent.DENIED, AuditEvent.CANCELLED):
            request |= written(entry, {"reason": "close_reason"})
        elif fields["event"] == AuditEvent.NOT_STARTED:
            request["close_reason"] = fields["why"]
        else:
            request["close_reason"] = None if fields["event"] == AuditEvent.EXPIRED else fields["event"]

    return close


def started(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """What was approved for later is granted from then on."""
    tables.request(fields["request"])["scheduled"] = 2
    _no_longer_counting(tables, fields)
    _planned(tables, fields)


def confirmed_by_subject(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """The subject said that the claim is true."""
    tables.rows[CLAIMS][(fields["request"],)]["subject_said_at"] = entry.moment
    _no_longer_counting(tables, fields)


def adopted(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """What nobody here had asked for, and an approver had taken away all the same; or what a probe gives."""
    asked(tables, entry, fields)
    _granted(tables, entry, fields)


def taken_in_emergency(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """What somebody took at once, which nobody approved."""
    adopted(tables, entry, fields)
    tables.rows[EMERGENCIES][(fields["request"],)] = {
        "ram_user_id": fields["ram_user_id"],
        "taken_at": entry.moment,
        "review_by": fields["review_by"],
        "verdict": None,
        "words": None,
        "reviewed_at": None,
        "reviewed_by": None,
        "barred_until": None,
    }


def emergency_reviewed(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """Whether it was justified."""
    tables.rows[EMERGENCIES].setdefault((fields["request"],), {}).update(
        verdict=fields["verdict"],
        reviewed_at=entry.moment,
        reviewed_by=fields["by_slack"],
        barred_until=fields.get("barred_until"),
    )
    row = tables.rows[EMERGENCIES][(fields["request"],)]
    row.pop("words", None)
    row.update(written(entry, {"reason": "words"}))


def clock_was_ahead(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """The moments of a request that was asked for or approved by a clock that was ahead, as they were put right."""
    request = tables.request(fields["request"])
    request["created_at"] = min(request["created_at"], entry.moment)
    if request["closed_at"] is None:
        request["expires_at"] = fields["expires_at"]
        return
    # More time does not count from when it was approved, and ends as much earlier as what it extends.
    earlier = request.get("ends_at", fields["ends_at"] + fields["ahead_ms"]) - fields["ends_at"]
    request |= {"closed_at": entry.moment, "ends_at": fields["ends_at"]}
    for grant in tables.grants_of(fields["request"]):
        if grant["state"] in UNFINISHED_STATES and grant.get("ends_at"):
            grant["ends_at"] -= earlier


def shortened(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """What of a request would run on for longer ends then."""
    tables.request(fields["request"])["ends_at"] = fields["ends_at"]
    for grant in tables.grants_of(fields["request"]):
        if grant["state"] in ENDABLE_STATES and "ends_at" in grant:
            before = grant["ends_at"]
            grant["ends_at"] = fields["ends_at"] if before is None else min(before, fields["ends_at"])


def _decision(tables: ExpectedTables, entry: audit.Entry, fields: Row, decision: Expected) -> None:
    by = {"slack_user_id": fields["by_slack"], "at": entry.moment, "counted": 1, "name": fields.get("by_ram_user")}
    tables.rows[DECISIONS][(fields["request"], fields["by_ram_user_id"])] = decision | by


def _no_longer_counting(tables: ExpectedTables, fields: Row) -> None:
    ids = fields.get("no_longer_counting_ids")
    for (number, user_id), decision in tables.rows[DECISIONS].items():
        if number != fields["request"]:
            continue
        if user_id in ids if ids is not None else decision["name"] in fields.get("no_longer_counting", ()):
            decision["counted"] = 0


def _granted(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    by = fields["by_slack"] if entry.version == audit.FIRST else fields.get("closed_by")
    request = tables.request(fields["request"])
    request |= {"state": "approved", "closed_at": entry.moment, "closed_by": by, "close_reason": None}
    if entry.version == audit.FIRST:
        request.pop("ends_at", None)
        parts = tables.rows[DECISIONS][(fields["request"], fields["by_ram_user_id"])]["parts"]
        granted = parts if parts is not None else request.get("entitlements", [])
        tables.unnumbered |= {(fields["request"], part): "planned" for part in granted}
        return
    waits = "starts_at" in fields
    request["scheduled"] = int(waits) if waits or request.get("starts_at") is None else 2
    request["ends_at"] = fields.get("ends_at")
    _planned(tables, fields)


def _planned(tables: ExpectedTables, fields: Row) -> None:
    request = tables.request(fields["request"])
    for grant_id, entitlement in fields["grants"].items():
        tables.rows[GRANTS][(int(grant_id),)] = {
            "request_id": fields["request"],
            "ram_user_id": request["subject_ram_id"],
            "entitlement": entitlement,
            "state": "planned",
            "ends_at": fields.get("ends_at"),
            "end_cause": None,
        }


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.ASKED: asked,
    AuditEvent.APPROVAL: approval,
    AuditEvent.APPROVED: approved,
    AuditEvent.APPROVED_BY_RULE: approved_by_rule,
    AuditEvent.STARTED: started,
    AuditEvent.NOT_STARTED: closed(RequestState.CANCELLED),
    AuditEvent.DENIED: denied,
    AuditEvent.EXPIRED: closed(RequestState.EXPIRED),
    AuditEvent.CANCELLED: closed(RequestState.CANCELLED),
    AuditEvent.CLAIM_LOST: closed(RequestState.CANCELLED),
    AuditEvent.OTHER_CLAIM: closed(RequestState.CANCELLED),
    AuditEvent.CLAIM_CONFIRMED: confirmed_by_subject,
    AuditEvent.CLOCK_WAS_AHEAD: clock_was_ahead,
    AuditEvent.ADOPTED: adopted,
    AuditEvent.PROBED: adopted,
    AuditEvent.BREAK_GLASS: taken_in_emergency,
    AuditEvent.EMERGENCY_REVIEWED: emergency_reviewed,
    AuditEvent.SHORTENED: shortened,
}
