"""Time passes in a review: reviewers are reminded, and in the end approvers read what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from approvals.access_review import AccessReview, ReviewItem
from approvals.audit_events import AuditEvent
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, access_reviews, job_leases, notices, trail
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.judge_click import judge_click
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person
from approvals.rules import Act

LISTED = 10
"""Items in the message at the end; `pairec-access review show` has all."""
LAST_REMINDER_MS = DAY
"""So long before its end reviewers are reminded for the last time; the first time is half way."""


def advance(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """What is due of a review whose items are known: a reminder, or its end.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        review = access_reviews.open_one(tx)
        if review is None:
            job_leases.finish(tx, job)
        elif now >= review.due_at:
            close_in(tx, review, now)
            job_leases.finish(tx, job)
        else:
            tell_reviewers(tx, review, now)
            job_leases.requeue(tx, job, due_at=next_moment(review, now), progress=True)


def sign_off(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis) -> None:
    """An approver has read what came of a review.

    Raises:
        Refusal: the actor may not approve; the notice is unknown, or somebody was first.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(
            tx, Act.ACCESS_REVIEW, NoticeKind.ACCESS_REVIEW_OVER, notice_id, team_id, actor, admins
        )
        close_notice(tx, now, notice.id, NoticeOutcome.REVIEWED, actor.user_id)
        review = access_reviews.get(tx, notice.about)
        if review is not None:
            access_reviews.sign(tx, review, actor.user_id, now)
        trail.append_event(
            tx,
            now,
            AuditEvent.ACCESS_REVIEW_SIGNED,
            review=notice.about,
            by_slack=actor.user_id,
            by_ram_user=approver.name,
            by_ram_user_id=approver.user_id,
        )


def next_moment(review: AccessReview, now: DomainMillis) -> DomainMillis:
    """When something is due of it next."""
    half = DomainMillis(review.started_at + (review.due_at - review.started_at) // 2)
    last = DomainMillis(review.due_at - LAST_REMINDER_MS)
    return min((moment for moment in (half, last) if moment > now), default=review.due_at)


def tell_reviewers(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """Each reads how much is left for them; what they read of it before goes. Where nothing is left, it is over."""
    left = access_reviews.open_items(tx, review.id)
    if not left:
        close_in(tx, review, now)
        return
    _close_told(tx, now)
    parts = Counter(item.reviewer for item in left if item.reviewer is not None)
    for reviewer, number in sorted(parts.items()):
        _tell(tx, review, reviewer, number, now)


def _tell(tx: Tx, review: AccessReview, reviewer: SlackUserId, number: int, now: DomainMillis) -> None:
    details = {"items": number, "due_at": review.due_at}
    raise_notice(tx, now, NoticeKind.ACCESS_REVIEW, f"{review.id}|{reviewer}", details, to=reviewer)


def close_in(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """Nothing is said in it any more; approvers are told what came of it, and what nobody looked at."""
    access_reviews.close(tx, review, now)
    _close_told(tx, now)
    items = access_reviews.items(tx, review.id)
    came = Counter(item.verdict.value if item.verdict else "open" for item in items)
    trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_CLOSED, review=review.id, **dict(came))
    left = [item for item in items if item.verdict is None]
    details: dict[str, Any] = {
        "items": len(items),
        "came": dict(came),
        "open": [_listed(item) for item in left[:LISTED]],
        "started_at": review.started_at,
    }
    raise_notice(tx, now, NoticeKind.ACCESS_REVIEW_OVER, review.id, details)


def _close_told(tx: Tx, now: DomainMillis) -> None:
    for notice in notices.open_of(tx, NoticeKind.ACCESS_REVIEW):
        close_notice(tx, now, notice.id, NoticeOutcome.OUTDATED)


def _listed(item: ReviewItem) -> dict[str, Any]:
    return item.access.as_details()
