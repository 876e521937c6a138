"""Who people said they are when they asked, until that is confirmed or not, as rows and back."""

from __future__ import annotations

from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Claim, ClaimState, Principal
from approvals.transaction import Row, Tx


def add(tx: Tx, claim: Claim) -> None:
    """One for each request of somebody who is not linked."""
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


def of_request(tx: Tx, request_id: int) -> Claim | None:
    """None where nobody had to say who they are."""
    row = tx.row("SELECT * FROM claims WHERE request_id = :id", id=request_id)
    return _claim(row) if row else None


def pending(tx: Tx, *, ram_user_id: RamUserId, team_id: str, slack_user_id: SlackUserId) -> list[Claim]:
    """Pending claims that name this RAM user or this Slack person."""
    rows = tx.rows(
        "SELECT * FROM claims WHERE state = 'pending' AND (ram_user_id = :ram_id"
        " OR (team_id = :team AND slack_user_id = :user)) ORDER BY request_id",
        ram_id=ram_user_id,
        team=team_id,
        user=slack_user_id,
    )
    return [_claim(row) for row in rows]


def close(tx: Tx, request_id: int, state: ClaimState) -> None:
    """Where it is still pending."""
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
