"""What an attach was answered, and what the cloud shows where the answer does not say it."""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import GrantState
from approvals.ledger import Ledger, Tx, grants, job_leases, open_grants, trail
from approvals.ledger.grants import ERROR_KIND
from approvals.ledger.jobs import Job
from approvals.ports import Sighting
from approvals.reconcile import plan as planning
from approvals.reconcile import writes
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.plan import KeyPlan, Transition, Write
from approvals.reconcile.steps.conclude import conclude, detached_lately, note_pace
from approvals.reconcile.transitions import apply, with_remains
from approvals.reconcile.writes import WriteOutcome


def attached(
    ledger: Ledger, job: Job, context: KeyContext, outcome: WriteOutcome, at: Instant, plan: KeyPlan
) -> KeyContext | None:
    """Record the answer to an attach that was planned so. Where only a look says what it means: what to look at once
    more, with the job still claimed; `after_attach` records what that shows.
    """
    first, error, sent = plan.first, outcome.error, outcome.sent is not None
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        writes.answered(tx, at.now, outcome)
        note_pace(tx, context.key, error, at)
        kind = error.kind if error else None
        enough = job.attempts >= planning.MAX_UNCLEAR_ANSWERS
        open_now = enough and kind is CloudErrorKind.UNCLEAR
        if kind is CloudErrorKind.ALREADY_ATTACHED and context.key.entitlement.kind.repeats_differ:
            # Read right before, and its own word for it: a second delivery of one call has another.
            sent = False
        late = (open_now or context.unsure or Write.ATTACH in context.late) and not context.key.entitlement.irrevocable
        if planning.needs_a_look(kind, first=first, sent=sent, late=late, enough=enough):
            absent_at = plan.seen_at if context.absent_at is None else context.absent_at
            return replace(context, answer=error, first=first, sent=sent, absent_at=absent_at)
        found = open_grants.on_key(tx, context.key)
        moves = planning.after_attach(found, kind, first=first, now=at.now, sent=sent, enough=enough)
        apply(tx, at.now, moves, error=error)
        _conclude_attach(tx, job, at, replace(context, sent=sent), error)
    return None


def after_attach(ledger: Ledger, job: Job, context: KeyContext, sighting: Sighting | None, at: Instant) -> None:
    """Record what the cloud shows after an attach whose answer does not say it; None where it could not be looked
    at.
    """
    error = context.answer
    assert error is not None
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        found = open_grants.on_key(tx, context.key)
        if sighting is None:
            before = GrantState.PLANNED if context.first and not context.sent else GrantState.GRANTING
            noted = {} if error.kind is CloudErrorKind.ALREADY_ATTACHED else {ERROR_KIND: error.kind.value}
            moves = [Transition(grant, before, noted) for grant in found if grant.state is GrantState.GRANTING]
        else:
            dated = planning.was_there_before(sighting.since, context.absent_at)
            ours = not context.first or (context.sent and not (dated and not _is_stale(tx, context, sighting, at)))
            lately = detached_lately(tx, context.key, at)
            there = sighting.present or bool(sighting.other_role)
            moves = planning.after_look(found, error.kind, there, ours=ours, now=at.now, lately=lately)
            moves = with_remains(moves, (), other_role=sighting.other_role)
        apply(tx, at.now, moves, error=error)
        if error.kind is not CloudErrorKind.ALREADY_ATTACHED:
            context = replace(context, absent_at=None)
        _conclude_attach(tx, job, at, context, error)


def _is_stale(tx: Tx, context: KeyContext, sighting: Sighting, at: Instant) -> bool:
    """What is shown is what was there before a detach of ours, so that its date says nothing."""
    last = grants.last_detach(tx, context.key)
    if last is None or sighting.at is None or sighting.since is None:
        return False
    return sighting.at - sighting.since >= at.real - last


def _conclude_attach(tx: Tx, job: Job, at: Instant, context: KeyContext, error: CloudError | None) -> None:
    found = open_grants.on_key(tx, context.key)
    there = error is None or error.kind is CloudErrorKind.ALREADY_ATTACHED
    if error is None and context.repair and found and all(grant.state is GrantState.ACTIVE for grant in found):
        trail.append_event(tx, at.now, AuditEvent.LATE_WRITE_UNDONE, key=str(context.key))
    conclude(tx, job, at, context, repaired=context.repair and there, write=Write.ATTACH, write_error=error)
