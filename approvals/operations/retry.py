"""Try a failed grant again, as long as the request's time has not run out."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.evidence import Holders
from approvals.grant import Grant, GrantState
from approvals.ledger import Ledger, Tx, grants, people, requests, trail
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.outbox import enqueue, timers
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.catalog import ItemGone
from approvals.refusals.grant import NothingToRetry
from approvals.refusals.links import LinkStale
from approvals.refusals.request import UnknownRequest
from approvals.refusals.service import SlackSilent
from approvals.rules import Act


def retryable(request: AccessRequest, given: list[Grant], now: DomainMillis) -> list[Grant]:
    """The grants among these that may be tried again: the failed ones, while the request's time has not run out."""
    if request.ends_at is not None and request.ends_at <= now:
        return []
    return [grant for grant in given if grant.state is GrantState.FAILED]


def retry(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    request_id: int,
    actor: Person,
    admins: Holders,
    subject: Person | None,
    now: DomainMillis,
) -> AccessRequest:
    """Have the failed grants of a request attached after all. Returns the request as it was before. `subject` is None
    where nobody gets it in person.

    Raises:
        Refusal: not an approver, unknown, no longer in the catalogue, its subject no full member any more or no
            longer that RAM user, or nothing that could be tried again.
    """
    with ledger.write() as tx:
        request = requests.get(tx, request_id)
        rules.authorise(Act.RETRY, actor, standing(tx, team_id, actor, admins, request), request)
        if request is None:
            raise UnknownRequest()
        if not request.of_account:
            _may_still_get_it(tx, request, subject)
        again = retryable(request, grants.of_request(tx, request_id), now)
        if not again:
            raise NothingToRetry(request=request.ref)
        if not {grant.entitlement for grant in again} <= catalog.entitlements:
            raise ItemGone(item=request.item)
        for grant in again:
            grants.move(tx, grant, GrantState.PLANNED, **grants.error_columns(None, None))
            enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)
            if request.ends_at is not None:
                timers.schedule_alarm(tx, grant.id, grant.entitlement, request.ends_at)
        enqueue.redraw(tx, now, request)
        trail.append_event(tx, now, AuditEvent.TRIED_AGAIN, request_id=request_id, by_slack=actor.user_id)
    return request


def _may_still_get_it(tx: Tx, request: AccessRequest, subject: Person | None) -> None:
    """The approval was for somebody who was a full member, and that RAM user."""
    if subject is None:
        raise SlackSilent()
    rules.check_full_member(subject, request.team_id, other=True)
    link = people.link_of_person(tx, request.team_id, subject)
    if link is None or link.principal.user_id != request.principal.user_id:
        raise LinkStale(ram_user=request.principal.name, subject=request.subject)
