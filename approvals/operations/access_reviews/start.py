"""Begin a review, or end one before its time; what is to be reviewed is read by the bot, which then tells approvers."""

from __future__ import annotations

import secrets

from approvals.access_review import LONGEST_MS, SHORTEST_MS, AccessReview
from approvals.audit_events import AuditEvent
from approvals.catalog.access_reviews import ReviewSchedule
from approvals.ledger import Ledger, Tx, access_reviews, jobs, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.ending import begin_end, leave_next
from approvals.queries.access_reviews import next_start
from approvals.refusals.access_review import BadReviewTime, NoReview, ReviewOver, ReviewRuns

BY_SCHEDULE = "schedule"
"""Who started what nobody did, as the audit trail says it."""


def start_review(ledger: Ledger, duration: int, by: str, now: DomainMillis) -> AccessReview:
    """`duration`: milliseconds until it is over. `by`: who started it, as the audit trail says it.

    Raises:
        Refusal: another one is open, or it is shorter or longer than a review may be.
    """
    if not SHORTEST_MS <= duration <= LONGEST_MS:
        raise BadReviewTime(shortest=SHORTEST_MS, longest=LONGEST_MS)
    with ledger.write() as tx:
        review = _start_in(tx, duration, by, now)
    if review is None:
        raise ReviewRuns()
    return review


def start_due(ledger: Ledger, schedule: ReviewSchedule | None, now: DomainMillis) -> AccessReview | None:
    """The review that is due by the catalogue's schedule, which starts now; None where none is, or one is open."""
    if schedule is None:
        return None
    with ledger.write() as tx:
        if next_start(tx, schedule, now) > now:
            return None
        return _start_in(tx, schedule.duration, BY_SCHEDULE, now)


def _start_in(tx: Tx, duration: int, by: str, now: DomainMillis) -> AccessReview | None:
    review = AccessReview(secrets.token_hex(16), now, by, DomainMillis(now + duration))
    if not access_reviews.add(tx, review):
        return None
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_STARTED, review=review.id, due_at=review.due_at, by=by)
    jobs.enqueue(tx, JobKind.ACCESS_REVIEW, JobKind.ACCESS_REVIEW, due_at=now)
    return review


def end_review(ledger: Ledger, by: str, now: DomainMillis) -> AccessReview:
    """What nobody decided stays as it is. `by`: who ended it, as the audit trail says it. Where this is interrupted, a
    bot goes on with it.

    Raises:
        Refusal: none is open, or its time is up and a bot is ending it.
    """
    with ledger.write() as tx:
        review = access_reviews.open_one(tx)
        if review is None:
            raise NoReview()
        if review.ending_at is None:
            review = begin_end(tx, review, now, by)
            jobs.enqueue(tx, JobKind.ACCESS_REVIEW, JobKind.ACCESS_REVIEW, due_at=now)
        elif review.ended_by is None:
            raise ReviewOver()
        more = leave_next(tx, review, now)
    while more:
        with ledger.write() as tx:
            left = access_reviews.get(tx, review.id)
            more = left is not None and left.closed_at is None and leave_next(tx, left, now)
    return review
