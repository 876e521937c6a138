"""End access before its time: the subject gives it back, an approver takes it back, or somebody has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from approvals import rules, text_input
from approvals.audit_events import AuditEvent
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.grant import EndCause, Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, extensions, grants, open_grants, open_requests, requests, trail
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, CloseReason, RequestState
from approvals.operations.cancel import cancel_in
from approvals.outbox import enqueue
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.reconcile.plan import end
from approvals.reconcile.transitions import apply
from approvals.refusals.grant import BeingTakenAway, HeldBefore, NothingToRevoke, StillPending
from approvals.refusals.request import UnknownRequest
from approvals.refusals.status import RoleStays
from approvals.rules import Act

ENDABLE = (GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.FAILED)
"""A failed grant is ended too: otherwise one more click would attach what was just taken back."""


@dataclass(frozen=True, slots=True)
class _Ending:
    request: AccessRequest
    principal: Principal | None
    """The RAM user of whoever ends it."""
    grants: list[Grant]
    refusal: Refusal | None
    """Why there is nothing to end."""


def revoke(
    ledger: Ledger, team_id: str, request_id: int, actor: Person, admins: Holders, now: DomainMillis, reason: str = ""
) -> AccessRequest:
    """End all that a request gave, and with it what extends it or what it extends: to people, that is one access. The
    cloud follows; the person is told when it is gone.

    Raises:
        Refusal: not theirs, unknown, nothing to end, held before us, a reason that cannot be kept, or on its way out
            already: then it is tried again at once.
    """
    with ledger.write() as tx:
        found = _revoked(tx, team_id, request_id, actor, admins, now, reason)
    if found.refusal:
        raise found.refusal
    return found.request


def revoke_in(
    tx: Tx, team_id: str, request_id: int, actor: Person, admins: Holders, now: DomainMillis, reason: str
) -> Refusal | None:
    """The same as part of something else; why there was nothing to end, if there was not.

    Raises:
        Refusal: not theirs, unknown, or a reason that cannot be kept.
    """
    return _revoked(tx, team_id, request_id, actor, admins, now, reason).refusal


def _revoked(
    tx: Tx, team_id: str, request_id: int, actor: Person, admins: Holders, now: DomainMillis, reason: str
) -> _Ending:
    said = text_input.checked(reason)
    found = _ending(tx, team_id, request_id, actor, admins, now)
    if found.request.state is RequestState.SCHEDULED:
        cancel_in(tx, found.request, now, by=actor.user_id, reason=said or None)
    if found.grants:
        own = found.principal is not None and found.principal.user_id == found.request.principal.user_id
        cause = EndCause.GIVEN_BACK if own else EndCause.TAKEN_BACK
        who = found.principal
        by = {"by_slack": actor.user_id} | ({"by_ram_user": who.name, "by_ram_user_id": who.user_id} if who else {})
        end_family_in(tx, found.request, now, cause, actor.user_id, **by, reason=said or None)
    return found


def end_family_in(
    tx: Tx, of: AccessRequest, now: DomainMillis, cause: EndCause, by: SlackUserId | None, **said: Any
) -> None:
    """All that is one access with a request ends. `by`: whose word it is; None where it is nobody's. `said`: more of it
    for the audit trail.
    """
    for request in extensions.family(tx, of):
        ending = [grant for grant in grants.of_request(tx, request.id) if grant.state in ENDABLE]
        if request.state is RequestState.PENDING:
            cancel_in(tx, request, now, by=by, reason=CloseReason.EXTENDED_ENDED)
        elif ending:
            end_in(tx, ending, now, cause)
            enqueue.redraw(tx, now, request)
            trail.append_event(tx, now, AuditEvent(cause), request_id=request.id, **said)


def revocable(
    ledger: Ledger, team_id: str, request_id: int, actor: Person, admins: Holders, now: DomainMillis
) -> AccessRequest:
    """What `revoke` would end.

    Raises:
        Refusal: as `revoke` does; what is on its way out already is tried again at once here as well.
    """
    with ledger.write() as tx:
        found = _ending(tx, team_id, request_id, actor, admins, now)
    if found.refusal:
        raise found.refusal
    return found.request


def _ending(tx: Tx, team_id: str, request_id: int, actor: Person, admins: Holders, now: DomainMillis) -> _Ending:
    request = requests.get(tx, request_id)
    principal = rules.authorise(Act.REVOKE, actor, standing(tx, team_id, actor, admins, request), request)
    if request is None:
        raise UnknownRequest()
    if request.state is RequestState.PENDING:
        raise StillPending(request=request.ref)
    if request.state is RequestState.SCHEDULED:
        return _Ending(request, principal, [], None)
    given = grants.of_request(tx, request_id)
    ending = [grant for grant in given if grant.state in ENDABLE]
    if any(grant.entitlement.irrevocable and grant.state is not GrantState.PLANNED for grant in ending):
        raise RoleStays(role=request.principal.name)
    refusal = None if ending else _under_way(tx, request, given, now) or _nothing(request, given)
    return _Ending(request, principal, ending, refusal)


def _under_way(tx: Tx, request: AccessRequest, given: Sequence[Grant], now: DomainMillis) -> Refusal | None:
    """What is being taken away already is tried again at once, whenever the next try was to be."""
    leaving = [grant for grant in given if grant.state is GrantState.ENDING]
    for grant in leaving:
        enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
    if not leaving:
        return None
    since = min((grant.ending_at for grant in leaving if grant.ending_at is not None), default=now)
    return BeingTakenAway(request=request.ref, since=since)


def _nothing(request: AccessRequest, given: Sequence[Grant]) -> Refusal:
    if any(grant.state is GrantState.HELD for grant in given):
        return HeldBefore(request=request.ref, ram_user=request.principal.name)
    return NothingToRevoke(request=request.ref)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What becomes of all that somebody had, or was still to get."""

    ended: tuple[Grant, ...] = ()
    under_way: tuple[Grant, ...] = ()
    """Was being taken away already, and is tried again at once."""
    cancelled: tuple[AccessRequest, ...] = ()


