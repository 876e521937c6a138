"""A review ends: nothing is said in it any more, what nobody reviewed is gone through, so many items in a transaction,
and after the last of them approvers read what came of it.
"""

from __future__ import annotations

from approvals.access_review import AccessReview
from approvals.audit_events import AuditEvent
from approvals.ledger import Tx, access_reviews, trail
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.unreviewed import leave_unreviewed
from approvals.outbox.access_reviews import close_in


def begin_end(tx: Tx, review: AccessReview, now: DomainMillis, by: str | None) -> AccessReview:
    """The review as it is from then on. `by`: who ended it before its time."""
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_ENDING, review=review.id, by=by)
    return access_reviews.begin_end(tx, review, now, by)


def leave_next(tx: Tx, review: AccessReview, now: DomainMillis) -> bool:
    """The next few of one that somebody ended before its time; whether others are left. If not, the review is over."""
    if leave_unreviewed(tx, review, now):
        return True
    close_in(tx, review, now)
    return False
