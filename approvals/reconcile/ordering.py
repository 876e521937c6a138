"""Which of a person's keys waits for which other: member roles come and go one after the other where one brings
another.

A product may give a role by itself to whoever has a role of another product (DataWorks' Developer is a MaxCompute role
as well). So what the second product shows is looked at before the first is asked for anything: what is there then was
there before us. Then the first product goes first, coming and going, and the second adds or takes what is still missing
or left. In one place roles are given and taken one at a time, since the first one makes a member and the last one takes
them out: what is on its way in goes first, then what is on its way out, then what is still to be begun.

Nobody waits for what fails, nor for long.
"""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.entitlements import Entitlement, Key, RoleLinks
from approvals.grant import OURS, EndCause, Grant, GrantState
from approvals.ledger import Tx, grants, job_leases, jobs, open_grants, requests, trail
from approvals.ledger.jobs import REVOKE_FIRST, Job
from approvals.millis import SECOND, DomainMillis, RealMillis
from approvals.model import AccessRequest
from approvals.outbox import enqueue, timers
from approvals.reconcile import needed
from approvals.reconcile.memory import LateWrite, Memory, remember_late_write
from approvals.reconcile.plan import Write, end
from approvals.reconcile.transitions import UNDER_WAY, apply

ORDERING_WAIT_MS = 300
"""Milliseconds of real time until it is looked again."""
MAX_ORDERING_WAITS = 40
"""So often: a worker that died with the other key must not keep this one where it should not be."""
LONG_WAIT_MS = 10 * SECOND
"""The same for what has to wait for longer than that all the same."""
MAPPING_WINDOW_MS = 10 * SECOND
"""Real time in which one product follows another."""
WANTED = (*UNDER_WAY, GrantState.ACTIVE)


_TURNS = (GrantState.GRANTING, GrantState.ENDING, GrantState.PLANNED)
"""Within one place, in this order, so that no two wait for each other."""


def due_with(tx: Tx, key: Key, links: RoleLinks) -> list[Grant]:
    """Grants on other keys whose deadlines matter for whose turn it is."""
    if not key.entitlement.kind.in_turn:
        return []
    implying = links.implied_by.get(key.entitlement)
    before = open_grants.on_key(tx, Key(key.user_id, implying)) if implying else []
    connected = needed.connected(tx, key, links.needs)
    return [grant for grant in open_grants.in_place(tx, key) if grant.key != key] + before + connected


def must_wait(tx: Tx, job: Job, key: Key, links: RoleLinks) -> bool:
    """Whether another key of the principal has to be done with first."""
    mine = open_grants.on_key(tx, key)
    if needed.must_wait(tx, key, mine, links.needs):
        return True
    if _waited_enough(job, key):
        return False
    return bool(mine) and (_place_is_busy(tx, key, mine) or _other_is_first(tx, key, mine, links))


def place_is_busy(tx: Tx, job: Job, key: Key) -> bool:
    """Whether another role in the same place has to be done with before this one may be begun."""
    return not _waited_enough(job, key) and _place_is_busy(tx, key, open_grants.on_key(tx, key))


def _waited_enough(job: Job, key: Key) -> bool:
    return not key.entitlement.kind.in_turn or Memory.read(job.payload, RealMillis(0)).waits >= MAX_ORDERING_WAITS


def wait(tx: Tx, job: Job, now: DomainMillis, real: RealMillis, *, taken_over: bool) -> None:
    """`taken_over`: what the worker before this one may still write is to be feared when the wait is over.

    Raises:
        LostLock: another worker has the job.
    """
    memory = Memory.read(jobs.payload_now(tx, job.id), real)
    waited = replace(memory, waits=memory.waits + 1, taken_over=taken_over)
    job_leases.requeue(
        tx,
        job,
        due_at=now,
        not_before_real=real + (ORDERING_WAIT_MS if memory.waits < MAX_ORDERING_WAITS else LONG_WAIT_MS),
        also_at_real=job.also_at_real,
        payload=waited.to_payload(Key.parse(job.payload["key"])),
        progress=True,
    )


def _place_is_busy(tx: Tx, key: Key, mine: list[Grant]) -> bool:
    """Another role in the same place is on its way, and it is first."""
    own = min((_turn(grant) for grant in mine if grant.state in _TURNS), default=None)
    others = [grant for grant in open_grants.in_place(tx, key) if grant.key != key and _moves(grant)]
    return own is not None and any(_turn(grant) < own for grant in others)


def _turn(grant: Grant) -> tuple[int, int]:
    return _TURNS.index(grant.state), grant.id


