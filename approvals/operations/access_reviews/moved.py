"""A review whose time is another one than it was: the clock was put right, or words of reviewers are lost."""

from __future__ import annotations

from dataclasses import replace

from approvals.access_review import AccessReview, Moved
from approvals.audit_events import AuditEvent
from approvals.ledger import Tx, access_reviews, jobs, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.reminders import (
    ASK_AGAIN_MS,
    GAVE_TIME,
    LAST_REMINDER_MS,
    LOOK_AGAIN_MS,
    MOMENT,
    TELLS_ANEW,
    next_moment,
)


def begin_in_the_present(tx: Tx, now: DomainMillis, difference: int) -> list[AccessReview]:
    """Reviews that began in the future began now, and run for as long as they were to; those of them that are open, as
    they are then. Their reviewers are told at once. Only by a clock that is known to be right.

    Args:
        tx: a transaction that writes.
        now: domain time.
        difference: milliseconds by which a moment may be ahead of a right clock.
    """
    found = access_reviews.begun_after(tx, DomainMillis(now + difference))
    return [moved for review in found if (moved := _begun_at(tx, review, now)).open]


def _begun_at(tx: Tx, review: AccessReview, now: DomainMillis) -> AccessReview:
    moved = replace(
        review,
        started_at=now,
        due_at=DomainMillis(now + review.due_at - review.started_at),
        collected_at=_not_after(now, review.collected_at),
        ending_at=_not_after(now, review.ending_at),
        closed_at=_not_after(now, review.closed_at),
        signed_at=_not_after(now, review.signed_at),
    )
    move(tx, moved, now, Moved.CLOCK_WAS_AHEAD)
    if moved.closed_at is None:
        _look_at_once(tx, now)
    return moved


def tell_anew(tx: Tx, now: DomainMillis, *, restored: bool) -> None:
    """This ledger may not know what reviewers said last: they are told at once what is left by its word, and have time
    for it. `restored`: a backup was put back; else nobody works from it since a while, and where another reminder is to
    come, that is soon enough. They have time for that once: with a bot that is stopped every night, it would never end.
    """
    review = access_reviews.open_one(tx)
    if review is None or not review.open or review.collected_at is None:
        return
    if restored:
        _look_at_once(tx, now, **{TELLS_ANEW: True})
        return
    known = jobs.payload_now(tx, JobKind.ACCESS_REVIEW)
    if known.get(MOMENT, 0) >= review.due_at:
        is_first = known.get(GAVE_TIME) != review.id
        gives: dict[str, bool | str] = {TELLS_ANEW: True, GAVE_TIME: review.id} if is_first else {}
        _look_at_once(tx, now, **gives)


def _look_at_once(tx: Tx, now: DomainMillis, **more: bool | str) -> None:
    jobs.enqueue(tx, JobKind.ACCESS_REVIEW, JobKind.ACCESS_REVIEW, due_at=now)
    jobs.add_to_payload(tx, JobKind.ACCESS_REVIEW, **{MOMENT: now}, **more)


def give_time(tx: Tx, review: AccessReview, now: DomainMillis) -> AccessReview:
    """As it is with as much time left as after a last reminder, at least."""
    due_at = DomainMillis(max(review.due_at, now + LAST_REMINDER_MS))
    moved = replace(review, due_at=due_at)
    if moved != review:
        move(tx, moved, now, Moved.WORDS_LOST)
    return moved


def move(tx: Tx, review: AccessReview, now: DomainMillis, why: Moved) -> None:
    """Its moments are these now."""
    access_reviews.move(tx, review)
    trail.append_event(
        tx,
        now,
        AuditEvent.ACCESS_REVIEW_MOVED,
        review=review.id,
        started_at=review.started_at,
        due_at=review.due_at,
        why=why.value,
    )


def _not_after(now: DomainMillis, moment: DomainMillis | None) -> DomainMillis | None:
    return None if moment is None else min(now, moment)


def latest_turn(tx: Tx, now: DomainMillis) -> DomainMillis:
    """When the job of a review is due at the latest, by what is known of the review."""
    review = access_reviews.open_one(tx)
    if review is None or not review.open:
        return now
    if now >= review.due_at:
        return DomainMillis(now + ASK_AGAIN_MS)
    return next_moment(review, now) if review.collected_at is not None else DomainMillis(now + LOOK_AGAIN_MS)
