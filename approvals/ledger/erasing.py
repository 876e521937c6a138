"""What people wrote in closed requests, and what they were called, as rows: which there is, and that it goes."""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import CloseReason
from approvals.transaction import Tx

_KEPT_REASONS = ", ".join(f"'{reason.value}'" for reason in CloseReason)
"""What the program itself says of why a request was closed."""


def over_before(tx: Tx, before: int, limit: int) -> list[int]:
    """Requests of which nothing is open, and nothing happened since that moment of domain time; oldest first."""
    rows = tx.rows(
        "SELECT id FROM requests WHERE closed_at IS NOT NULL AND closed_at <= :before AND erased_at IS NULL"
        " AND unfinished = 0"
        " AND NOT EXISTS (SELECT 1 FROM grants WHERE request_id = requests.id AND ended_at > :before)"
        " AND NOT EXISTS (SELECT 1 FROM emergencies WHERE request_id = requests.id AND verdict IS NULL)"
        " ORDER BY closed_at LIMIT :limit",
        before=before,
        limit=limit,
    )
    return [row["id"] for row in rows]


def of_person(tx: Tx, ram_user_id: RamUserId) -> tuple[list[int], int]:
    """Requests that are over, and are for a RAM user, or were asked for, decided on, reviewed or commented on by them;
    and how many of those are not over.
    """
    rows = tx.rows(
        "SELECT id, unfinished FROM requests WHERE erased_at IS NULL AND (subject_ram_id = :user"
        " OR requester_ram_id = :user OR id IN (SELECT request_id FROM decisions WHERE ram_user_id = :user)"
        " OR id IN (SELECT request_id FROM audit WHERE entry LIKE :by AND (entry LIKE :reviewed OR entry LIKE :said)))"
        " ORDER BY id",
        user=ram_user_id,
        by=f'%"by_ram_user_id":"{ram_user_id}"%',
        reviewed=f'%"event":"{AuditEvent.EMERGENCY_REVIEWED}"%',
        said=f'%"event":"{AuditEvent.COMMENTED}"%',
    )
    over = [row["id"] for row in rows if not row["unfinished"]]
    return over, len(rows) - len(over)


def open_of_person(tx: Tx, ram_user_id: RamUserId) -> list[int]:
    """Requests that are not over, or wait for a review, and are for a RAM user, or were asked for by them."""
    rows = tx.rows(
        "SELECT id FROM requests WHERE (subject_ram_id = :user OR requester_ram_id = :user) AND (unfinished = 1"
        " OR EXISTS (SELECT 1 FROM emergencies WHERE request_id = requests.id AND verdict IS NULL))"
        " ORDER BY id",
        user=ram_user_id,
    )
    return [row["id"] for row in rows]


def names_in(tx: Tx, request_id: int) -> dict[str, RamUserId]:
    """What RAM users are called in the rows of a request, and who each is."""
    rows = tx.rows(
        "SELECT subject_ram_name AS name, subject_ram_id AS id FROM requests WHERE id = :request"
        " UNION SELECT ram_user_name, ram_user_id FROM decisions WHERE request_id = :request"
        " UNION SELECT ram_user_name, ram_user_id FROM grants WHERE request_id = :request"
        " UNION SELECT ram_user_name, ram_user_id FROM claims WHERE request_id = :request",
        request=request_id,
    )
    return {row["name"]: RamUserId(row["id"]) for row in rows}


def erase_rows(tx: Tx, request_id: int, now: DomainMillis) -> None:
    """A request says no more what anybody wrote in it, and calls each RAM user by the UserId."""
    tx.run(
        "UPDATE requests SET reason = '', ticket = NULL, subject_ram_name = subject_ram_id, erased_at = :now,"
        f" close_reason = CASE WHEN close_reason IN ({_KEPT_REASONS}) THEN close_reason END WHERE id = :request",
        request=request_id,
        now=now,
    )
    tx.run(
        "UPDATE decisions SET reason = NULL, ram_user_name = ram_user_id WHERE request_id = :request",
        request=request_id,
    )
    tx.run("UPDATE emergencies SET words = NULL WHERE request_id = :request", request=request_id)
    for table in ("grants", "claims"):
        tx.run(f"UPDATE {table} SET ram_user_name = ram_user_id WHERE request_id = :request", request=request_id)


def onboardings_of(tx: Tx, ram_user_id: RamUserId) -> list[str]:
    """Those that made a RAM user, and are over."""
    return [
        row["public_id"]
        for row in tx.rows(
            "SELECT public_id FROM onboardings WHERE ram_user_id = :user AND state IN ('done', 'failed')",
            user=ram_user_id,
        )
    ]


def erase_onboarding(tx: Tx, public_id: str) -> None:
    """It says no more what whoever was made is called."""
    tx.run(
        "UPDATE onboardings SET user_name = ram_user_id, display_name = '', email = NULL WHERE public_id = :id",
        id=public_id,
    )


def forget_names(tx: Tx, ram_user_id: RamUserId) -> None:
    """Nobody finds somebody any more by a name that no row has which is not erased."""
    tx.run(
        "DELETE FROM recorded_names WHERE ram_user_id = :user AND NOT EXISTS ("
        " SELECT 1 FROM requests WHERE subject_ram_id = :user AND subject_ram_name = recorded_names.ram_user_name"
        " UNION ALL SELECT 1 FROM grants WHERE ram_user_id = :user AND ram_user_name = recorded_names.ram_user_name"
        " UNION ALL SELECT 1 FROM decisions"
        " WHERE ram_user_id = :user AND ram_user_name = recorded_names.ram_user_name)",
        user=ram_user_id,
    )
