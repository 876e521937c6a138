"""Access reviews and their items, as rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.ids import SlackUserId, is_random_id
from approvals.ledger.columns import known
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


def add(tx: Tx, review: AccessReview) -> bool:
    """False while another one is open."""
    return bool(
        tx.changed(
            "INSERT INTO access_reviews (id, started_at, started_by, due_at) VALUES (:id, :at, :by, :due)"
            " ON CONFLICT DO NOTHING",
            id=review.id,
            at=review.started_at,
            by=review.started_by,
            due=review.due_at,
        )
    )


def get(tx: Tx, review_id: str) -> AccessReview | None:
    """None where there is no such review."""
    row = tx.row("SELECT * FROM access_reviews WHERE id = :id", id=review_id) if is_random_id(review_id) else None
    return _review(row) if row else None


def open_one(tx: Tx) -> AccessReview | None:
    """The one that is not over; there is one at most."""
    row = tx.row("SELECT * FROM access_reviews WHERE closed_at IS NULL")
    return _review(row) if row else None


def every_one(tx: Tx) -> list[AccessReview]:
    """The newest first."""
    return [_review(row) for row in tx.rows("SELECT * FROM access_reviews ORDER BY started_at DESC, id")]


def collect(tx: Tx, review: AccessReview, items: Sequence[ReviewItem]) -> None:
    """What is to be reviewed is known, and what becomes of what nobody reviews."""
    tx.run(
        "UPDATE access_reviews SET collected_at = :now, complete = :complete, unreviewed = :unreviewed WHERE id = :id",
        id=review.id,
        now=review.collected_at,
        complete=int(review.complete),
        unreviewed=review.unreviewed.value,
    )
    tx.run_each(
        "INSERT INTO review_items (id, review_id, about, details, harmless, reviewer)"
        " VALUES (:id, :review, :about, :details, :harmless, :reviewer)",
        [
            {
                "id": item.id,
                "review": review.id,
                "about": item.access.about,
                "details": _details(item.access),
                "harmless": int(item.harmless),
                "reviewer": item.reviewer,
            }
            for item in items
        ],
    )


def incomplete(tx: Tx, review: AccessReview) -> None:
    """Not all could be read that was to be reviewed."""
    tx.run("UPDATE access_reviews SET complete = 0 WHERE id = :id", id=review.id)


def begun_after(tx: Tx, moment: DomainMillis) -> list[AccessReview]:
    """Those that began later than this."""
    return [_review(row) for row in tx.rows("SELECT * FROM access_reviews WHERE started_at > :moment", moment=moment)]


def move(tx: Tx, review: AccessReview) -> None:
    """Its moments are these now."""
    tx.run(
        "UPDATE access_reviews SET started_at = :started, due_at = :due, collected_at = :collected,"
        " ending_at = :ending, closed_at = :closed, signed_at = :signed WHERE id = :id",
        id=review.id,
        started=review.started_at,
        due=review.due_at,
        collected=review.collected_at,
        ending=review.ending_at,
        closed=review.closed_at,
        signed=review.signed_at,
    )


def begin_end(tx: Tx, review: AccessReview, now: DomainMillis, by: str | None) -> AccessReview:
    """Nothing is said in it any more, and what nobody reviewed is gone through; the review as it is then. `by`: who
    ended it before its time.
    """
    tx.run("UPDATE access_reviews SET ending_at = :now, ended_by = :by WHERE id = :id", id=review.id, now=now, by=by)
    return replace(review, ending_at=now, ended_by=by)


def close(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """Nothing is said in it any more."""
    tx.run("UPDATE access_reviews SET closed_at = :now WHERE id = :id", id=review.id, now=now)


def sign(tx: Tx, review: AccessReview, by: SlackUserId, now: DomainMillis) -> None:
    """An approver has read what came of it."""
    tx.run("UPDATE access_reviews SET signed_at = :now, signed_by = :by WHERE id = :id", id=review.id, now=now, by=by)


def item(tx: Tx, item_id: str) -> ReviewItem | None:
    """The one that a button names."""
    row = tx.row("SELECT * FROM review_items WHERE id = :id", id=item_id) if is_random_id(item_id) else None
    return _item(row) if row else None


def items(tx: Tx, review_id: str) -> list[ReviewItem]:
    """All of a review, by what they are about."""
    rows = tx.rows("SELECT * FROM review_items WHERE review_id = :id ORDER BY about", id=review_id)
    return [_item(row) for row in rows]


def open_items(tx: Tx, review_id: str) -> list[ReviewItem]:
    """Those of which nobody said anything yet."""
    rows = tx.rows("SELECT * FROM review_items WHERE review_id = :id AND verdict IS NULL ORDER BY about", id=review_id)
    return [_item(row) for row in rows]


def open_after(tx: Tx, review_id: str, after: str, most: int) -> list[ReviewItem]:
    """The next of those of which nobody said anything yet, after what this is about."""
    rows = tx.rows(
        "SELECT * FROM review_items WHERE review_id = :id AND verdict IS NULL AND about > :after ORDER BY about"
        " LIMIT :most",
        id=review_id,
        after=after,
        most=most,
    )
    return [_item(row) for row in rows]


def left_by_others(tx: Tx, review_id: str, there: Collection[SlackUserId]) -> list[ReviewItem]:
    """Those of which nobody said anything yet, and that are no part of these people's, by what they are about."""
    names = {f"there{number}": each for number, each in enumerate(sorted(there))}
    among = "".join(f" AND reviewer <> :{name}" for name in names)
    rows = tx.rows(
        "SELECT * FROM review_items WHERE review_id = :id AND verdict IS NULL"
        f" AND (reviewer IS NULL OR (1 = 1{among})) ORDER BY about",
        id=review_id,
        **names,
    )
    return [_item(row) for row in rows]


