"""An approved onboarding, a step at a time: the transactions between the worker's calls. Each is done by whoever still
has the job, and what it records is what the next run begins with.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from approvals import rules, user_names
from approvals.audit_events import AuditEvent
from approvals.entitlement_kind import POLICY
from approvals.errors import CloudError, Refusal
from approvals.ledger import Ledger, Tx, job_leases, lanes, onboardings, people, trail
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis, RealMillis
from approvals.onboarding import (
    MadeUser,
    Onboarding,
    OnboardingNews,
    OnboardingProblem,
    OnboardingState,
)
from approvals.operations.link_identity import replace_link
from approvals.operations.onboarding import card
from approvals.operations.onboarding.ask import EXPIRES_AFTER_MS
from approvals.outbox import timers
from approvals.people import Link, Person, Principal
from approvals.refusals.links import AlreadyLinked

CREATE_USER = "CreateUser"
WORKING = (OnboardingState.CREATING, OnboardingState.LINKING, OnboardingState.ASKING)


@dataclass(frozen=True, slots=True)
class CreateSent:
    """A call that is recorded, and sent right after that."""

    id: str
    """32 random hex digits, of this call alone."""
    wait: int
    """Milliseconds until it is its turn."""


def begin(ledger: Ledger, job: Job) -> Onboarding | None:
    """The onboarding as it stands; None where nothing is left to do, and the job is done.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        known = onboardings.get(tx, str(job.payload["onboarding"]))
        if known and known.state in WORKING:
            return known
        job_leases.finish(tx, job)
        return None


def create_begun(
    ledger: Ledger, job: Job, known: Onboarding, now: DomainMillis, real: RealMillis, width: int
) -> CreateSent:
    """Record that the user is about to be made. `width`: milliseconds that one write to RAM takes of its lane."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        sent = CreateSent(secrets.token_hex(16), lanes.next_turn(tx, POLICY.lane, real=real, width=width))
        onboardings.update(tx, replace(known, error_action=CREATE_USER), was=known.state)
        _append(tx, now, AuditEvent.CREATE_USER_BEGUN, known, write_id=sent.id, ram_user=known.user.name)
        return sent


def create_confirmed(
    ledger: Ledger, job: Job, known: Onboarding, sent: CreateSent, made: MadeUser, call: str | None, now: DomainMillis
) -> None:
    """The cloud says that it made the user; the next run waits until it shows it as well."""
    user_id = made.principal.user_id
    with ledger.write() as tx:
        _move(tx, job, replace(known, ram_user_id=user_id), known, now)
        _append(
            tx,
            now,
            AuditEvent.CREATE_USER_CONFIRMED,
            known,
            write_id=sent.id,
            ram_user=known.user.name,
            ram_user_id=user_id,
            ram_request_id=call,
        )


def create_not_confirmed(
    ledger: Ledger, job: Job, known: Onboarding, sent: CreateSent, error: CloudError, now: DomainMillis
) -> None:
    """How the call was answered; what follows of it, the worker records next. `known` is as it was before the call."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        if not error.kind.outcome_unknown:
            onboardings.update(tx, known, was=known.state)
        _append(
            tx,
            now,
            AuditEvent.CREATE_USER_NOT_CONFIRMED,
            known,
            write_id=sent.id,
            ram_user=known.user.name,
            trouble=error.kind.value,
            code=error.code,
            ram_request_id=error.request_id,
        )


def user_seen(ledger: Ledger, job: Job, known: Onboarding, made: MadeUser, now: DomainMillis) -> None:
    """The cloud shows the user with this onboarding's comment: it is ours, whatever its call was answered."""
    user_id = made.principal.user_id
    with ledger.write() as tx:
        after = replace(known, state=OnboardingState.LINKING, ram_user_id=user_id, error_action=None)
        _move(tx, job, after, known, now)
        _append(tx, now, AuditEvent.CREATED_USER_SEEN, known, ram_user=known.user.name, ram_user_id=user_id)


