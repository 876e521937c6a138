"""What the cloud showed, or that it could not be looked at, and which write follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from approvals.entitlements import NO_ROLE_LINKS, RoleLinks
from approvals.errors import CloudError
from approvals.grant import Grant, GrantState
from approvals.ledger import Ledger, Tx, grants, job_leases, jobs, memberships, open_grants
from approvals.ledger.grants import ERROR_KIND
from approvals.ledger.jobs import Job
from approvals.ports import Sighting
from approvals.reconcile import mass_removal, ordering
from approvals.reconcile import plan as planning
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.plan import KeyPlan, Transition, Write
from approvals.reconcile.steps.conclude import conclude, conclude_look, detached_lately
from approvals.reconcile.transitions import apply, with_remains


def observed(
    ledger: Ledger,
    job: Job,
    context: KeyContext,
    sighting: Sighting | None,
    at: Instant,
    links: RoleLinks = NO_ROLE_LINKS,
) -> KeyPlan:
    """Record what the cloud shows; None for a look that was not needed. When a write follows, its intent is recorded
    and the job stays claimed.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        found = open_grants.on_key(tx, context.key)
        wanting = [grant for grant in found if grant.state is not GrantState.ENDING]
        if sighting is None and wanting:
            # Somebody wants it since; then it matters what is there.
            conclude(tx, job, at, context, repaired=False)
            return KeyPlan()
        seen = sighting or Sighting(True)
        plan = _plan(tx, job, context, found, seen, at)
        if plan.write is Write.ATTACH and ordering.place_is_busy(tx, job, context.key):
            ordering.wait(tx, job, at.now, at.real, taken_over=context.taken_over)
            return KeyPlan()
        apply(tx, at.now, with_remains(plan.moves, wanting, seen.groups, seen.other_role))
        if plan.moves:
            mass_removal.look_after(tx, at.now)
        if plan.write is Write.ATTACH and ordering.must_wait(tx, job, context.key, links):
            # What was there before us is known by now; whether more is needed is seen when the other one is there.
            ordering.wait(tx, job, at.now, at.real, taken_over=context.taken_over)
            return KeyPlan()
        if plan.write is None:
            conclude_look(tx, job, at, context, look_again=plan.look_again_real)
        else:
            _record_intent(tx, job, context, plan.write, seen, at)
    return plan


def _plan(tx: Tx, job: Job, context: KeyContext, found: Sequence[Grant], seen: Sighting, at: Instant) -> KeyPlan:
    """What follows from what the cloud shows, for the open grants that were `found`."""
    wanted = any(grant.state is not GrantState.ENDING for grant in found)
    follows = partial(
        planning.by_observation,
        found,
        seen.present or (wanted and bool(seen.other_role)),
        now=at.now,
        real=at.real,
        looks=job.attempts,
        repair=context.repair and not context.detached,
        late=context.late,
        implied=context.implied,
        lately=detached_lately(tx, context.key, at),
        unconfirmed=context.detached and context.answer is not None,
    )
    plan = follows()
    if plan.removed and mass_removal.too_much(tx, at.now):
        plan = follows(doubted=True)
    plan = replace(plan, seen_at=seen.at)
    if context.absent_at is not None and all(grant.state is not GrantState.ACTIVE for grant in found):
        plan = _judged_by_date(plan, found, context.absent_at, seen, at)
    return plan


def _record_intent(tx: Tx, job: Job, context: KeyContext, write: Write, seen: Sighting, at: Instant) -> None:
    if write is Write.DETACH:
        grants.detach_begun(tx, context.key, at.real)
        return
    # Until its answer is recorded, it may have been carried out, whatever becomes of this run.
    jobs.add_to_payload(tx, job.id, attaching=True)
    if not seen.member:
        memberships.joining(tx, context.key, at.now)


def _judged_by_date(plan: KeyPlan, found: Sequence[Grant], absent_at: int, seen: Sighting, at: Instant) -> KeyPlan:
    """The key was said to be there already when it was attached first; now its own date may say since when."""
    if seen.present and planning.was_there_before(seen.since, absent_at):
        return KeyPlan(tuple(planning.held(found, at.now)))
    # Reads that do not show it for so long must be right: then it is not there, and what comes is ours.
    lags = seen.at is None or seen.at - absent_at < planning.SECOND_LOOK_MS
    return replace(plan, first=True) if lags and plan.write is Write.ATTACH else plan


def not_observed(ledger: Ledger, job: Job, context: KeyContext, error: CloudError, at: Instant) -> None:
    """The cloud could not be looked at: nothing is concluded from that, and it is tried again."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        if context.answer is not None:
            # What the write was answered matters more to whoever reads why.
            conclude_look(tx, job, at, context)
            return
        noted = [
            Transition(grant, grant.state, {ERROR_KIND: error.kind.value})
            for grant in open_grants.on_key(tx, context.key)
            if grant.state is not GrantState.ACTIVE
        ]
        apply(tx, at.now, noted, error=error)
        conclude(tx, job, at, context, repaired=False, read_error=error)


def postpone(ledger: Ledger, job: Job, context: KeyContext, at: Instant) -> None:
    """This run has made its one write; what else is wanted begins afresh."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        conclude_look(tx, job, at, context)


def leave(ledger: Ledger, job: Job, context: KeyContext, at: Instant) -> None:
    """Nothing was written, since the write that is due is for others to make."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        conclude(tx, job, at, context, repaired=False)