def revoke_all(ledger: Ledger, ram_user_id: RamUserId, by: str, now: DomainMillis) -> Leaving:
    """Somebody has left: end every grant of ours to this RAM user, and cancel what is still asked for them."""
    with ledger.write() as tx:
        return revoke_all_in(tx, ram_user_id, now, None, by=by)


def revoke_all_in(
    tx: Tx, ram_user_id: RamUserId, now: DomainMillis, by_slack: SlackUserId | None, **said: str | None
) -> Leaving:
    """`by_slack`: who clicked for it, if somebody did; `said`: more of who had it done, for the audit trail."""
    given = open_grants.unfinished_of(tx, ram_user_id)
    ending = [grant for grant in given if grant.state in ENDABLE]
    leaving = [grant for grant in given if grant.state is GrantState.ENDING]
    end_in(tx, ending, now, EndCause.LEFT)
    for grant in leaving:
        enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
    for request_id in sorted({grant.request_id for grant in ending}):
        request = requests.get(tx, request_id)
        if request:
            enqueue.redraw(tx, now, request)
        trail.append_event(tx, now, AuditEvent.LEFT, request_id=request_id, by_slack=by_slack, **said)
    cancelled = open_requests.waiting_for_user(tx, ram_user_id)
    for request in cancelled:
        cancel_in(tx, request, now, by=by_slack, reason=CloseReason.LEFT)
    return Leaving(tuple(ending), tuple(leaving), tuple(cancelled))


def end_in(tx: Tx, ending: Sequence[Grant], now: DomainMillis, cause: EndCause) -> None:
    """The record first: what was never attached is void, the rest is detached by the worker, before anything else."""
    apply(tx, now, end(ending, now, cause))
    for key in {grant.key for grant in ending}:
        enqueue.reconcile(tx, key, now, REVOKE_FIRST)