def to_end(tx: Tx, review_id: str, most: int) -> list[ReviewItem]:
    """So many of those of which it is not said yet what becomes of them in the end, by what they are about."""
    rows = tx.rows(
        "SELECT * FROM review_items WHERE review_id = :id AND verdict IS NULL AND stays IS NULL ORDER BY about"
        " LIMIT :most",
        id=review_id,
        most=most,
    )
    return [_item(row) for row in rows]


def about(tx: Tx, review_id: str, what: str) -> ReviewItem | None:
    """The one about this, as `ReviewedAccess.about` has it; None where that is not reviewed."""
    row = tx.row("SELECT * FROM review_items WHERE review_id = :id AND about = :about", id=review_id, about=what)
    return _item(row) if row else None


def of_verdict(tx: Tx, review_id: str, verdict: ReviewVerdict | None, most: int) -> list[ReviewItem]:
    """So many of those to which that came, by what they are about."""
    which = "verdict IS NULL" if verdict is None else "verdict = :verdict"
    named = {} if verdict is None else {"verdict": verdict.value}
    rows = tx.rows(
        f"SELECT * FROM review_items WHERE review_id = :id AND {which} ORDER BY about LIMIT :most",
        id=review_id,
        most=most,
        **named,
    )
    return [_item(row) for row in rows]


def counts(tx: Tx, review_id: str) -> dict[ReviewVerdict | None, int]:
    """How many items came to each verdict; None is what has none."""
    rows = tx.values("SELECT verdict, COUNT(*) FROM review_items WHERE review_id = :id GROUP BY verdict", id=review_id)
    return {ReviewVerdict(verdict) if verdict else None: number for verdict, number in rows}


def parts(tx: Tx, review_id: str) -> dict[SlackUserId, int]:
    """How many items are left for each reviewer, in the order of their ids."""
    rows = tx.values(
        "SELECT reviewer, COUNT(*) FROM review_items WHERE review_id = :id AND verdict IS NULL AND reviewer IS NOT NULL"
        " GROUP BY reviewer ORDER BY reviewer",
        id=review_id,
    )
    return dict(rows)


