"""Access requests, as rows and back."""

from __future__ import annotations

import json
from typing import Any

from approvals.entitlements import Entitlement
from approvals.ids import RamUserId, SlackUserId, is_random_id
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, Holding, RequestState
from approvals.people import Principal
from approvals.transaction import Row, Tx

NOT_BEGUN, UNSCHEDULED = "(state = 'pending' OR scheduled = 1)", ", scheduled = 0"
"""What may be closed without being granted, and that it begins no more."""


def insert(tx: Tx, request: AccessRequest, asked_key: str) -> None:
    """A new request. `asked_key` names what somebody did to ask for it, so that doing it twice is one request."""
    values = values_of(request) | {"asked_key": asked_key}
    tx.run(f"INSERT INTO requests ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})", **values)


def values_of(request: AccessRequest) -> dict[str, Any]:
    """What a new request has in each column but `asked_key`."""
    return {
        "id": request.id,
        "public_id": request.public_id,
        "team_id": request.team_id,
        "requester": request.requester,
        "requester_ram_id": request.requester_ram_id,
        "subject": request.subject,
        "subject_ram_id": request.principal.user_id,
        "subject_ram_name": request.principal.name,
        "item": request.item,
        "entitlements": json.dumps([str(entitlement) for entitlement in request.entitlements]),
        "duration": request.duration,
        "reason": request.reason,
        "ticket": request.ticket,
        "approvals_needed": request.approvals_needed,
        "state": request.state.value,
        "created_at": request.created_at,
        "expires_at": request.expires_at,
        "asked_approvers": json.dumps(request.asked_approvers),
        "already_holds": json.dumps([_as_list(holding) for holding in request.already_holds]),
        "version": request.version,
        "ends_by": request.ends_by,
        "extends": request.extends,
        "workflow_step": request.workflow_step,
        "by_rule": request.by_rule,
        "escalated_at": request.escalated_at,
        "starts_at": request.starts_at,
    }


def get(tx: Tx, request_id: int) -> AccessRequest | None:
    """None where there is no such request."""
    row = tx.row("SELECT * FROM requests WHERE id = :id", id=request_id)
    return of_row(row) if row else None


def by_public_id(tx: Tx, public_id: str) -> AccessRequest | None:
    """None for what cannot be one: a server does not take every text."""
    if not is_random_id(public_id):
        return None
    row = tx.row("SELECT * FROM requests WHERE public_id = :public_id", public_id=public_id)
    return of_row(row) if row else None


def by_asked_key(tx: Tx, asked_key: str) -> AccessRequest | None:
    """What was asked for by this very click or form, if it was."""
    row = tx.row("SELECT * FROM requests WHERE asked_key = :key", key=asked_key)
    return of_row(row) if row else None


def close(
    tx: Tx,
    request_id: int,
    state: RequestState,
    *,
    now: DomainMillis,
    by: SlackUserId | None,
    reason: str | None = None,
    ends_at: DomainMillis | None = None,
) -> bool:
    """Close a pending request, or one that was to begin later; False when somebody else was first."""
    approves = state is RequestState.APPROVED
    may, also = ("state = 'pending'", "") if approves else (NOT_BEGUN, UNSCHEDULED)
    return bool(
        tx.changed(
            "UPDATE requests SET state = :state, closed_at = :now, closed_by = :by, close_reason = :reason,"
            f" ends_at = :ends_at, version = version + 1{also} WHERE id = :id AND {may}",
            id=request_id,
            state=state.value,
            now=now,
            by=by,
            reason=reason,
            ends_at=ends_at,
        )
    )


def schedule(tx: Tx, request_id: int) -> None:
    """It was approved, begins later, and is not over until then."""
    tx.run("UPDATE requests SET scheduled = 1 WHERE id = :id", id=request_id)


