"""The end of a run: when the key is looked at next, or that it need not be."""

from __future__ import annotations

from approvals.entitlements import Key
from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Tx, grants, job_leases, jobs, open_grants, pace
from approvals.ledger.jobs import Job
from approvals.outbox import enqueue
from approvals.reconcile import plan as planning
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import Memory
from approvals.reconcile.next_run import RunResult, next_run
from approvals.reconcile.plan import Write
from approvals.reconcile.transitions import announce_delay

WRITE_INTERVAL_MS = 105
"""Milliseconds between two writes: RAM takes 10 in any second, and they do not all travel equally fast."""


def conclude(
    tx: Tx,
    job: Job,
    at: Instant,
    context: KeyContext,
    *,
    repaired: bool,
    write: Write | None = None,
    write_error: CloudError | None = None,
    read_error: CloudError | None = None,
    look_again: int | None = None,
) -> None:
    """Say when this key is next looked at, or that it need not be."""
    found = open_grants.on_key(tx, context.key)
    memory = Memory.read(job.payload, at.real)
    came_since = Memory.read(jobs.payload_now(tx, job.id), at.real).late_writes
    result = RunResult(
        repaired=repaired,
        silent=write if write_error is not None and write_error.kind.outcome_unknown and context.sent else None,
        error=write_error or read_error,
        look_again=look_again,
        new_late_writes=tuple(each for each in came_since if each not in memory.late_writes),
    )
    following = next_run(job, memory, context, found, at, result)
    if following.newly_delayed:
        announce_delay(tx, at.now, context.key)
    payload = following.memory.to_payload(context.key)
    if following.done:
        job_leases.finish(tx, job, payload=payload)
        return
    job_leases.requeue(
        tx,
        job,
        due_at=following.due_at,
        not_before_real=following.not_before_real,
        also_at_real=following.also_at_real,
        priority=following.priority,
        payload=payload,
        progress=following.progress,
        error=following.error,
    )


def conclude_look(tx: Tx, job: Job, at: Instant, context: KeyContext, look_again: int | None = None) -> None:
    """After a look; where it came after a detach that was not confirmed, that is what there is to go by."""
    repaired = context.repair and context.answer is None
    write = Write.DETACH if context.answer is not None else None
    conclude(tx, job, at, context, repaired=repaired, write=write, write_error=context.answer, look_again=look_again)


def detached_lately(tx: Tx, key: Key, at: Instant) -> bool:
    """A detach of ours was begun so recently that what still shows the key may be older."""
    last = grants.last_detach(tx, key)
    return last is not None and at.real - last < planning.SECOND_LOOK_MS


def note_pace(tx: Tx, key: Key, error: CloudError | None, at: Instant) -> None:
    """What a write's answer says of how many the cloud takes."""
    lane = enqueue.lane(key)
    if error is None:
        pace.went_through(tx, lane, WRITE_INTERVAL_MS)
    elif error.kind is CloudErrorKind.THROTTLED:
        pace.throttled(tx, lane, WRITE_INTERVAL_MS)
