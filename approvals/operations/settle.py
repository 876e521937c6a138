"""Bring one key in line: what is recorded before, between and after the calls to the cloud.

`begin` applies deadlines, `saw` records what the cloud shows and the write that follows from it, `attached` and
`detached` record that write's answer. Each is one transaction, fenced by the job's lock; the calls between them are
made by whoever runs the job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from approvals import settling
from approvals.backoff import backoff
from approvals.errors import CloudError, Trouble
from approvals.ledger import Ledger, Tx, grants, jobs, requests, trail
from approvals.ledger.jobs import GRANT_NEXT, REVOKE_FIRST, Job
from approvals.model import MINUTE, SECOND, GrantState, Key, Principal
from approvals.operations import consequences
from approvals.ports import Sighting
from approvals.settling import Move, Plan

LATE_WRITE = MINUTE
"""A worker whose lock ran out may still write; by then its calls have long timed out."""
DENIED_PAUSE = 30 * SECOND
DELAYED_AFTER = 4
"""Attempts without progress after which the requester is told that it takes longer."""
_UNDER_WAY = (GrantState.PLANNED, GrantState.GRANTING)


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
    mend: bool


def begin(ledger: Ledger, job: Job, at: Moment) -> Look | None:
    """Apply deadlines. None when nothing on this key is left to do; the job is finished then.

    Raises:
        LostLock: another worker has the job.
    """
    key = Key.parse(job.payload["key"])
    mend = job.taken_over or (_mend_at(job) or at.real + 1) <= at.real
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        if job.taken_over:
            trail.record(tx, at.now, "taken over", key=str(key))
        found = grants.open_on_key(tx, key)
        _apply(tx, at.now, settling.by_time(found, at.now))
        found = grants.open_on_key(tx, key)
        last = grants.last_on_key(tx, key)
        if last is None or (not found and not (mend and last.state in (GrantState.ENDED, GrantState.VOID))):
            _conclude(tx, job, at, key, mended=mend)
            return None
        return Look(key, (found[0] if found else last).principal, mend)


def saw(ledger: Ledger, job: Job, look: Look, sighting: Sighting, at: Moment) -> Plan:
    """Record what the cloud shows. When a write follows, its intent is recorded and the job stays claimed."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, look.key)
        plan = settling.by_sight(found, sighting.present, now=at.now, real=at.real, looks=job.attempts, mend=look.mend)
        _apply(tx, at.now, plan.moves, via=sighting.groups)
        if plan.write and look.mend and not found:
            trail.record(tx, at.now, "late write undone", key=str(look.key))
        if plan.write is None:
            _conclude(tx, job, at, look.key, mended=look.mend, look_again=plan.look_again_real)
    return plan


def attached(ledger: Ledger, job: Job, look: Look, error: CloudError | None, at: Moment, *, first: bool) -> None:
    """Record the answer to an attach."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        trouble = error.trouble if error else None
        found = grants.open_on_key(tx, look.key)
        _apply(tx, at.now, settling.after_attach(found, trouble, first=first, now=at.now), error=error)
        if job.attempts == DELAYED_AFTER:
            _tell_delayed(tx, at.now, look.key)
        _conclude(tx, job, at, look.key, mended=look.mend, error=error)


def detached(ledger: Ledger, job: Job, look: Look, error: CloudError | None, at: Moment) -> bool:
    """Record the answer to a detach. True when RAM confirmed it: look once more, the job is still claimed."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        trouble = error.trouble if error else None
        _apply(tx, at.now, settling.after_detach(grants.open_on_key(tx, look.key), trouble), error=error)
        if error is None or trouble in settling.GONE:
            return True
        _conclude(tx, job, at, look.key, mended=look.mend, error=error)
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
        _apply(tx, at.now, noted, error=error)
        if job.attempts == DELAYED_AFTER:
            _tell_delayed(tx, at.now, look.key)
        _conclude(tx, job, at, look.key, mended=False, error=error)


def postpone(ledger: Ledger, job: Job, look: Look, at: Moment) -> None:
    """This run has made its one write; what else is wanted begins afresh."""
    with ledger.write() as tx:
        _conclude(tx, job, at, look.key, mended=look.mend)