def name_taken(ledger: Ledger, job: Job, known: Onboarding, taken: set[str], now: DomainMillis) -> None:
    """Somebody else has the name by now: approvers are asked anew, for the next one that is free."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        free = user_names.next_free(known.user.name, {known.user.name, *taken, *onboardings.open_names(tx)})
        again = replace(
            known,
            user=user_names.renamed(known.user, free),
            state=OnboardingState.PENDING,
            expires_at=now + EXPIRES_AFTER_MS,
            decided_at=None,
            decided_by=None,
            ram_user_id=None,
            error_action=None,
        )
        onboardings.update(tx, again, was=known.state)
        # The card that was approved says what became of it; another one asks.
        card.redraw_card(tx, now, replace(known, state=OnboardingState.FAILED, problem=OnboardingProblem.NAME_TAKEN))
        card.post_card(tx, now, again)
        timers.schedule_onboarding_expiry(tx, again.public_id, again.expires_at)
        card.tell(tx, now, again, OnboardingNews.NAME_TAKEN)
        job_leases.finish(tx, job)
        _append(tx, now, AuditEvent.USER_NAME_TAKEN, known, ram_user=known.user.name, next_ram_user=free)


def failed(
    ledger: Ledger, job: Job, known: Onboarding, problem: OnboardingProblem, error: CloudError | None, now: DomainMillis
) -> None:
    """No user was made, or it is not known whether one was."""
    after = _with_error(replace(known, state=OnboardingState.FAILED, problem=problem), error)
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        onboardings.update(tx, after, was=known.state)
        card.redraw_card(tx, now, after)
        card.tell(tx, now, after, OnboardingNews.FAILED)
        job_leases.finish(tx, job)
        _append(tx, now, AuditEvent.ONBOARDING_FAILED, known, problem=problem, code=error.code if error else None)


def link_user(ledger: Ledger, job: Job, known: Onboarding, subject: Person, now: DomainMillis) -> None:
    """The person and the user are one from now on. Where the person is somebody else by now, or may not be linked, the
    user is left as it is.
    """
    principal = known.principal
    assert principal is not None
    with ledger.write() as tx:
        try:
            linked = _link(tx, known, principal, subject, now)
        except Refusal:
            _done(tx, job, known, OnboardingProblem.NOT_LINKED, None, now)
            return
        if linked:
            replace_link(tx, linked, None, f"onboarding approved by {known.decided_by}")
        _move(tx, job, replace(known, state=OnboardingState.ASKING), known, now)


def done(
    ledger: Ledger,
    job: Job,
    known: Onboarding,
    now: DomainMillis,
    *,
    request_id: int | None = None,
    problem: OnboardingProblem | None = None,
) -> None:
    """The bundle is asked for, or nothing more can be done about it."""
    with ledger.write() as tx:
        _done(tx, job, known, problem, request_id, now)


def postpone(
    ledger: Ledger, job: Job, now: DomainMillis, not_before: RealMillis, error: str, *, progress: bool = False
) -> None:
    """It goes on later."""
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=now, not_before_real=not_before, error=error[:80], progress=progress)


def _link(tx: Tx, known: Onboarding, principal: Principal, subject: Person, now: DomainMillis) -> Link | None:
    """The link that there is to be; None where it is there.

    Raises:
        Refusal: there can be none.
    """
    rules.check_full_member(subject, known.team_id, other=True)
    before = people.link_of_person(tx, known.team_id, subject)
    if before and before.principal.user_id == principal.user_id:
        return None
    if before:
        raise AlreadyLinked(ram_user=before.principal.name, subject=subject.user_id)
    others = people.link_of_principal(tx, principal.user_id)
    if others:
        raise rules.claim_taken(others, principal, known.team_id, subject.user_id)
    return Link(known.team_id, subject.user_id, principal, now)


def _move(tx: Tx, job: Job, after: Onboarding, before: Onboarding, now: DomainMillis) -> None:
    """On to the next step, which is due at once."""
    job_leases.check_lock(tx, job)
    onboardings.update(tx, after, was=before.state)
    card.redraw_card(tx, now, after)
    job_leases.requeue(tx, job, due_at=now, progress=True)


def _done(
    tx: Tx, job: Job, known: Onboarding, problem: OnboardingProblem | None, request_id: int | None, now: DomainMillis
) -> None:
    job_leases.check_lock(tx, job)
    after = replace(known, state=OnboardingState.DONE, problem=problem, request_id=request_id)
    onboardings.update(tx, after, was=known.state)
    card.redraw_card(tx, now, after)
    card.tell(tx, now, after, OnboardingNews.DONE)
    job_leases.finish(tx, job)
    _append(
        tx,
        now,
        AuditEvent.ONBOARDING_DONE,
        known,
        ram_user=known.user.name,
        ram_user_id=known.ram_user_id,
        asked=request_id,
        problem=problem,
    )


def _with_error(known: Onboarding, error: CloudError | None) -> Onboarding:
    if error is None:
        return known
    return replace(known, error_action=error.action, error_code=error.code, error_request_id=error.request_id)


def _append(tx: Tx, now: DomainMillis, event: AuditEvent, known: Onboarding, **fields: Any) -> None:
    trail.append_event(tx, now, event, onboarding=known.public_id, subject_slack=known.subject, **fields)
