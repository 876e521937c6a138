"""Bring one key in line: what is recorded before, between and after the calls to the cloud.

`begin` applies deadlines, `saw` records what the cloud shows and the write that follows from it, `attached` and
`detached` record that write's answer. Each is one transaction, fenced by the job's lock; the calls between them are
made by whoever runs the job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Ledger, Tx, grants, jobs, memberships, pace, trail
from approvals.ledger.jobs import REVOKE_FIRST, Job
from approvals.model import OURS, Grant, GrantState, ImpliedRoles, Key, Principal, Remains
from approvals.outbox import enqueue
from approvals.ports import Sighting
from approvals.reconcile import mass_removal, ordering, writes
from approvals.reconcile import plan as planning
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import LATE_WRITE_MS, LateWrite, Memory, remember_late_write
from approvals.reconcile.next_run import RunResult, next_run
from approvals.reconcile.plan import KeyPlan, Transition, Write
from approvals.reconcile.transitions import apply, tell_delayed
from approvals.reconcile.writes import WriteOutcome

ALONE: ImpliedRoles = MappingProxyType({})
"""No member role comes with any other."""
WRITE_INTERVAL_MS = 105
"""Milliseconds between two writes: RAM takes 10 in any second, and they do not all travel equally fast."""


def begin(ledger: Ledger, job: Job, at: Instant, implied_by: ImpliedRoles = ALONE) -> KeyContext | None:
    """Apply deadlines. None when nothing on this key is left to do, and the job is finished; or when another key has to
    be done with first. `implied_by` says which member role comes with which other.

    Raises:
        LostLock: another worker has the job.
    """
    key = Key.parse(job.payload["key"])
    memory = Memory.read(job.payload, at.real)
    repair_at = memory.repair_at
    late = memory.late | {each.write for each in memory.came_late}
    succeeds = job.taken_over or memory.taken_over
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, key)
        # A write is begun only after its grant is recorded as ours: without one, the other worker wrote nothing.
        taken_over = succeeds and (repair_at is not None or any(grant.state in OURS for grant in found))
        if job.taken_over:
            trail.append_event(tx, at.now, "taken over", key=str(key))
        apply(tx, at.now, planning.by_time([*found, *ordering.due_with(tx, key, implied_by)], at.now))
        if ordering.must_wait(tx, job, key, implied_by):
            ordering.wait(tx, job, at.now, at.real, taken_over=taken_over)
            return None
        ordering.hand_over(tx, key, implied_by, at.now)
        found = grants.open_on_key(tx, key)
        if taken_over:
            late |= _may_be_under_way(found, late)
        implied = ordering.is_implied(tx, key, implied_by)
        last = found[0] if found else grants.last_on_key(tx, key)
        typed = _with_type(tx, key, found or ([last] if last else []))
        context = KeyContext(
            key=typed,
            principal=last.principal if last else Principal(key.user_id, ""),
            taken_over=taken_over,
            repair=taken_over or bool(memory.came_late) or (repair_at is not None and repair_at <= at.real),
            late=late,
            blind=bool(found)
            and all(grant.state is GrantState.ENDING for grant in found)
            and not all(grant.detached for grant in found),
            leave=key.entitlement.is_member_role and memberships.is_ours(tx, key) and not ordering.has_others(tx, key),
            implied=implied,
            unsure=memory.attaching,
            not_seen_at=memory.not_seen_at,
            given_at=min((grant.active_at or at.now for grant in found if grant.state in OURS), default=None),
        )
        if not found and not (context.repair and Write.ATTACH in late):
            _conclude(tx, job, at, context, repaired=context.repair)
            return None
        return context


def _with_type(tx: Tx, key: Key, of: Sequence[Grant]) -> Key:
    """What is wanted on one key is of one type for as long as anybody wants it: that of whoever was first."""
    known = next((each.entitlement.policy_type for each in of if each.entitlement.policy_type), None)
    if known is not None:
        grants.set_type(tx, key, known)
    return replace(key, entitlement=key.entitlement.of_type(known))


def of_type(ledger: Ledger, job: Job, context: KeyContext, policy_type: str, at: Instant) -> KeyContext:
    """Which policy it is, of two that may have its name, is part of what is given: it stays, whatever the catalogue or
    the account says later.
    """
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        if grants.set_type(tx, context.key, policy_type) and context.given_at is not None:
            trail.append_event(tx, at.now, "policy type found", key=str(context.key), policy_type=policy_type)
    return replace(context, key=replace(context.key, entitlement=context.key.entitlement.of_type(policy_type)))


def saw(
    ledger: Ledger,
    job: Job,
    context: KeyContext,
    sighting: Sighting | None,
    at: Instant,
    implied_by: ImpliedRoles = ALONE,
) -> KeyPlan:
    """Record what the cloud shows; None for a look that was not needed. When a write follows, its intent is recorded
    and the job stays claimed.
    """
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, context.key)
        wanting = [grant for grant in found if grant.state is not GrantState.ENDING]
        if sighting is None and wanting:
            # Somebody wants it since; then it matters what is there.
            _conclude(tx, job, at, context, repaired=False)
            return KeyPlan()
        seen = sighting or Sighting(True)
        follows = partial(
            planning.by_sight,
            found,
            seen.present,
            now=at.now,
            real=at.real,
            looks=job.attempts,
            repair=context.repair and not context.detached,
            late=context.late,
            implied=context.implied,
            lately=_lately(tx, context, at),
            unconfirmed=context.detached and context.answer is not None,
        )
        plan = follows()
        if plan.removed and mass_removal.too_much(tx, at.now):
            plan = follows(doubted=True)
        plan = replace(plan, seen_at=seen.at)
        if context.not_seen_at is not None and all(grant.state is not GrantState.ACTIVE for grant in found):
            plan = _whose(plan, found, context.not_seen_at, seen, at)
        if plan.write is Write.ATTACH and ordering.place_is_busy(tx, job, context.key):
            ordering.wait(tx, job, at.now, at.real, taken_over=context.taken_over)
            return KeyPlan()
        apply(tx, at.now, _with_remains(plan.moves, wanting, seen))
        if plan.moves:
            mass_removal.look_after(tx, at.now)
        if plan.write is Write.ATTACH and ordering.must_wait(tx, job, context.key, implied_by):
            # What was there before us is known by now; whether more is needed is seen when the other one is there.
            ordering.wait(tx, job, at.now, at.real, taken_over=context.taken_over)
            return KeyPlan()
        if plan.write is Write.ATTACH:
            # Until its answer is recorded, it may have been carried out, whatever becomes of this run.
            jobs.add_to_payload(tx, job.id, attaching=True)
        if plan.write is Write.ATTACH and not seen.member:
            memberships.joining(tx, context.key, at.now)
        if plan.write is Write.DETACH:
            grants.detach_begun(tx, context.key, at.real)
        if plan.write is None:
            _conclude_look(tx, job, at, context, look_again=plan.look_again_real)
    return plan


def _whose(plan: KeyPlan, found: Sequence[Grant], not_seen_at: int, seen: Sighting, at: Instant) -> KeyPlan:
    """The key was said to be there already when it was attached first; now its own date may say since when."""
    if seen.present and planning.was_there_before(seen.since, not_seen_at):
        return KeyPlan(tuple(planning.held(found, at.now)))
    # Reads that do not show it for so long must be right: then it is not there, and what comes is ours.
    lags = seen.at is None or seen.at - not_seen_at < planning.SECOND_LOOK_MS
    return replace(plan, first=True) if lags and plan.write is Write.ATTACH else plan


def _lately(tx: Tx, context: KeyContext, at: Instant) -> bool:
    """A detach of ours was begun so recently that what still shows the key may be older."""
    last = grants.last_detach(tx, context.key)
    return last is not None and at.real - last < planning.SECOND_LOOK_MS


def _is_stale(tx: Tx, context: KeyContext, sighting: Sighting, at: Instant) -> bool:
    """What is shown is what was there before a detach of ours, so that its date says nothing."""
    last = grants.last_detach(tx, context.key)
    if last is None or sighting.at is None or sighting.since is None:
        return False
    return sighting.at - sighting.since >= at.real - last


def _conclude_look(tx: Tx, job: Job, at: Instant, context: KeyContext, look_again: int | None = None) -> None:
    """After a look; where it came after a detach that was not confirmed, that is what there is to go by."""
    repaired = context.repair and context.answer is None
    write = Write.DETACH if context.answer is not None else None
    _conclude(tx, job, at, context, repaired=repaired, write=write, write_error=context.answer, look_again=look_again)


def _with_remains(moves: Sequence[Transition], wanting: Sequence[Grant], seen: Sighting) -> list[Transition]:
    """What ends leaves a trace of through what the principal still has the key."""
    remains = Remains(tuple(dict.fromkeys(grant.request_id for grant in wanting)), seen.groups)
    kept = {"remains": grants.remains_as_text(remains)}
    return [replace(move, changes={**move.changes, **kept}) if move.to is GrantState.ENDED else move for move in moves]


def attached(
    ledger: Ledger, job: Job, context: KeyContext, outcome: WriteOutcome, at: Instant, plan: KeyPlan
) -> KeyContext | None:
    """Record the answer to an attach that was planned so. Where only a look says what it means: what to look at once
    more, with the job still claimed; `after_attach` records what that shows.
    """
    first, error, sent = plan.first, outcome.error, outcome.sent is not None
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        writes.answered(tx, at.now, outcome)
        _note_pace(tx, context.key, error, at)
        trouble = error.trouble if error else None
        enough = job.attempts >= planning.MAX_UNCLEAR_ANSWERS
        open_now = enough and trouble is CloudErrorKind.UNCLEAR
        if trouble is CloudErrorKind.ALREADY_ATTACHED and context.key.entitlement.is_member_role:
            # Read right before, and its own word for it: a second delivery of one call has another.
            sent = False
        late = (open_now or context.unsure or Write.ATTACH in context.late) and not context.key.entitlement.stays
        if planning.needs_a_look(trouble, first=first, sent=sent, late=late, enough=enough):
            not_seen_at = plan.seen_at if context.not_seen_at is None else context.not_seen_at
            return replace(context, answer=error, first=first, sent=sent, not_seen_at=not_seen_at)
        found = grants.open_on_key(tx, context.key)
        moves = planning.after_attach(found, trouble, first=first, now=at.now, sent=sent, enough=enough)
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
        jobs.check_lock(tx, job)
        found = grants.open_on_key(tx, context.key)
        if sighting is None:
            before = GrantState.PLANNED if context.first and not context.sent else GrantState.GRANTING
            noted = {} if error.trouble is CloudErrorKind.ALREADY_ATTACHED else {"trouble": error.trouble.value}
            moves = [Transition(grant, before, noted) for grant in found if grant.state is GrantState.GRANTING]
        else:
            dated = planning.was_there_before(sighting.since, context.not_seen_at)
            ours = not context.first or (context.sent and not (dated and not _is_stale(tx, context, sighting, at)))
            lately = _lately(tx, context, at)
            moves = planning.after_look(found, error.trouble, sighting.present, ours=ours, now=at.now, lately=lately)
        apply(tx, at.now, moves, error=error)
        if error.trouble is not CloudErrorKind.ALREADY_ATTACHED:
            context = replace(context, not_seen_at=None)
        _conclude_attach(tx, job, at, context, error)


def _conclude_attach(tx: Tx, job: Job, at: Instant, context: KeyContext, error: CloudError | None) -> None:
    found = grants.open_on_key(tx, context.key)
    there = error is None or error.trouble is CloudErrorKind.ALREADY_ATTACHED
    if error is None and context.repair and found and all(grant.state is GrantState.ACTIVE for grant in found):
        trail.append_event(tx, at.now, "late write undone", key=str(context.key))
    _conclude(tx, job, at, context, repaired=context.repair and there, write=Write.ATTACH, write_error=error)


def detached(
    ledger: Ledger, job: Job, context: KeyContext, outcome: WriteOutcome, at: Instant, implied_by: ImpliedRoles = ALONE
) -> KeyContext | None:
    """Record the answer to a detach. What to look at once more, with the job still claimed: whether it was confirmed or
    not, only that shows whether the key is gone. None where there is no need, or no use.
    """
    error, sent = outcome.error, outcome.sent is not None
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        writes.answered(tx, at.now, outcome)
        _note_pace(tx, context.key, error, at)
        trouble = error.trouble if error else None
        found = grants.open_on_key(tx, context.key)
        apply(tx, at.now, planning.after_detach(found, trouble), error=error)
        if error is None and (context.repair or not found) and all(grant.detached for grant in found):
            trail.append_event(tx, at.now, "late write undone", key=str(context.key))
        if error is None or trouble in planning.GONE:
            ordering.taken_along(tx, context.key, implied_by, at.now, at.real)
            return replace(context, blind=False, detached=True)
        after = replace(context, blind=False, detached=True, answer=error, sent=sent)
        if found and not error.trouble.of_the_bot and error.trouble is not CloudErrorKind.THROTTLED:
            return after
        _conclude_look(tx, job, at, after)
    return None


def came_late(ledger: Ledger, key: Key, write: Write, outcome: WriteOutcome, at: Instant) -> None:
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
            "late write",
            key=str(key),
            write=write.value,
            write_id=outcome.sent.id if outcome.sent else None,
            trouble=error.trouble.value if error else None,
            ram_request_id=outcome.request_id,
        )


def unseen(ledger: Ledger, job: Job, context: KeyContext, error: CloudError, at: Instant) -> None:
    """The cloud could not be looked at: nothing is concluded from that, and it is tried again."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        if context.answer is not None:
            # What the write was answered matters more to whoever reads why.
            _conclude_look(tx, job, at, context)
            return
        noted = [
            Transition(grant, grant.state, {"trouble": error.trouble.value})
            for grant in grants.open_on_key(tx, context.key)
            if grant.state is not GrantState.ACTIVE
        ]
        apply(tx, at.now, noted, error=error)
        _conclude(tx, job, at, context, repaired=False, read_error=error)


