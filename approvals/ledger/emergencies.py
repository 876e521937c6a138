"""What was taken at once in emergencies, as rows and back."""

from __future__ import annotations

from approvals.emergency import Emergency, EmergencyReview, EmergencyVerdict
from approvals.ids import RamUserId
from approvals.ledger.requests import of_rows
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.transaction import Row, Tx


def insert(tx: Tx, emergency: Emergency) -> None:
    """One that nobody has reviewed."""
    tx.run(
        "INSERT INTO emergencies (request_id, ram_user_id, taken_at, review_by) VALUES (:id, :user, :at, :by)",
        id=emergency.request_id,
        user=emergency.ram_user_id,
        at=emergency.taken_at,
        by=emergency.review_by,
    )


def of_request(tx: Tx, request_id: int) -> Emergency | None:
    """None where people decided on the request."""
    row = tx.row("SELECT * FROM emergencies WHERE request_id = :id", id=request_id)
    return _emergency(row) if row else None


def open_of(tx: Tx, ram_user_id: RamUserId) -> AccessRequest | None:
    """The one of theirs that is under review, or of which something is not over."""
    found = tx.rows(
        "SELECT requests.* FROM emergencies JOIN requests ON requests.id = emergencies.request_id"
        " WHERE emergencies.ram_user_id = :user AND (emergencies.verdict IS NULL OR requests.unfinished = 1)"
        " ORDER BY requests.id LIMIT 1",
        user=ram_user_id,
    )
    return next(iter(of_rows(found)), None)


def barred_until(tx: Tx, ram_user_id: RamUserId) -> DomainMillis | None:
    """Until when they take nothing so; None where nobody ever barred them."""
    row = tx.row("SELECT MAX(barred_until) AS until FROM emergencies WHERE ram_user_id = :user", user=ram_user_id)
    return row["until"] if row else None


def under_review(tx: Tx) -> list[AccessRequest]:
    """Those that nobody has reviewed, the oldest first."""
    return of_rows(
        tx.rows(
            "SELECT requests.* FROM emergencies JOIN requests ON requests.id = emergencies.request_id"
            " WHERE emergencies.verdict IS NULL ORDER BY emergencies.request_id"
        )
    )


def put_review(tx: Tx, request_id: int, review: EmergencyReview) -> None:
    """What somebody said of one that nobody had reviewed."""
    tx.run(
        "UPDATE emergencies SET verdict = :verdict, words = :words, reviewed_at = :at, reviewed_by = :by,"
        " barred_until = :until WHERE request_id = :id AND verdict IS NULL",
        id=request_id,
        verdict=review.verdict.value,
        words=review.words,
        at=review.at,
        by=review.by,
        until=review.barred_until,
    )


def _emergency(row: Row) -> Emergency:
    review = None
    if row["verdict"] is not None:
        verdict = EmergencyVerdict(row["verdict"])
        review = EmergencyReview(
            verdict, row["words"] or "", row["reviewed_at"], row["reviewed_by"], row["barred_until"]
        )
    return Emergency(row["request_id"], row["ram_user_id"], row["taken_at"], row["review_by"], review)
