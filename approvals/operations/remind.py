"""Remind approvers now of a request that waits, because whoever asked for it wants that."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, Tx, decisions, requests, trail
from approvals.millis import HOUR, DomainMillis
from approvals.model import AccessRequest, RequestState, Verdict
from approvals.operations.close_request import already_closed
from approvals.outbox import reminders
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.queries.away import TooFewHere, known_approvers, too_few_here
from approvals.refusals.grant import RemindedAlready
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act

INTERVAL_MS = HOUR
"""Milliseconds between two reminders of one request that somebody wants."""
_OF_REMINDING = (AuditEvent.REMINDED, AuditEvent.NOBODY_REMINDED)


def remind(ledger: Ledger, team_id: str, request_id: int, actor: Person, now: DomainMillis) -> TooFewHere | None:
    """Have those who have not decided reminded at once, whether or not they work now. Where all of them are away it
    answers who they are: nobody is reminded, and it can be wanted again at any time.

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
        if (away := _all_away(tx, request)) is not None:
            return away
        reminders.at_once(tx, request, now)
        trail.append_event(tx, now, AuditEvent.REMINDED, request_id=request.id, by_slack=actor.user_id)
    return None


def _all_away(tx: Tx, request: AccessRequest) -> TooFewHere | None:
    """Those who were asked, or may decide since, and have not approved; None where one of them is here."""
    words = decisions.of_request(tx, request.id)
    approved = [word.slack_user_id for word in words if word.verdict is Verdict.APPROVE and word.counted]
    without = (request.requester, request.subject, *approved)
    since = known_approvers(tx, request.team_id, without)
    left = [each for each in dict.fromkeys((*request.asked_approvers, *since)) if each not in without]
    return too_few_here(tx, request.team_id, 1, left)


def _last(tx: Tx, request_id: int) -> DomainMillis | None:
    """It stands in the trail alone. One that found nobody was none."""
    said = [entry for entry in trail.of_request(tx, request_id) if entry.fields["event"] in _OF_REMINDING]
    if not said or said[-1].fields["event"] == AuditEvent.NOBODY_REMINDED:
        return None
    return max(entry.moment for entry in said)
