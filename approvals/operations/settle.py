"""Bring one key in line: what is recorded before, between and after the calls to the cloud.

`begin` applies deadlines, `saw` records what the cloud shows and the write that follows from it, `attached` and
`detached` record that write's answer. Each is one transaction, fenced by the job's lock; the calls between them are
made by whoever runs the job.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from approvals import settling
from approvals.backoff import backoff
from approvals.errors import CloudError, Trouble
from approvals.ledger import Ledger, Tx, grants, jobs, trail
from approvals.ledger.jobs import GRANT_NEXT, REVOKE_FIRST, Job
from approvals.model import MINUTE, OURS, SECOND, GrantState, Key, Principal
from approvals.operations.moving import apply, tell_delayed
from approvals.ports import Sighting
from approvals.settling import Move, Plan

LATE_WRITE = MINUTE
"""A worker whose lock ran out may still write; by then its calls have long timed out."""
DENIED_PAUSE = 30 * SECOND
DELAYED_AFTER = 4
"""Attempts without progress after which the requester is told that it takes longer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Both times at which something is recorded, and the chance that spreads retries."""

    now: int
    real: int
    chance: Random


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker needs to look at the cloud for a key."""

    key: Key
    principal: Principal
    taken_over: bool
    """The worker that had the job before may be in the middle of a write."""
    mend: bool
    """A late write may have happened by now: put right what it did."""
    late: bool
    """A call for a grant that is over may still be carried out."""


def begin(ledger: Ledger, job: Job, at: Moment) -> Look | None:
    """Apply deadlines. None when nothing on this key is left to do; the job is finished then.

    Raises:
        LostLock: another worker has the job.
    """
    key = Key.parse(job.payload["key"])
    mend_at = _mend_at(job)
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, key)
        # A write is begun only after its grant is recorded as ours: without one, the other worker wrote nothing.
        taken_over = job.taken_over and (mend_at is not None or any(grant.state in OURS for grant in found))
        if job.taken_over:
            trail.record(tx, at.now, "taken over", key=str(key))
        apply(tx, at.now, settling.by_time(found, at.now))
        found = grants.open_on_key(tx, key)
        last = found[0] if found else grants.last_on_key(tx, key)
        look = Look(
            key=key,
            principal=last.principal if last else Principal(key.user_id, ""),
            taken_over=taken_over,
            mend=taken_over or (mend_at is not None and mend_at <= at.real),
            # Nothing is written to a key that somebody else holds, so whatever is late on this one is ours.
            late=mend_at is not None,
        )
        if not found and not (look.mend and look.late):
            _conclude(tx, job, at, look, mended=look.mend)
            return None
        return look


def saw(ledger: Ledger, job: Job, look: Look, sighting: Sighting, at: Moment) -> Plan:
    """Record what the cloud shows. When a write follows, its intent is recorded and the job stays claimed."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, look.key)
        plan = settling.by_sight(
            found, sighting.present, now=at.now, real=at.real, looks=job.attempts, mend=look.mend, late=look.late
        )
        apply(tx, at.now, plan.moves, via=sighting.groups)
        if plan.write and look.mend and not found:
            trail.record(tx, at.now, "late write undone", key=str(look.key))
        if plan.write is None:
            _conclude(tx, job, at, look, mended=look.mend, look_again=plan.look_again_real)
    return plan


def attached(ledger: Ledger, job: Job, look: Look, error: CloudError | None, at: Moment, *, first: bool) -> None:
    """Record the answer to an attach."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        trouble = error.trouble if error else None
        found = grants.open_on_key(tx, look.key)
        apply(tx, at.now, settling.after_attach(found, trouble, first=first, now=at.now), error=error)
        if job.attempts == DELAYED_AFTER:
            tell_delayed(tx, at.now, look.key)
        there = trouble is None or trouble is Trouble.ALREADY_ATTACHED
        _conclude(tx, job, at, look, mended=look.mend and there, write_error=error)