def postpone(ledger: Ledger, job: Job, context: KeyContext, at: Instant) -> None:
    """This run has made its one write; what else is wanted begins afresh."""
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        _conclude_look(tx, job, at, context)


def _conclude(
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
    found = grants.open_on_key(tx, context.key)
    memory = Memory.read(job.payload, at.real)
    came_since = Memory.read(jobs.payload_now(tx, job.id), at.real).came_late
    result = RunResult(
        repaired=repaired,
        silent=write if write_error is not None and write_error.trouble.leaves_open and context.sent else None,
        error=write_error or read_error,
        look_again=look_again,
        arrived=tuple(each for each in came_since if each not in memory.came_late),
    )
    following = next_run(job, memory, context, found, at, result)
    if following.newly_delayed:
        tell_delayed(tx, at.now, context.key)
    payload = following.memory.to_payload(context.key)
    if following.done:
        jobs.finish(tx, job, payload=payload)
        return
    jobs.again(
        tx,
        job,
        due_at=following.due_at,
        not_before_real=following.not_before_real,
        also_at_real=following.also_at_real,
        priority=following.priority,
        payload=payload,
        progress=following.progress,
        trouble=following.trouble,
    )


def _may_be_under_way(found: Sequence[Grant], late: frozenset[Write]) -> frozenset[Write]:
    """What the worker before this one may have been doing when it was last heard of: a new attach or a detach, or the
    repair of a write that was late.
    """
    states = {grant.state for grant in found}
    # One that was ended meanwhile, before it was ever confirmed or detached, may still be on its way in.
    ended_early = any(
        grant.state is GrantState.ENDING and grant.active_at is None and grant.detaches == 0 for grant in found
    )
    attach = GrantState.GRANTING in states or ended_early or (GrantState.ACTIVE in states and Write.DETACH in late)
    detach = GrantState.ENDING in states or (not found and Write.ATTACH in late)
    return frozenset(({Write.ATTACH} if attach else set()) | ({Write.DETACH} if detach else set()))


def _note_pace(tx: Tx, key: Key, error: CloudError | None, at: Instant) -> None:
    """What a write's answer says of how many the cloud takes."""
    lane = enqueue.lane(key)
    if error is None:
        pace.went_through(tx, lane, WRITE_INTERVAL_MS)
    elif error.trouble is CloudErrorKind.THROTTLED:
        pace.throttled(tx, lane, WRITE_INTERVAL_MS)
