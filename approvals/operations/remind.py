"""Remind approvers now of a request that waits, because whoever asked for it wants that."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, Tx, requests, trail
from approvals.millis import HOUR, DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.close_request import already_closed
from approvals.outbox import reminders
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.grant import RemindedAlready
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act

INTERVAL_MS = HOUR
"""Milliseconds between two reminders of one request that somebody wants."""


def remind(ledger: Ledger, team_id: str, request_id: int, actor: Person, now: DomainMillis) -> AccessRequest:
    """Have those who have not decided reminded at once, whether or not they work now.

    Raises:
        Refusal: they did not ask for it, it is unknown, no longer pending, or was reminded of within the hour.
    """
    with ledger.write() as tx:
        request = requests.get(tx, request_id)
        rules.authorise(Act.REMIND, actor, standing(tx, team_id, actor), request)
        if request is None:
            raise UnknownRequest()
        if request.state is not RequestState.PENDING:
            raise already_closed(request)
        last = _last(tx, request_id)
        if last is not None and now - last < INTERVAL_MS:
            raise RemindedAlready(request=request.ref, until=DomainMillis(last + INTERVAL_MS))
        reminders.at_once(tx, request, now)
        trail.append_event(tx, now, AuditEvent.REMINDED, request_id=request.id, by_slack=actor.user_id)
    return request


def _last(tx: Tx, request_id: int) -> DomainMillis | None:
    """It stands in the trail alone."""
    said = (entry for entry in trail.of_request(tx, request_id) if entry.fields["event"] == AuditEvent.REMINDED)
    return max((entry.moment for entry in said), default=None)
