"""What came of an access review, told to approvers; and of what another approver is asked in one."""

from __future__ import annotations

from typing import Any

from approvals.access_review import AccessReview, ReviewVerdict, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, access_reviews, notices, trail
from approvals.millis import DomainMillis
from approvals.outbox.notices import close_notice, raise_notice

LISTED = 10
"""Items of each sort in the message at the end; `pairec-access review show` has all."""


def note_drift_decided(tx: Tx, about: str, verdict: ReviewVerdict | None, now: DomainMillis) -> None:
    """What another approver was asked in a review came to this; without a verdict, it is to be decided anew."""
    item = access_reviews.asked_about(tx, about)
    if item is None:
        return
    came = verdict.value if verdict else None
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_ANSWERED, review=item.review_id, item=item.id, verdict=came)
    if verdict is None:
        access_reviews.ask_again(tx, item)
        return
    access_reviews.came_of(tx, item, verdict)
    review = access_reviews.get(tx, item.review_id)
    if review is not None:
        close_if_done(tx, review, now)


def close_if_done(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """It is over as soon as everything in it is decided."""
    if access_reviews.is_done(tx, review):
        close_in(tx, review, now)


def close_in(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """Nothing is said in it any more; approvers are told what came of it, and what nobody looked at."""
    if review.collected_at is None:
        access_reviews.incomplete(tx, review)
    access_reviews.close(tx, review, now)
    close_told(tx, now)
    counts = access_reviews.counts(tx, review.id)
    came = {verdict.value if verdict else "open": number for verdict, number in counts.items()}
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_CLOSED, review=review.id, by=review.ended_by, **came)
    details: dict[str, Any] = {
        "items": sum(came.values()),
        "came": came,
        "open": _listed(tx, review, None),
        "revoked": _listed(tx, review, ReviewVerdict.REVOKE_UNREVIEWED),
        "started_at": review.started_at,
        "complete": review.complete and review.collected_at is not None,
    }
    raise_notice(tx, now, NoticeKind.ACCESS_REVIEW_OVER, review.id, details)


def close_told(tx: Tx, now: DomainMillis) -> None:
    """What each reviewer was told is over, or told anew."""
    for notice in notices.open_of(tx, NoticeKind.ACCESS_REVIEW):
        close_notice(tx, now, notice.id, NoticeOutcome.OUTDATED)


def _listed(tx: Tx, review: AccessReview, verdict: ReviewVerdict | None) -> list[dict[str, Any]]:
    """The first of those to which that came. Who was to review it is named where something hung on that."""
    named = review.unreviewed is Unreviewed.REVOKE
    return [
        {**item.access.as_details(), "reviewer": item.reviewer if named else None, "stays": item.stays}
        for item in access_reviews.of_verdict(tx, review.id, verdict, LISTED)
    ]