def _other_is_first(tx: Tx, key: Key, mine: list[Grant], links: RoleLinks) -> bool:
    states = {grant.state for grant in mine}
    implying = links.implied_by.get(key.entitlement)
    if implying is not None and GrantState.PLANNED not in states:
        before = open_grants.on_key(tx, Key(key.user_id, implying))
        wanted = UNDER_WAY if states & set(UNDER_WAY) else (GrantState.ENDING,)
        if states & {*UNDER_WAY, GrantState.ENDING} and any(_moves(grant, wanted) for grant in before):
            return True
    return GrantState.PLANNED in states and any(
        _moves(grant, (GrantState.PLANNED,)) for grant in _implied(tx, key, links)
    )


def _moves(grant: Grant, states: tuple[GrantState, ...] = (*UNDER_WAY, GrantState.ENDING)) -> bool:
    return grant.state in states and grant.error_kind is None


def _implied(tx: Tx, key: Key, links: RoleLinks) -> list[Grant]:
    """Open grants on what the product gives by itself to whoever has this key."""
    implied = [Key(key.user_id, what) for what, implying in links.implied_by.items() if implying == key.entitlement]
    return [grant for other in implied for grant in open_grants.on_key(tx, other)]


def has_others(tx: Tx, key: Key) -> bool:
    """Whether the principal has another role of ours in the same place, which a list that lags may not show yet."""
    there = (GrantState.GRANTING, GrantState.ACTIVE)
    return any(grant.key != key and grant.state in there for grant in open_grants.in_place(tx, key))


def is_implied(tx: Tx, key: Key, links: RoleLinks) -> bool:
    """Whether a role of ours brings this one, so that what is there need not have been there before us. Where that
    request found it there before, it was.
    """
    implying = links.implied_by.get(key.entitlement)
    implying_grants = open_grants.on_key(tx, Key(key.user_id, implying)) if implying else []
    beside = [other for grant in implying_grants for other in grants.of_request(tx, grant.request_id)]
    held = any(other.key == key and other.state is GrantState.HELD for other in beside)
    return not held and any(grant.state in OURS for grant in implying_grants)


def hand_over(tx: Tx, key: Key, links: RoleLinks, now: DomainMillis) -> None:
    """What one request no longer wants, another may still bring or need: then that one has it from now on, and is to
    take it back with the rest.
    """
    mine = open_grants.on_key(tx, key)
    if not mine or not all(_leaves(grant) for grant in mine):
        return
    implying = links.implied_by.get(key.entitlement)
    brings = open_grants.on_key(tx, Key(key.user_id, implying)) if implying else []
    needs = needed.needing(tx, key, links.needs)
    for heir in [grant for grant in (*brings, *needs) if grant.state is GrantState.ACTIVE]:
        request = requests.get(tx, heir.request_id)
        known = any(grant.entitlement == key.entitlement for grant in grants.of_request(tx, heir.request_id))
        if request is None or known or key.entitlement in request.entitlements:
            # It had its own, or its approval left it out.
            continue
        grant_id = _inherit(tx, heir, request, key.entitlement, now)
        trail.append_event(
            tx,
            now,
            AuditEvent.COMES_WITH,
            request_id=heir.request_id,
            grant=grant_id,
            ends_at=heir.ends_at,
            ram_user=heir.principal.name,
            ram_user_id=heir.principal.user_id,
            entitlement=str(key.entitlement),
            brought_by=str(heir.entitlement),
        )


def _inherit(tx: Tx, heir: Grant, request: AccessRequest, entitlement: Entitlement, now: DomainMillis) -> int:
    """The new grant's id."""
    grant_id = grants.inherit(tx, heir, entitlement, now)
    if heir.ends_at is not None:
        timers.schedule_alarm(tx, grant_id, entitlement, heir.ends_at)
    enqueue.redraw(tx, now, request)
    return grant_id


def _leaves(grant: Grant) -> bool:
    """It was there, and is not wanted any more. What somebody removed by hand is given to nobody again."""
    removed = grant.end_cause is EndCause.REMOVED_OUTSIDE
    return grant.state is GrantState.ENDING and grant.active_at is not None and not removed


def taken_along(tx: Tx, key: Key, links: RoleLinks, now: DomainMillis, real: RealMillis) -> None:
    """This key was taken away, and another product may follow: what others still want there is put back. What nobody
    asked for, and only came with it, ends.
    """
    for grant in _implied(tx, key, links):
        if grant.state is GrantState.ENDING:
            continue
        if _only_came_with(tx, grant, key):
            apply(tx, now, end([grant], now, EndCause.REMOVED_OUTSIDE))
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
            continue
        enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
        grants.detach_begun(tx, grant.key, real)
        remember_late_write(tx, grant.key, LateWrite(Write.DETACH, real + MAPPING_WINDOW_MS), real)


def _only_came_with(tx: Tx, grant: Grant, key: Key) -> bool:
    """Its request never asked for it, and what it had it from is no longer there for that request."""
    request = requests.get(tx, grant.request_id)
    implying_grants = [other for other in grants.of_request(tx, grant.request_id) if other.key == key]
    asked = request is not None and grant.entitlement in request.entitlements
    return not asked and all(other.state not in WANTED for other in implying_grants)
