"""What a detach was answered, and a write of either kind that was made after its worker had lost the key."""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.entitlements import NO_ROLE_LINKS, Key, RoleLinks
from approvals.errors import CloudErrorKind
from approvals.ledger import Ledger, grants, job_leases, open_grants, trail
from approvals.ledger.jobs import REVOKE_FIRST, Job
from approvals.outbox import enqueue
from approvals.reconcile import blocked, ordering, writes
from approvals.reconcile import plan as planning
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import LATE_WRITE_MS, LateWrite, remember_late_write
from approvals.reconcile.plan import Write
from approvals.reconcile.steps.conclude import conclude_look, note_pace
from approvals.reconcile.transitions import apply
from approvals.reconcile.writes import WriteOutcome


def detached(
    ledger: Ledger,
    job: Job,
    context: KeyContext,
    outcome: WriteOutcome,
    at: Instant,
    links: RoleLinks = NO_ROLE_LINKS,
) -> KeyContext | None:
    """Record the answer to a detach. What to look at once more, with the job still claimed: whether it was confirmed or
    not, only that shows whether the key is gone. None where there is no need, or no use.
    """
    error, sent = outcome.error, outcome.sent is not None
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        writes.answered(tx, at.now, outcome)
        note_pace(tx, context.key, error, at)
        kind = error.kind if error else None
        found = open_grants.on_key(tx, context.key)
        apply(tx, at.now, planning.after_detach(found, kind), error=error)
        if error is not None and kind is CloudErrorKind.IN_USE:
            blocked.report(tx, at.now, context.key, found, error)
        if error is None and (context.repair or not found) and all(grant.detached for grant in found):
            trail.append_event(tx, at.now, AuditEvent.LATE_WRITE_UNDONE, key=str(context.key))
        if error is None or kind in planning.GONE:
            ordering.taken_along(tx, context.key, links, at.now, at.real)
            return replace(context, blind=False, detached=True)
        after = replace(context, blind=False, detached=True, answer=error, sent=sent)
        if found and not error.kind.is_of_bot and error.kind is not CloudErrorKind.THROTTLED:
            return after
        conclude_look(tx, job, at, after)
    return None


def wrote_late(ledger: Ledger, key: Key, write: Write, outcome: WriteOutcome, at: Instant) -> None:
    """A worker that was held up has made a write, and finds that the key has long been another's, who may be done with
    it: this is in the trail, and the key is put right.
    """
    error = outcome.error
    with ledger.write() as tx:
        if write is Write.DETACH:
            # For a while, what still shows the key may be older than this.
            grants.detach_begun(tx, key, at.real)
        enqueue.reconcile(tx, key, at.now, REVOKE_FIRST)
        # One whose answer was lost as well may still be carried out.
        until = at.real + LATE_WRITE_MS if error else at.real
        remember_late_write(tx, key, LateWrite(write, until), at.real)
        writes.answered(tx, at.now, outcome)
        trail.append_event(
            tx,
            at.now,
            AuditEvent.LATE_WRITE,
            key=str(key),
            write=write.value,
            write_id=outcome.sent.id if outcome.sent else None,
            kind=error.kind.value if error else None,
            ram_request_id=outcome.request_id,
        )
