"""Begin a run: deadlines are applied, and what is wanted on the key is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from approvals.audit_events import AuditEvent
from approvals.entitlements import NO_ROLE_LINKS, Key, RoleLinks
from approvals.grant import OURS, Grant, GrantState
from approvals.ledger import Ledger, Tx, grants, job_leases, memberships, open_grants, trail
from approvals.ledger.jobs import Job
from approvals.ledger.looking import look_and_write
from approvals.people import Principal
from approvals.reconcile import ordering
from approvals.reconcile import plan as planning
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.memory import Memory
from approvals.reconcile.plan import Write
from approvals.reconcile.steps.conclude import conclude, detached_lately
from approvals.reconcile.transitions import apply


def begin(ledger: Ledger, job: Job, at: Instant, links: RoleLinks = NO_ROLE_LINKS) -> KeyContext | None:
    """Apply deadlines. None when nothing on this key is left to do, and the job is finished; or when another key has to
    be done with first. `links` says which member roles hang together.

    Raises:
        LostLock: another worker has the job.
    """
    return look_and_write(ledger, partial(_begin, job=job, at=at, links=links))


def _begin(tx: Tx, job: Job, at: Instant, links: RoleLinks) -> KeyContext | None:
    key = Key.parse(job.payload["key"])
    memory = Memory.read(job.payload, at.real)
    late = memory.late | {each.write for each in memory.late_writes}
    succeeds = job.taken_over or memory.taken_over
    job_leases.check_lock(tx, job)
    found = open_grants.on_key(tx, key)
    # A write is begun only after its grant is recorded as ours: without one, the other worker wrote nothing.
    taken_over = succeeds and (memory.repair_at is not None or any(grant.state in OURS for grant in found))
    if job.taken_over:
        trail.append_event(tx, at.now, AuditEvent.TAKEN_OVER, key=str(key))
    apply(tx, at.now, planning.by_time([*found, *ordering.due_with(tx, key, links)], at.now))
    if ordering.must_wait(tx, job, key, links):
        ordering.wait(tx, job, at.now, at.real, taken_over=taken_over)
        return None
    ordering.hand_over(tx, key, links, at.now)
    found = open_grants.on_key(tx, key)
    if taken_over:
        late |= _may_be_under_way(found, late)
    context = _context(tx, key, memory, found, at, links, taken_over=taken_over, late=late)
    if not found and not (context.repair and Write.ATTACH in late):
        conclude(tx, job, at, context, repaired=context.repair)
        return None
    return context


def _context(
    tx: Tx,
    key: Key,
    memory: Memory,
    found: Sequence[Grant],
    at: Instant,
    links: RoleLinks,
    *,
    taken_over: bool,
    late: frozenset[Write],
) -> KeyContext:
    """What is wanted on the key, by the open grants that were `found`. `late`: writes that may still be carried out."""
    last = found[0] if found else grants.last_on_key(tx, key)
    former_role = memberships.former_role(tx, key) if key.entitlement.is_member_role else None
    repair_is_due = memory.repair_at is not None and memory.repair_at <= at.real
    return KeyContext(
        key=_with_type(tx, key, found or ([last] if last else [])),
        principal=last.principal if last else Principal(key.user_id, ""),
        taken_over=taken_over,
        repair=taken_over or bool(memory.late_writes) or repair_is_due,
        late=late,
        blind=bool(found)
        and all(grant.state is GrantState.ENDING for grant in found)
        and not all(grant.detached or grant.blocked for grant in found),
        recent=not (taken_over or late or memory.attaching or memory.late_writes or detached_lately(tx, key, at)),
        leave=former_role == "" and not ordering.has_others(tx, key),
        restores=former_role or "",
        implied=ordering.is_implied(tx, key, links),
        unsure=memory.attaching,
        absent_at=memory.absent_at,
        given_at=min((grant.active_at or at.now for grant in found if grant.state in OURS), default=None),
    )


def _with_type(tx: Tx, key: Key, of: Sequence[Grant]) -> Key:
    """What is wanted on one key is of one type for as long as anybody wants it: that of whoever was first."""
    known = next((each.entitlement.policy_type for each in of if each.entitlement.policy_type), None)
    if known is not None and any(each.entitlement.policy_type is None for each in of):
        grants.set_type(tx, key, known)
    return replace(key, entitlement=key.entitlement.of_type(known))


def of_type(ledger: Ledger, job: Job, context: KeyContext, policy_type: str, at: Instant) -> KeyContext:
    """Which policy it is, of two that may have its name, is part of what is given: it stays, whatever the catalogue or
    the account says later.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        if grants.set_type(tx, context.key, policy_type) and context.given_at is not None:
            trail.append_event(tx, at.now, AuditEvent.POLICY_TYPE_FOUND, key=str(context.key), policy_type=policy_type)
    return replace(context, key=replace(context.key, entitlement=context.key.entitlement.of_type(policy_type)))


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
