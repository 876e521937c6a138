"""Begin a review, or end one before its time; what is to be reviewed is read by the bot, which then tells approvers."""

from __future__ import annotations

import secrets

from approvals.access_review import AccessReview
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, access_reviews, jobs, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.unreviewed import leave_unreviewed
from approvals.outbox.access_reviews import close_in
from approvals.refusals.access_review import BadReviewTime, NoReview, ReviewRuns

SHORTEST_MS, LONGEST_MS = DAY, 180 * DAY


def start_review(ledger: Ledger, duration: int, by: str, now: DomainMillis) -> AccessReview:
    """`duration`: milliseconds until it is over. `by`: who started it, as the audit trail says it.

    Raises:
        Refusal: another one is open, or it is shorter or longer than a review may be.
    """
    if not SHORTEST_MS <= duration <= LONGEST_MS:
        raise BadReviewTime(shortest=SHORTEST_MS, longest=LONGEST_MS)
    review = AccessReview(secrets.token_hex(16), now, by, DomainMillis(now + duration))
    with ledger.write() as tx:
        if not access_reviews.add(tx, review):
            raise ReviewRuns()
        trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_STARTED, review=review.id, due_at=review.due_at, by=by)
        jobs.enqueue(tx, JobKind.ACCESS_REVIEW, JobKind.ACCESS_REVIEW, due_at=now)
    return review


def end_review(ledger: Ledger, by: str, now: DomainMillis) -> AccessReview:
    """What nobody decided stays as it is. `by`: who ended it, as the audit trail says it.

    Raises:
        Refusal: none is open.
    """
    with ledger.write() as tx:
        review = access_reviews.open_one(tx)
        if review is None:
            raise NoReview()
        leave_unreviewed(tx, review, now)
        close_in(tx, review, now, by=by)
    return review
