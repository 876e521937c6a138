"""Entries about onboardings: who asked for a RAM user for whom, as what it was approved, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.onboarding import OnboardingState
from approvals.queries.audit_replay.expected import ONBOARDINGS, ExpectedTables, Row, written

USER = {"ram_user": "user_name", "display_name": "display_name", "email": "email"}


def asked(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """A new one, which waits."""
    tables.rows[ONBOARDINGS][(fields["onboarding"],)] = {
        "team_id": fields["team"],
        "requester": fields["by_slack"],
        "requester_ram_id": fields.get("by_ram_user_id"),
        "subject": fields["subject_slack"],
        "item": fields.get("item"),
        "state": OnboardingState.PENDING,
        "created_at": entry.moment,
        "decided_by": None,
        "ram_user_id": None,
        "request_id": None,
        **written(entry, USER),
    }


def approved(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """As the approver wanted it."""
    changed = {"item": fields["item"]} if "item" in fields else {}
    of = {**written(entry, USER), **changed}
    _decided(tables, entry, fields, OnboardingState.CREATING, **of)


def denied(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """With the reason."""
    _decided(tables, entry, fields, OnboardingState.DENIED, **written(entry, {"reason": "reason"}))


def cancelled(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """By whoever asked, or whom it is for."""
    _decided(tables, entry, fields, OnboardingState.CANCELLED)


def expired(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """Nobody decided."""
    _row(tables, fields)["state"] = OnboardingState.EXPIRED


def confirmed(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The cloud answered which user it made."""
    _row(tables, fields)["ram_user_id"] = fields["ram_user_id"]


def seen(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The cloud shows it. How far it came after that, entries about other things say, and the last one about it."""
    row = _row(tables, fields)
    row["ram_user_id"] = fields["ram_user_id"]
    row.pop("state", None)


def name_taken(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """It waits anew, under the next name."""
    again = {"decided_by": None, "decided_at": None, "ram_user_id": None}
    row = _row(tables, fields)
    # Erased, it is not the name before it that has to stand there.
    row.pop("user_name", None)
    row |= {"state": OnboardingState.PENDING, **written(entry, {"next_ram_user": "user_name"}), **again}


def failed(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """No user was made, as far as anybody knows."""
    _row(tables, fields).update(state=OnboardingState.FAILED, problem=fields["problem"])


def done(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The bundle is asked for, or why it is not."""
    after = {"ram_user_id": fields["ram_user_id"], "request_id": fields.get("asked"), "problem": fields.get("problem")}
    _row(tables, fields).update(state=OnboardingState.DONE, **after)


def _decided(tables: ExpectedTables, entry: audit.Entry, fields: Row, state: OnboardingState, **more: object) -> None:
    by = {"decided_by": fields["by_slack"], "decided_at": entry.moment}
    _row(tables, fields).update(state=state, **by, **more)


def _row(tables: ExpectedTables, fields: Row) -> dict[str, object]:
    return tables.rows[ONBOARDINGS].setdefault((fields["onboarding"],), {})


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.ONBOARDING_ASKED: asked,
    AuditEvent.ONBOARDING_APPROVED: approved,
    AuditEvent.ONBOARDING_DENIED: denied,
    AuditEvent.ONBOARDING_CANCELLED: cancelled,
    AuditEvent.ONBOARDING_EXPIRED: expired,
    AuditEvent.CREATE_USER_CONFIRMED: confirmed,
    AuditEvent.CREATED_USER_SEEN: seen,
    AuditEvent.USER_NAME_TAKEN: name_taken,
    AuditEvent.ONBOARDING_FAILED: failed,
    AuditEvent.ONBOARDING_DONE: done,
}
