"""A review ends: nothing is said in it any more, what nobody reviewed is gone through, so many items in a transaction,
and after the last of them approvers read what came of it.
"""

from __future__ import annotations

from approvals.access_review import AccessReview
from approvals.audit_events import AuditEvent
from approvals.entitlements import ImpliedRoles
from approvals.evidence import Holders
from approvals.ledger import Tx, access_reviews, trail
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.unreviewed import end_unreviewed, leave_unreviewed
from approvals.outbox.access_reviews import close_in
from approvals.people import Principal


def begin_end(tx: Tx, review: AccessReview, now: DomainMillis, by: str | None) -> AccessReview:
    """The review as it is from then on. `by`: who ended it before its time."""
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_ENDING, review=review.id, by=by)
    return access_reviews.begin_end(tx, review, now, by)


def end_next(
    tx: Tx,
    review: AccessReview,
    team_id: str,
    admins: Holders | None,
    own_user: Principal | None,
    now: DomainMillis,
    *,
    implied_by: ImpliedRoles,
    reminded: bool,
) -> bool:
    """The next few of one whose time is up, with arguments as `end_unreviewed` takes them; whether others are left. If
    not, the review is over.
    """
    if end_unreviewed(tx, review, team_id, admins, own_user, now, implied_by=implied_by, reminded=reminded):
        return True
    close_in(tx, review, now)
    return False


def leave_next(tx: Tx, review: AccessReview, now: DomainMillis) -> bool:
    """The same of one that somebody ended before its time."""
    if leave_unreviewed(tx, review, now):
        return True
    close_in(tx, review, now)
    return False
