"""Access requests, their claims and decisions, as rows and back."""

from __future__ import annotations

import json
import re
from typing import Any

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.model import (
    AccessRequest,
    Claim,
    ClaimState,
    Decision,
    Entitlement,
    Holding,
    Principal,
    RequestState,
    Verdict,
)
from approvals.transaction import Row, Tx

_PUBLIC_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def insert(tx: Tx, request: AccessRequest, asked_key: str) -> None:
    tx.run(
        "INSERT INTO requests (id, public_id, asked_key, team_id, requester, requester_ram_id, subject, subject_ram_id,"
        " subject_ram_name, item, entitlements, duration, reason, ticket, approvals_needed, state, created_at,"
        " expires_at, asked_approvers, already_holds, version)"
        " VALUES (:id, :public_id, :asked_key, :team_id, :requester, :requester_ram_id, :subject, :ram_id, :ram_name,"
        " :item, :entitlements, :duration, :reason, :ticket, :needed, :state, :created_at, :expires_at, :approvers,"
        " :holds, :version)",
        id=request.id,
        public_id=request.public_id,
        asked_key=asked_key,
        team_id=request.team_id,
        requester=request.requester,
        requester_ram_id=request.requester_ram_id,
        subject=request.subject,
        ram_id=request.principal.user_id,
        ram_name=request.principal.name,
        item=request.item,
        entitlements=json.dumps([str(entitlement) for entitlement in request.entitlements]),
        duration=request.duration,
        reason=request.reason,
        ticket=request.ticket,
        needed=request.approvals_needed,
        state=request.state.value,
        created_at=request.created_at,
        expires_at=request.expires_at,
        approvers=json.dumps(request.asked_approvers),
        holds=json.dumps([_as_list(holding) for holding in request.already_holds]),
        version=request.version,
    )


def _as_list(holding: Holding) -> list[Any]:
    """What has no third value was written before there was any."""
    kept = [holding.name, holding.via_group]
    return [*kept, True] if holding.unread else kept


def get(tx: Tx, request_id: int) -> AccessRequest | None:
    row = tx.row("SELECT * FROM requests WHERE id = :id", id=request_id)
    return _request(row) if row else None


def by_public_id(tx: Tx, public_id: str) -> AccessRequest | None:
    """None for what cannot be one: a server does not take every text."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    row = tx.row("SELECT * FROM requests WHERE public_id = :public_id", public_id=public_id)
    return _request(row) if row else None


def by_asked_key(tx: Tx, asked_key: str) -> AccessRequest | None:
    row = tx.row("SELECT * FROM requests WHERE asked_key = :key", key=asked_key)
    return _request(row) if row else None


def pending(tx: Tx, team_id: str, *, limit: int = 100) -> list[AccessRequest]:
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE state = 'pending' AND team_id = :team ORDER BY id LIMIT :limit",
            team=team_id,
            limit=limit,
        )
    )


def unfinished(tx: Tx) -> list[AccessRequest]:
    """Those that wait, and those of which something is there, on its way or still to be tried again."""
    return of_rows(
        tx.rows(
            "SELECT * FROM requests WHERE state = 'pending' OR EXISTS (SELECT 1 FROM grants"
            " WHERE grants.request_id = requests.id"
            " AND grants.state IN ('planned', 'granting', 'active', 'ending', 'failed')) ORDER BY id"
        )
    )


def pending_of_item(tx: Tx, item: str, principal: str) -> AccessRequest | None:
    """The oldest one that waits and asks for this by name, for somebody or some role of that name."""
    row = tx.row(
        "SELECT * FROM requests WHERE state = 'pending' AND item = :item AND subject_ram_name = :name"
        " ORDER BY id LIMIT 1",
        item=item,
        name=principal,
    )
    return _request(row) if row else None


def pending_for(tx: Tx, ram_user_id: RamUserId) -> list[AccessRequest]:
    return of_rows(
        tx.rows("SELECT * FROM requests WHERE state = 'pending' AND subject_ram_id = :id ORDER BY id", id=ram_user_id)
    )


def concerning(
    tx: Tx, team_id: str, slack_user_id: SlackUserId, ram_user_id: RamUserId | None = None
) -> list[AccessRequest]:
    """What a person made, or what was made for them, and still matters: pending, running, or found to be held before,
    newest first. However many others there were, none of these is left out, but for older ones of the last kind.

    With the RAM user that they are, also what they made, or was made for them, by another Slack account.
    """
    about = (
        "SELECT * FROM requests WHERE team_id = :team AND (requester = :user OR subject = :user"
        " OR subject_ram_id = :ram_user OR requester_ram_id = :ram_user)"
        " AND (state = 'pending' OR EXISTS (SELECT 1 FROM grants WHERE grants.request_id = requests.id"
        " AND grants.state IN ({states}))) ORDER BY id DESC LIMIT :limit"
    )
    running = about.format(states="'planned', 'granting', 'active', 'ending', 'failed'")
    whose = {"team": team_id, "user": slack_user_id, "ram_user": ram_user_id or ""}
    live = tx.rows(running, **whose, limit=1_000)
    held = tx.rows(about.format(states="'held'"), **whose, limit=20)
    return sorted(of_rows(list({row["id"]: row for row in (*live, *held)}.values())), key=lambda request: -request.id)


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
    """Close a pending request; False when somebody else was first."""
    return bool(
        tx.run(
            "UPDATE requests SET state = :state, closed_at = :now, closed_by = :by, close_reason = :reason,"
            " ends_at = :ends_at, version = version + 1 WHERE id = :id AND state = 'pending'",
            id=request_id,
            state=state.value,
            now=now,
            by=by,
            reason=reason,
            ends_at=ends_at,
        )
    )


def move(tx: Tx, old_team: str, new_team: str, ram_user_id: RamUserId | None = None) -> None:
    """Requests of one workspace are another's from now on, with the claims in them: those for a RAM user, or all."""
    values = {"old": old_team, "new": new_team, "ram_user": ram_user_id}
    of_all = ram_user_id is None
    theirs = "" if of_all else " AND ram_user_id = :ram_user"
    tx.run(f"UPDATE claims SET team_id = :new WHERE team_id = :old{theirs}", **values)
    theirs = "" if of_all else " AND subject_ram_id = :ram_user"
    tx.run(f"UPDATE requests SET team_id = :new WHERE team_id = :old{theirs}", **values)


