"""Every day the policies of the catalogue are compared with those that were reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, job_leases, jobs, policy_reviews, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.policy_reviews import PolicyReview
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.operations.policy_reviews.notice import tell_of
from approvals.people import Person
from approvals.policies.reviewed import PoliciesNow, PolicyNow, ReviewState
from approvals.queries.actor import standing
from approvals.rules import Act

LOOK_INTERVAL_MS = DAY
LOOK_AGAIN_MS = 15 * MINUTE
"""Where RAM did not tell of all of them."""


def schedule(ledger: Ledger, now: DomainMillis) -> None:
    """Make sure that policies are looked at; it then schedules itself."""
    with ledger.write() as tx:
        jobs.enqueue(tx, JobKind.POLICIES, JobKind.POLICIES, due_at=now)


def record_look(
    ledger: Ledger, job: Job, seen: PoliciesNow, now: DomainMillis, *, required: bool, complete: bool
) -> None:
    """Note what RAM shows: the published ones that people never reviewed count as reviewed, and approvers are told of
    those that are not the reviewed ones; with `required` of those as well that nobody ever reviewed. `complete`: RAM
    told of all of them.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        reviews = policy_reviews.every_one(tx)
        for policy in _there(seen):
            review = reviews.get(policy.name)
            if policy.is_published:
                _note_published(tx, review, policy, now)
            if review is not None or policy.is_published or required:
                tell_of(tx, review.policy if review else None, policy, now)
        wait = LOOK_INTERVAL_MS if complete else LOOK_AGAIN_MS
        job_leases.requeue(tx, job, due_at=DomainMillis(now + wait), progress=True)


def ask_for_reviews(
    ledger: Ledger, team_id: str, actor: Person, admins: Holders, seen: PoliciesNow, now: DomainMillis
) -> Sequence[str]:
    """An approver has all reviewed that nobody reviewed as it is. The names of these.

    Raises:
        Refusal: the actor may not approve.
    """
    with ledger.write() as tx:
        rules.authorise(Act.REVIEW, actor, standing(tx, team_id, actor, admins))
        reviews = policy_reviews.every_one(tx)
        asked = []
        for policy in _there(seen):
            review = reviews.get(policy.name)
            if tell_of(tx, review.policy if review else None, policy, now) is not ReviewState.REVIEWED:
                asked.append(policy.name)
        return asked


def _there(seen: PoliciesNow) -> Iterable[PolicyNow]:
    return [policy for policy in seen.values() if policy is not None]


def _note_published(tx: Tx, review: PolicyReview | None, policy: PolicyNow, now: DomainMillis) -> None:
    if review is not None and (
        review.policy.by_people or (review.policy.type, review.policy.hash) == (policy.type, policy.hash)
    ):
        return
    policy_reviews.put(tx, policy, (), now)
    trail.append_event(
        tx,
        now,
        AuditEvent.POLICY_PUBLISHED,
        policy=policy.name,
        policy_type=policy.type,
        version=policy.version,
        hash=policy.hash,
    )
