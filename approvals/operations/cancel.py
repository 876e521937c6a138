"""Withdraw a request that is still pending, or that was approved for later."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, requests
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.close_request import Closing, already_closed, close_request
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act


def cancel(ledger: Ledger, team_id: str, request_id: int, actor: Person, now: DomainMillis) -> AccessRequest:
    """Withdraw a request that nothing was granted of. Returns it as it was before.

    Raises:
        Refusal: not theirs, unknown, or no longer waiting.
    """
    with ledger.write() as tx:
        request = cancellable(tx, team_id, request_id, actor)
        cancel_in(tx, request, now, by=actor.user_id)
    return request


def cancellable(tx: Tx, team_id: str, request_id: int, actor: Person) -> AccessRequest:
    """What `cancel` would withdraw.

    Raises:
        Refusal: not theirs, unknown, or no longer waiting.
    """
    request = requests.get(tx, request_id)
    rules.authorise(Act.CANCEL, actor, standing(tx, team_id, actor), request)
    if request is None:
        raise UnknownRequest()
    if request.state not in (RequestState.PENDING, RequestState.SCHEDULED):
        raise already_closed(request)
    return request


def cancel_in(
    tx: Tx, request: AccessRequest, now: DomainMillis, *, by: SlackUserId | None, reason: str | None = None
) -> None:
    """Cancel it, whoever `by` is: None when the program itself does. `reason`: a `CloseReason`."""
    cancelled = Closing(RequestState.CANCELLED, AuditEvent.CANCELLED, MessageKind.CANCELLED, by, reason)
    close_request(tx, request, now, cancelled, by_slack=by, reason=reason)