def asked_about(tx: Tx, about: str) -> ReviewItem | None:
    """Of the review that is open, what another approver is asked to revoke, or to adopt with an end."""
    row = tx.row(
        "SELECT review_items.* FROM review_items JOIN access_reviews ON access_reviews.id = review_items.review_id"
        " WHERE access_reviews.closed_at IS NULL AND about = :about AND verdict = :asked",
        about=about,
        asked=ReviewVerdict.ASKED.value,
    )
    return _item(row) if row else None


def is_done(tx: Tx, review: AccessReview) -> bool:
    """Whether everything in it is decided, by whoever had to. Not while nobody knows what is in it."""
    if review.collected_at is None:
        return False
    row = tx.row(
        "SELECT id FROM review_items WHERE review_id = :id AND (verdict IS NULL OR verdict = :asked) LIMIT 1",
        id=review.id,
        asked=ReviewVerdict.ASKED.value,
    )
    return row is None


def change_access(tx: Tx, accesses: Mapping[str, ReviewedAccess]) -> None:
    """More is known of what somebody has. `accesses`: by the id of an item."""
    if accesses:
        tx.run_each(
            "UPDATE review_items SET details = :details WHERE id = :id",
            [{"id": item_id, "details": _details(access)} for item_id, access in accesses.items()],
        )


def assign(tx: Tx, reviewers: Mapping[str, SlackUserId]) -> None:
    """Each is somebody else's part from now on. `reviewers`: by the id of an item."""
    if reviewers:
        tx.run_each(
            "UPDATE review_items SET reviewer = :reviewer WHERE id = :id",
            [{"id": item_id, "reviewer": reviewer} for item_id, reviewer in reviewers.items()],
        )


def ask_again(tx: Tx, of: ReviewItem) -> None:
    """What was asked for did not come about: it is to be decided anew."""
    tx.run(
        "UPDATE review_items SET verdict = NULL, said_by = NULL, said_at = NULL WHERE id = :id AND verdict = :asked",
        id=of.id,
        asked=ReviewVerdict.ASKED.value,
    )


def came_of(tx: Tx, of: ReviewItem, verdict: ReviewVerdict) -> None:
    """What came of what another approver was asked; who asked, and when, stays."""
    tx.run("UPDATE review_items SET verdict = :verdict WHERE id = :id", id=of.id, verdict=verdict.value)


def say(tx: Tx, of: ReviewItem, verdict: ReviewVerdict, by: SlackUserId, now: DomainMillis) -> None:
    """What somebody decided."""
    tx.run(
        "UPDATE review_items SET verdict = :verdict, said_by = :by, said_at = :now WHERE id = :id AND verdict IS NULL",
        id=of.id,
        verdict=verdict.value,
        by=by,
        now=now,
    )


def end_item(tx: Tx, of: ReviewItem, verdict: ReviewVerdict | None, stays: Stays | None) -> None:
    """The review ends, and nobody said anything of it: what comes of it, or why it stays."""
    tx.run(
        "UPDATE review_items SET verdict = :verdict, stays = :stays WHERE id = :id AND verdict IS NULL",
        id=of.id,
        verdict=verdict.value if verdict else None,
        stays=stays.value if stays else None,
    )


def _details(access: ReviewedAccess) -> str:
    return json.dumps(access.as_details(), sort_keys=True)


def _review(row: Row) -> AccessReview:
    unreviewed = Unreviewed(row["unreviewed"])
    return AccessReview(**{**known(row, AccessReview), "complete": bool(row["complete"]), "unreviewed": unreviewed})


def _item(row: Row) -> ReviewItem:
    return ReviewItem(
        row["id"],
        row["review_id"],
        ReviewedAccess.of_details(json.loads(row["details"])),
        bool(row["harmless"]),
        row["reviewer"],
        ReviewVerdict(row["verdict"]) if row["verdict"] else None,
        row["said_by"],
        row["said_at"],
        Stays(row["stays"]) if row["stays"] else None,
    )