def detached(ledger: Ledger, job: Job, look: Look, error: CloudError | None, at: Moment) -> bool:
    """Record the answer to a detach. True when RAM confirmed it: look once more, the job is still claimed."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        trouble = error.trouble if error else None
        apply(tx, at.now, settling.after_detach(grants.open_on_key(tx, look.key), trouble), error=error)
        if error is None or trouble in settling.GONE:
            return True
        _conclude(tx, job, at, look, mended=False, write_error=error)
    return False


def unseen(ledger: Ledger, job: Job, look: Look, error: CloudError, at: Moment) -> None:
    """The cloud could not be looked at: nothing is concluded from that, and it is tried again."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        noted = [
            Move(grant, grant.state, {"trouble": error.trouble.value})
            for grant in grants.open_on_key(tx, look.key)
            if grant.state is not GrantState.ACTIVE
        ]
        apply(tx, at.now, noted, error=error)
        if job.attempts == DELAYED_AFTER:
            tell_delayed(tx, at.now, look.key)
        _conclude(tx, job, at, look, mended=False, read_error=error)


def postpone(ledger: Ledger, job: Job, look: Look, at: Moment) -> None:
    """This run has made its one write; what else is wanted begins afresh."""
    with ledger.write() as tx:
        _conclude(tx, job, at, look, mended=look.mend)


def _conclude(
    tx: Tx,
    job: Job,
    at: Moment,
    look: Look,
    *,
    mended: bool,
    write_error: CloudError | None = None,
    read_error: CloudError | None = None,
    look_again: int | None = None,
) -> None:
    """Say when this key is next looked at, or that it need not be."""
    found = grants.open_on_key(tx, look.key)
    error = write_error or read_error
    silent = write_error is not None and write_error.trouble is Trouble.SILENT
    mend_at = _next_mend(job, at, look, error, mended=mended, silent=silent)
    if error and error.trouble is Trouble.THROTTLED:
        jobs.hold_lane(tx, "ram", at.real + (error.retry_after or SECOND))
    look_at = at.real + look_again if look_again else None
    also_at = min((moment for moment in (mend_at, look_at) if moment is not None), default=None)
    payload = {"key": str(look.key)} | ({"mend_at_real": mend_at} if mend_at is not None else {})
    deadline = settling.next_deadline(found)
    if any(grant.state is not GrantState.ACTIVE for grant in found):
        pause = _pause(job, at, error)
        jobs.again(
            tx,
            job,
            due_at=at.now,
            # A deadline is not kept waiting by an attempt that failed before it.
            not_before_real=at.real + (pause if deadline is None else min(pause, max(deadline - at.now, 0))),
            also_at_real=also_at,
            payload=payload,
            priority=REVOKE_FIRST if any(grant.state is GrantState.ENDING for grant in found) else GRANT_NEXT,
            trouble=error.trouble.value if error else None,
        )
    elif deadline is not None or also_at is not None:
        due_at = jobs.NEVER if deadline is None else deadline
        jobs.again(tx, job, due_at=due_at, also_at_real=also_at, payload=payload, priority=REVOKE_FIRST, progress=True)
    else:
        jobs.finish(tx, job, payload=payload)


def _next_mend(job: Job, at: Moment, look: Look, error: CloudError | None, *, mended: bool, silent: bool) -> int | None:
    """Real time at which a late write would have happened; None when none is to be feared."""
    if look.taken_over or silent:
        # Another worker, or a call that we gave up on, may still write.
        return at.real + LATE_WRITE
    mend_at = None if mended else _mend_at(job)
    return at.real + _pause(job, at, error) if mend_at is not None and mend_at <= at.real else mend_at


def _mend_at(job: Job) -> int | None:
    mend_at: int | None = job.payload.get("mend_at_real")
    return mend_at


def _pause(job: Job, at: Moment, error: CloudError | None) -> int:
    pause = backoff(job.attempts, at.chance)
    if error and error.retry_after:
        return max(pause, error.retry_after)
    if error and error.trouble is Trouble.NO_PERMISSION:
        return max(pause, DENIED_PAUSE)
    return pause