def _apply(
    tx: Tx,
    now: int,
    moves: Sequence[Move],
    *,
    via: tuple[str, ...] = (),
    error: CloudError | None = None,
) -> None:
    """Make the moves, write them to the trail, and put the work that they cause."""
    moved = [move for move in moves if grants.move(tx, move.grant, move.to, **move.changes)]
    shown = [
        move
        for move in moved
        if move.to is not move.grant.state or move.changes.get("trouble", move.grant.trouble) != move.grant.trouble
    ]
    for request_id in sorted({move.grant.request_id for move in shown}):
        _announce(tx, now, request_id, [move for move in shown if move.grant.request_id == request_id], via)
    for move in shown:
        if move.to is GrantState.ENDING and move.grant.state is not GrantState.ENDING:
            consequences.alarm(tx, move.grant.id, move.grant.ends_at or now)
        if move.to is GrantState.ENDED:
            consequences.alarm(tx, move.grant.id, now - consequences.ALARM_AFTER)
        _note(tx, now, move, via, error)


def _note(tx: Tx, now: int, move: Move, via: tuple[str, ...], error: CloudError | None) -> None:
    grant = move.grant
    trail.record(
        tx,
        now,
        move.to.value if move.to is not grant.state else "not yet",
        request_id=grant.request_id,
        grant=grant.id,
        ram_user=grant.principal.name,
        ram_user_id=grant.principal.user_id,
        entitlement=str(grant.entitlement),
        cause=move.changes.get("end_cause"),
        still_via_groups=list(via) if move.to is GrantState.ENDED and via else None,
        trouble=error.trouble.value if error else None,
        code=error.code if error else None,
        ram_request_id=error.request_id if error else None,
    )


def _announce(tx: Tx, now: int, request_id: int, moves: Sequence[Move], via: tuple[str, ...]) -> None:
    request = requests.get(tx, request_id)
    if request is None:
        return
    after = grants.of_request(tx, request_id)
    began = [move for move in moves if move.grant.state in _UNDER_WAY and move.to not in _UNDER_WAY]
    if any(move.to in (GrantState.ACTIVE, GrantState.HELD, GrantState.FAILED) for move in began) and not any(
        grant.state in _UNDER_WAY for grant in after
    ):
        consequences.tell_both(tx, now, request, "granted")
    still_open = any(grant.state in (*_UNDER_WAY, GrantState.ACTIVE, GrantState.ENDING) for grant in after)
    if any(move.to in (GrantState.ENDED, GrantState.VOID) for move in moves) and not still_open:
        consequences.tell_both(tx, now, request, "ended", groups=list(via))
    consequences.redraw(tx, now, request)


def _tell_delayed(tx: Tx, now: int, key: Key) -> None:
    for grant in grants.open_on_key(tx, key):
        request = requests.get(tx, grant.request_id)
        if request and grant.state in _UNDER_WAY:
            consequences.tell_both(tx, now, request, "delayed")


def _conclude(
    tx: Tx,
    job: Job,
    at: Moment,
    key: Key,
    *,
    mended: bool,
    error: CloudError | None = None,
    look_again: int | None = None,
) -> None:
    """Say when this key is next looked at, or that it need not be."""
    found = grants.open_on_key(tx, key)
    mend_at = None if mended else _mend_at(job)
    if job.taken_over or (error and error.trouble is Trouble.SILENT):
        # Another worker, or a call that we gave up on, may still write.
        mend_at = at.real + LATE_WRITE
    elif mend_at is not None and mend_at <= at.real:
        mend_at = at.real + _pause(job, at, error)
    if error and error.trouble is Trouble.THROTTLED:
        jobs.hold_lane(tx, "ram", at.real + (error.retry_after or SECOND))
    look_at = at.real + look_again if look_again else None
    also_at = min((moment for moment in (mend_at, look_at) if moment is not None), default=None)
    payload = {"key": str(key)} | ({"mend_at_real": mend_at} if mend_at is not None else {})
    deadline = settling.next_deadline(found)
    if any(grant.state is not GrantState.ACTIVE for grant in found):
        jobs.again(
            tx,
            job,
            due_at=at.now,
            not_before_real=at.real + _pause(job, at, error),
            also_at_real=also_at,
            payload=payload,
            priority=REVOKE_FIRST if any(grant.state is GrantState.ENDING for grant in found) else GRANT_NEXT,
            trouble=error.trouble.value if error else None,
        )
    elif deadline is not None or also_at is not None:
        due_at = jobs.NEVER if deadline is None else deadline
        jobs.again(
            tx,
            job,
            due_at=due_at,
            also_at_real=also_at,
            payload=payload,
            priority=REVOKE_FIRST,
            progress=True,
        )
    else:
        jobs.finish(tx, job)


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