def begin(tx: Tx, request_id: int) -> None:
    """What was to begin later begins: until then no grant of it can be planned."""
    tx.run("UPDATE requests SET scheduled = 2, version = version + 1 WHERE id = :id", id=request_id)


def note_rule(tx: Tx, request_id: int, rule: str) -> None:
    """This standing rule approved it."""
    tx.run("UPDATE requests SET approved_by_rule = :rule WHERE id = :id", id=request_id, rule=rule)


def move(tx: Tx, old_team: str, new_team: str, ram_user_id: RamUserId | None = None) -> None:
    """Requests of one workspace are another's from now on, with the claims in them: those for a RAM user, or all."""
    values = {"old": old_team, "new": new_team, "ram_user": ram_user_id}
    of_all = ram_user_id is None
    theirs = "" if of_all else " AND ram_user_id = :ram_user"
    tx.run(f"UPDATE claims SET team_id = :new WHERE team_id = :old{theirs}", **values)
    theirs = "" if of_all else " AND subject_ram_id = :ram_user"
    tx.run(f"UPDATE requests SET team_id = :new WHERE team_id = :old{theirs}", **values)


def count_of_team(tx: Tx, team_id: str) -> int:
    """How many requests are of this workspace."""
    row = tx.row("SELECT COUNT(*) AS number FROM requests WHERE team_id = :team", team=team_id)
    return int(row["number"]) if row else 0


def shorten(tx: Tx, request_id: int, ends_at: DomainMillis) -> None:
    """It ends then, unless it ends sooner anyway."""
    tx.run(
        "UPDATE requests SET ends_at = :ends_at, version = version + 1"
        " WHERE id = :id AND (ends_at IS NULL OR ends_at > :ends_at)",
        id=request_id,
        ends_at=ends_at,
    )


def touch(tx: Tx, request_id: int) -> None:
    """Something shown on the cards of this request changed."""
    tx.run("UPDATE requests SET version = version + 1 WHERE id = :id", id=request_id)


def escalated(tx: Tx, request_id: int, now: DomainMillis) -> None:
    """It was shown to a second place, since nobody had decided."""
    tx.run(
        "UPDATE requests SET escalated_at = :now, version = version + 1 WHERE id = :id AND escalated_at IS NULL",
        id=request_id,
        now=now,
    )


def of_rows(rows: list[Row]) -> list[AccessRequest]:
    """Rows of `requests`, all columns."""
    return [of_row(row) for row in rows]


def of_row(row: Row) -> AccessRequest:
    """A row of `requests`, all columns."""
    holds: list[list[Any]] = json.loads(row["already_holds"])
    return AccessRequest(
        id=row["id"],
        public_id=row["public_id"],
        team_id=row["team_id"],
        requester=row["requester"],
        requester_ram_id=row["requester_ram_id"],
        subject=row["subject"],
        principal=Principal(row["subject_ram_id"], row["subject_ram_name"]),
        item=row["item"],
        entitlements=tuple(Entitlement.parse(text) for text in json.loads(row["entitlements"])),
        duration=row["duration"],
        reason=row["reason"],
        ticket=row["ticket"],
        approvals_needed=row["approvals_needed"],
        state=RequestState.SCHEDULED if row["scheduled"] == 1 else RequestState(row["state"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        close_reason=row["close_reason"],
        ends_at=row["ends_at"],
        asked_approvers=tuple(json.loads(row["asked_approvers"])),
        already_holds=tuple(Holding(*holding) for holding in holds),
        version=row["version"],
        ends_by=row["ends_by"],
        extends=row["extends"],
        workflow_step=row["workflow_step"],
        by_rule=row["by_rule"],
        escalated_at=row["escalated_at"],
        approved_by_rule=row["approved_by_rule"],
        starts_at=row["starts_at"],
    )


def _as_list(holding: Holding) -> list[Any]:
    """What has no third value was written before there was any."""
    kept = [holding.name, holding.via_group]
    return [*kept, True] if holding.unread else kept