def count_of_team(tx: Tx, team_id: str) -> int:
    row = tx.row("SELECT COUNT(*) AS number FROM requests WHERE team_id = :team", team=team_id)
    return int(row["number"]) if row else 0


def touch(tx: Tx, request_id: int) -> None:
    """Something shown on the cards of this request changed."""
    tx.run("UPDATE requests SET version = version + 1 WHERE id = :id", id=request_id)


def add_decision(tx: Tx, decision: Decision) -> None:
    """A principal's latest word on a request; one who approved before may still deny."""
    tx.run(
        "INSERT INTO decisions (request_id, ram_user_id, ram_user_name, slack_user_id, verdict, reason, at, counted,"
        " parts, duration)"
        " VALUES (:request_id, :ram_id, :ram_name, :slack_user_id, :verdict, :reason, :at, :counted, :parts, :duration)"
        " ON CONFLICT (request_id, ram_user_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,"
        " at = excluded.at, counted = excluded.counted, slack_user_id = excluded.slack_user_id,"
        " parts = excluded.parts, duration = excluded.duration",
        request_id=decision.request_id,
        ram_id=decision.principal.user_id,
        ram_name=decision.principal.name,
        slack_user_id=decision.slack_user_id,
        verdict=decision.verdict.value,
        reason=decision.reason,
        at=decision.at,
        counted=int(decision.counted),
        parts=None if decision.parts is None else json.dumps([str(part) for part in decision.parts]),
        duration=decision.duration,
    )


def discount(tx: Tx, request_id: int, ram_user_id: RamUserId) -> None:
    """This principal's approval does not count any more; they may give it again."""
    tx.run(
        "UPDATE decisions SET counted = 0 WHERE request_id = :id AND ram_user_id = :user",
        id=request_id,
        user=ram_user_id,
    )


def decisions(tx: Tx, request_id: int) -> list[Decision]:
    rows = tx.rows("SELECT * FROM decisions WHERE request_id = :id ORDER BY at, ram_user_id", id=request_id)
    return [
        Decision(
            request_id=row["request_id"],
            principal=Principal(row["ram_user_id"], row["ram_user_name"]),
            slack_user_id=row["slack_user_id"],
            verdict=Verdict(row["verdict"]),
            reason=row["reason"],
            at=row["at"],
            counted=bool(row["counted"]),
            parts=None if row["parts"] is None else tuple(map(Entitlement.parse, json.loads(row["parts"]))),
            duration=row["duration"],
        )
        for row in rows
    ]


def add_claim(tx: Tx, claim: Claim) -> None:
    tx.run(
        "INSERT INTO claims (request_id, team_id, slack_user_id, ram_user_id, ram_user_name, state)"
        " VALUES (:request_id, :team, :user, :ram_id, :ram_name, :state)",
        request_id=claim.request_id,
        team=claim.team_id,
        user=claim.slack_user_id,
        ram_id=claim.principal.user_id,
        ram_name=claim.principal.name,
        state=claim.state.value,
    )


def claim(tx: Tx, request_id: int) -> Claim | None:
    row = tx.row("SELECT * FROM claims WHERE request_id = :id", id=request_id)
    return _claim(row) if row else None


def pending_claims(tx: Tx, *, ram_user_id: RamUserId, team_id: str, slack_user_id: SlackUserId) -> list[Claim]:
    """Pending claims that name this RAM user or this Slack person."""
    rows = tx.rows(
        "SELECT * FROM claims WHERE state = 'pending' AND (ram_user_id = :ram_id"
        " OR (team_id = :team AND slack_user_id = :user)) ORDER BY request_id",
        ram_id=ram_user_id,
        team=team_id,
        user=slack_user_id,
    )
    return [_claim(row) for row in rows]


def set_claim(tx: Tx, request_id: int, state: ClaimState) -> None:
    tx.run(
        "UPDATE claims SET state = :state WHERE request_id = :id AND state = 'pending'",
        id=request_id,
        state=state.value,
    )


def subject_said(tx: Tx, request_id: int, now: DomainMillis) -> None:
    """The subject of a pending claim says that it is so."""
    tx.run(
        "UPDATE claims SET subject_said_at = :now WHERE request_id = :id AND state = 'pending'", id=request_id, now=now
    )


def _claim(row: Row) -> Claim:
    return Claim(
        request_id=row["request_id"],
        team_id=row["team_id"],
        slack_user_id=row["slack_user_id"],
        principal=Principal(row["ram_user_id"], row["ram_user_name"]),
        state=ClaimState(row["state"]),
        subject_said_at=row["subject_said_at"],
    )


def of_rows(rows: list[Row]) -> list[AccessRequest]:
    return [_request(row) for row in rows]


def _request(row: Row) -> AccessRequest:
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
        state=RequestState(row["state"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        close_reason=row["close_reason"],
        ends_at=row["ends_at"],
        asked_approvers=tuple(json.loads(row["asked_approvers"])),
        already_holds=tuple(Holding(*holding) for holding in holds),
        version=row["version"],
    )
