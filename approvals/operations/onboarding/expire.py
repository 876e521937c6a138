"""Close an onboarding that nobody decided on in time."""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.kinds import NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, onboardings, trail
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.onboarding import Onboarding, OnboardingNews, OnboardingState
from approvals.operations.onboarding import card


def expire_onboarding(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Carry out a job of the kind `EXPIRE_ONBOARDING`, if its onboarding still waits and its time is over.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        known = onboardings.get(tx, str(job.payload["onboarding"]))
        waits = known is not None and known.state is OnboardingState.PENDING
        if known and waits and known.expires_at > now:
            # It was brought forward, since a clock was wrong.
            job_leases.requeue(tx, job, due_at=known.expires_at)
            return
        job_leases.finish(tx, job)
        if known and waits:
            expire_in(tx, known, now)


def expire_in(tx: Tx, known: Onboarding, now: DomainMillis) -> None:
    """Its time is over."""
    expired = replace(known, state=OnboardingState.EXPIRED)
    onboardings.update(tx, expired, was=OnboardingState.PENDING)
    card.close_card(tx, now, expired, NoticeOutcome.EXPIRED)
    card.tell(tx, now, expired, OnboardingNews.EXPIRED)
    trail.append_event(tx, now, AuditEvent.ONBOARDING_EXPIRED, onboarding=expired.public_id)
