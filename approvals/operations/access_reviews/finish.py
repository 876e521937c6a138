"""Time passes in a review: reviewers are reminded, and in the end approvers read what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from approvals.access_review import AccessReview, ReviewedAccess, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.entitlements import ImpliedRoles
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, access_reviews, job_leases, trail
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.ending import begin_end, leave_next
from approvals.operations.access_reviews.moved import give_time
from approvals.operations.access_reviews.reminders import ASK_AGAIN_MS, TELLS_ANEW, is_reminded, put_off, review_of
from approvals.operations.access_reviews.unreviewed import end_unreviewed
from approvals.operations.judge_click import judge_click
from approvals.outbox.access_reviews import close_if_done, close_in, close_told
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person, Principal
from approvals.queries.access_reviews import Approver, reviewers
from approvals.rules import Act

ITEMS_OF_ENTRY = 100
"""So many stand in one entry of the audit trail."""
ASK_FOR_MS = DAY
"""After this, nothing is revoked, and the review ends."""


def advance(
    ledger: Ledger,
    job: Job,
    team_id: str,
    admins: Holders | None,
    own_user: Principal | None,
    now: DomainMillis,
    *,
    implied_by: ImpliedRoles,
    looks_up: bool = False,
) -> None:
    """What is due of a review whose items are known, or that is over: a reminder, or its end. `admins`: who holds the
    admin policy; None where RAM does not say it, and then parts stay whose they are. `own_user`: the RAM
    user that this program is. `implied_by`: which member role a product gives by itself to whoever has which other.
    `looks_up`: the cloud's own record is asked about others right after a reminder.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        review = review_of(tx, job)
        if review is None:
            return
        if job.payload.get(TELLS_ANEW) and review.open:
            review = give_time(tx, review, now)
        is_over = not review.open or now >= review.due_at
        if not is_over and review.collected_at is None:
            # It began while the job was about to look after the one before.
            job_leases.requeue(tx, job, due_at=now, progress=True)
        elif not is_over:
            if admins is not None:
                share_out_again(tx, review, reviewers(tx, team_id, admins), now)
            tell_reviewers(tx, review, now)
            put_off(tx, job, review, now, looks_up=looks_up)
        elif admins is None and _revokes(review, job) and now - review.due_at < ASK_FOR_MS:
            job_leases.requeue(tx, job, due_at=DomainMillis(now + ASK_AGAIN_MS), progress=True)
        else:
            ending = begin_end(tx, review, now, None) if review.open else review
            if ending.ended_by is not None:
                more = leave_next(tx, ending, now)
            else:
                reminded = is_reminded(ending, job)
                more = end_unreviewed(
                    tx, ending, team_id, admins, own_user, now, implied_by=implied_by, reminded=reminded
                )
                if not more:
                    close_in(tx, ending, now)
            if more:
                job_leases.requeue(tx, job, due_at=now, progress=True)
            else:
                job_leases.finish(tx, job)


def _revokes(review: AccessReview, job: Job) -> bool:
    """Whether who may approve is to be known in the end."""
    return review.unreviewed is Unreviewed.REVOKE and review.ended_by is None and is_reminded(review, job)


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


def share_out(accesses: Iterable[ReviewedAccess], among: Sequence[Approver]) -> Iterator[SlackUserId | None]:
    """For each, whoever has least, and never whoever it is about; None where there is nobody else."""
    parts: Counter[SlackUserId] = Counter()
    for access in accesses:
        others = [
            account for user_id, account in among if user_id != access.principal.user_id and account != access.account
        ]
        reviewer = min(others, key=lambda account: (parts[account], account), default=None)
        if reviewer is not None:
            parts[reviewer] += 1
        yield reviewer


def share_out_again(tx: Tx, review: AccessReview, among: Sequence[Approver], now: DomainMillis) -> None:
    """What is left of those who cannot review any more goes to others."""
    left = access_reviews.left_by_others(tx, review.id, {account for _, account in among})
    shared = zip(left, share_out([item.access for item in left], among), strict=True)
    parts = {item.id: reviewer for item, reviewer in shared if reviewer is not None}
    access_reviews.assign(tx, parts)
    shared_out = list(parts.items())
    for at in range(0, len(shared_out), ITEMS_OF_ENTRY):
        of_entry = dict(shared_out[at : at + ITEMS_OF_ENTRY])
        trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_SHARED, review=review.id, reviewers=of_entry)


def tell_reviewers(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """Each reads how much is left for them; what they read of it before goes. Where nothing is left, it is over."""
    close_if_done(tx, review, now)
    close_told(tx, now)
    for reviewer, number in access_reviews.parts(tx, review.id).items():
        _tell(tx, review, reviewer, number, now)


def _tell(tx: Tx, review: AccessReview, reviewer: SlackUserId, number: int, now: DomainMillis) -> None:
    details = {"items": number, "due_at": review.due_at, "unreviewed": review.unreviewed.value}
    raise_notice(tx, now, NoticeKind.ACCESS_REVIEW, f"{review.id}|{reviewer}", details, to=reviewer)
