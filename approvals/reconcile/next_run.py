"""When a key is looked at next, given what a run came to: a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from approvals.backoff import backoff
from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import Grant, GrantState
from approvals.ledger import jobs
from approvals.ledger.jobs import GRANT_NEXT, REVOKE_FIRST, Job
from approvals.ledger.lanes import MAX_CLOUD_PAUSE_MS
from approvals.millis import DAY, SECOND, DomainMillis, RealMillis
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import LATE_WRITE_MS, LateWrite, Memory
from approvals.reconcile.plan import NOTHING_LATE, Write, next_deadline
from approvals.reconcile.transitions import UNDER_WAY

DENIED_PAUSE_MS = 30 * SECOND
BLOCKED_LOOK_MS = DAY
"""Domain time until it is looked whether a person has done what is for people alone."""
DELAYED_AFTER_ATTEMPTS = 4
"""Attempts without progress after which the requester is told that it takes longer."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one run came to."""

    repaired: bool
    """What late writes did is put right."""
    silent: Write | None = None
    """The write that was sent, where its answer leaves open whether it was done."""
    error: CloudError | None = None
    """What a write, or else a look, was answered."""
    look_again: int | None = None
    """Milliseconds of real time after which the key has to be looked at, whatever else."""
    new_late_writes: tuple[LateWrite, ...] = ()
    """Late writes that were noted while the run was at work."""


@dataclass(frozen=True, slots=True)
class NextRun:
    """As `job_leases.requeue` takes it, or `job_leases.finish` where it is `done`."""

    memory: Memory
    done: bool = False
    due_at: DomainMillis = jobs.NEVER
    not_before_real: int = 0
    also_at_real: RealMillis | None = None
    priority: int = REVOKE_FIRST
    progress: bool = False
    error: str | None = None
    newly_delayed: bool = False
    """Those who wait are to be told that it takes longer."""


def next_run(
    job: Job, memory: Memory, context: KeyContext, found: Sequence[Grant], at: Instant, result: RunResult
) -> NextRun:
    """`memory`: as the run found it. `found`: the open grants on the key, as the run leaves them."""
    error = result.error
    repair_at = _repair_at(job, memory, context, at, result)
    # Whoever takes over puts right at once what it finds, and again when the other's writes are out of time.
    late = (NOTHING_LATE if repair_at is None else context.late) | (
        frozenset((result.silent,)) if result.silent else NOTHING_LATE
    )
    unrepaired = tuple(each for each in memory.late_writes if not result.repaired or each.until > at.real)
    delayed = _is_delayed(job, memory, found, error)
    granting = any(grant.state is GrantState.GRANTING for grant in found)
    kept = Memory(
        late_writes=(*unrepaired, *result.new_late_writes),
        repair_at=repair_at,
        late=late,
        absent_at=context.absent_at if granting else None,
        delayed=delayed,
    )
    newly_delayed = delayed and not memory.delayed
    also_at = _also_at(job, at, result, unrepaired, repair_at)
    deadline = next_deadline(found)
    if any(grant.state is not GrantState.ACTIVE for grant in found):
        again = _retry(job, kept, found, at, result, deadline)
        return replace(again, also_at_real=also_at, newly_delayed=newly_delayed)
    if deadline is None and also_at is None:
        return NextRun(kept, done=True, newly_delayed=newly_delayed)
    return NextRun(
        kept,
        due_at=jobs.NEVER if deadline is None else deadline,
        also_at_real=also_at,
        progress=error is None or not unrepaired,
        newly_delayed=newly_delayed,
    )


def _retry(
    job: Job, kept: Memory, found: Sequence[Grant], at: Instant, result: RunResult, deadline: DomainMillis | None
) -> NextRun:
    """Something is still to be done: soon, and after a longer pause each time."""
    wait = pause(job, at, result.error)
    if all(grant.blocked for grant in found if grant.state is not GrantState.ACTIVE):
        look = at.now + BLOCKED_LOOK_MS
        return NextRun(kept, due_at=look if deadline is None else min(look, deadline), not_before_real=at.real)
    return NextRun(
        kept,
        # It has waited longer than what came after it; what may be done already lets the others go first.
        due_at=at.now if result.silent else min(job.due_at, at.now),
        # A deadline is not kept waiting by an attempt that failed before it.
        not_before_real=at.real + (wait if deadline is None else min(wait, max(deadline - at.now, 0))),
        priority=REVOKE_FIRST if any(grant.state is GrantState.ENDING for grant in found) else GRANT_NEXT,
        error=result.error.kind.value if result.error else None,
    )


def _is_delayed(job: Job, memory: Memory, found: Sequence[Grant], error: CloudError | None) -> bool:
    """Whether those who wait for a grant are to know that it takes longer, or know it already."""
    slow = error is not None and (job.attempts >= DELAYED_AFTER_ATTEMPTS or memory.delayed)
    return slow and any(grant.state in UNDER_WAY for grant in found)


def _repair_at(job: Job, memory: Memory, context: KeyContext, at: Instant, result: RunResult) -> RealMillis | None:
    """Real time at which a late write would have happened; None when none is to be feared."""
    if context.taken_over or result.silent:
        # Another worker, or a call that we gave up on, may still write.
        return at.real + LATE_WRITE_MS
    if memory.repair_at is None or memory.repair_at > at.real:
        return memory.repair_at
    return None if result.repaired else at.real + pause(job, at, result.error)


def _also_at(
    job: Job, at: Instant, result: RunResult, unrepaired: Sequence[LateWrite], repair_at: RealMillis | None
) -> RealMillis | None:
    """The first moment of real time at which the key has to be looked at, whatever its grants want."""
    moments = [] if repair_at is None else [repair_at]
    if result.look_again:
        moments.append(at.real + result.look_again)
    if unrepaired and result.repaired:
        moments.append(max(each.until for each in unrepaired))
    elif unrepaired:
        moments.append(at.real + pause(job, at, result.error))
    return min(moments, default=None)


def pause(job: Job, at: Instant, error: CloudError | None) -> int:
    """Milliseconds of real time before the next attempt."""
    if error and error.kind is CloudErrorKind.THROTTLED:
        # How fast they all go is the lane's affair; this one waits for as long as it was told, and hardly longer.
        return min((error.retry_after or 0) + at.chance.randint(SECOND // 10, SECOND // 4), MAX_CLOUD_PAUSE_MS)
    usual = backoff(job.attempts, at.chance)
    if error and error.retry_after:
        return max(usual, min(error.retry_after, MAX_CLOUD_PAUSE_MS))
    if error and error.kind is CloudErrorKind.NO_PERMISSION:
        return max(usual, DENIED_PAUSE_MS)
    return usual
