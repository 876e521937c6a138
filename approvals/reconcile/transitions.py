"""Make what was judged about grants so in the record: their states, the trail, and the work that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.entitlements import Key
from approvals.errors import CloudError
from approvals.grant import OPEN, EndCause, Grant, GrantState, Remains
from approvals.kinds import MessageKind, NoticeOutcome
from approvals.ledger import Tx, extensions, grants, memberships, open_grants, requests, trail
from approvals.ledger.grants import ERROR_KIND
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.outbox import enqueue, timers
from approvals.reconcile import blocked
from approvals.reconcile.plan import Transition

UNDER_WAY = (GrantState.PLANNED, GrantState.GRANTING)
PASSING = (GrantState.GRANTING, GrantState.ENDING)
"""Mostly the next state follows at once."""
OUTCOMES = (GrantState.ACTIVE, GrantState.HELD, GrantState.FAILED)
SETTLED = (*OUTCOMES, GrantState.ENDED, GrantState.VOID)
"""Once a grant is so, the cloud may show something else than before; while one is on its way there, it does not yet."""


def apply(
    tx: Tx,
    now: DomainMillis,
    moves: Sequence[Transition],
    *,
    error: CloudError | None = None,
) -> None:
    """Make the moves, write them to the trail, and put the work that they cause."""
    moved, remains = list[Transition](), dict[int, Remains]()
    for move in moves:
        if after := grants.move(tx, move.grant, move.to, **_with_error(move, error)):
            moved.append(move)
            remains[after.id] = after.remains
    shown = [move for move in moved if move.to is not move.grant.state or _other_error(move, error)]
    settled = [move for move in shown if move.to in SETTLED and move.to is not move.grant.state]
    if any(move.grant.entitlement.of_account for move in settled):
        enqueue.recheck_status(tx, now)
    for request_id in sorted({move.grant.request_id for move in shown}):
        _announce(tx, now, request_id, [move for move in shown if move.grant.request_id == request_id])
    for move in moved:
        key = move.grant.key
        if key.entitlement.is_member_role and move.to not in OPEN and not open_grants.in_place(tx, key):
            memberships.forget(tx, key)
    for move in moved:
        if move.grant.blocked and move.to is not GrantState.ENDING:
            stays = bool(move.changes.get("remains"))
            blocked.settle(tx, now, move.grant.key, NoticeOutcome.NO_LONGER_SO if stays else NoticeOutcome.GONE)
    for move in shown:
        if move.to is GrantState.ENDING and move.grant.state is not GrantState.ENDING:
            timers.schedule_alarm(tx, move.grant.id, move.grant.entitlement, min(move.grant.ends_at or now, now))
        if move.to in (GrantState.ENDED, GrantState.VOID, GrantState.FAILED):
            timers.resolve_alarm(tx, move.grant.id, now)
        _note(tx, now, move, remains[move.grant.id], error)


def with_remains(
    moves: Sequence[Transition], wanting: Sequence[Grant], groups: tuple[str, ...] = (), other_role: str = ""
) -> list[Transition]:
    """What ends leaves a trace of through what the principal still has the key: grants that want it, and groups; and
    what was never ours, or is over, of the role that they have in its place.
    """
    ended = Remains(tuple(dict.fromkeys(grant.request_id for grant in wanting)), groups, other_role)
    remains = {GrantState.ENDED: ended, GrantState.HELD: Remains(other_role=other_role)}
    return [
        replace(move, changes={**move.changes, "remains": grants.remains_as_text(remains[move.to])})
        if move.to in remains
        else move
        for move in moves
    ]


def _with_error(move: Transition, error: CloudError | None) -> dict[str, Any]:
    if ERROR_KIND not in move.changes:
        return move.changes
    return {**move.changes, **grants.error_columns(move.changes[ERROR_KIND], error)}


def _other_error(move: Transition, error: CloudError | None) -> bool:
    """Every call has an id of its own: that alone is nothing new."""
    if ERROR_KIND not in move.changes:
        return False
    code = error.code if error and move.changes[ERROR_KIND] else None
    return (move.changes[ERROR_KIND], code) != (move.grant.error_kind, move.grant.error_code)


def _note(tx: Tx, now: DomainMillis, move: Transition, remains: Remains, error: CloudError | None) -> None:
    grant = move.grant
    trail.append_event(
        tx,
        now,
        AuditEvent(move.to) if move.to is not grant.state else AuditEvent.NOT_YET,
        request_id=grant.request_id,
        grant=grant.id,
        ram_user=grant.principal.name,
        ram_user_id=grant.principal.user_id,
        entitlement=str(grant.entitlement),
        policy_type=grant.entitlement.policy_type,
        cause=move.changes.get("end_cause"),
        still_via_groups=list(remains.groups) or None,
        still_via_requests=[request_ref(number) for number in remains.requests] or None,
        other_role=remains.other_role or None,
        trouble=error.kind.value if error else None,
        code=error.code if error else None,
        ram_request_id=error.request_id if error else None,
    )


def _announce(tx: Tx, now: DomainMillis, request_id: int, moves: Sequence[Transition]) -> None:
    request = requests.get(tx, request_id)
    if request is None:
        return
    after = grants.of_request(tx, request_id)
    known = any(move.to in OUTCOMES and move.to is not move.grant.state for move in moves)
    if known and not any(grant.state in UNDER_WAY for grant in after):
        enqueue.granted(tx, now, request)
    still_open = any(grant.state in (*UNDER_WAY, GrantState.ACTIVE, GrantState.ENDING) for grant in after)
    ended = any(move.to in (GrantState.ENDED, GrantState.VOID) for move in moves) and not still_open
    if ended:
        # Whoever goes on having all of it by another request is told when that one ends.
        over = {grant.entitlement for grant in after if grant.end_cause is EndCause.DEADLINE}
        quiet = extensions.goes_on(tx, request_id, over)
        enqueue.direct_messages(tx, now, request, MessageKind.ENDED, quiet=quiet or None)
    passing = all(move.to in PASSING and move.to is not move.grant.state for move in moves)
    enqueue.redraw(tx, now, request, DomainMillis(now + enqueue.OUTCOME_FOLLOWS_MS) if passing else None)


def announce_delay(tx: Tx, now: DomainMillis, key: Key) -> None:
    """Those who wait for a grant on this key hear that it takes longer."""
    for grant in open_grants.on_key(tx, key):
        request = requests.get(tx, grant.request_id)
        if request and grant.state in UNDER_WAY:
            enqueue.direct_messages(tx, now, request, MessageKind.DELAYED)
