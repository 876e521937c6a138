"""An approver says whether what somebody took in an emergency was justified; where not, it is revoked."""

from __future__ import annotations

from approvals import rules, text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.emergency import Emergency, EmergencyReview, EmergencyVerdict
from approvals.evidence import Holders
from approvals.grant import EndCause
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, emergencies, grants, requests, trail
from approvals.millis import DAY, DomainMillis
from approvals.model import AccessRequest
from approvals.operations.revoke import ENDABLE, end_in
from approvals.outbox import enqueue, reminders
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.break_glass import EmergencyReviewedAlready, NoEmergency
from approvals.refusals.people import NotLinked
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act

BARRED_FOR_MS = 30 * DAY
"""Milliseconds, where the catalogue says nothing of break-glass any more."""


def review_emergency(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    request_id: int,
    verdict: EmergencyVerdict,
    words: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> AccessRequest:
    """Record a reviewer's word. What was not justified is revoked, if it still runs, and whoever took it takes nothing
    so for a time that the catalogue sets.

    Raises:
        Refusal: the word does not count, and why.
    """
    with ledger.write() as tx:
        request = requests.get(tx, request_id)
        known = standing(tx, team_id, actor, admins, request)
        reviewer = rules.authorise(Act.REVIEW_EMERGENCY, actor, known, request)
        if request is None:
            raise UnknownRequest()
        if reviewer is None:
            raise NotLinked()
        check_under_review(tx, request)
        for refusal in text_input.against_reason(words):
            raise refusal
        until = _barred_until(catalog, now) if verdict is EmergencyVerdict.NOT_JUSTIFIED else None
        review = EmergencyReview(verdict, text_input.checked(words), now, actor.user_id, until)
        emergencies.put_review(tx, request.id, review)
        reminders.cancel(tx, request.id)
        by = {"by_slack": actor.user_id, "by_ram_user": reviewer.name, "by_ram_user_id": reviewer.user_id}
        if verdict is EmergencyVerdict.NOT_JUSTIFIED:
            _revoke(tx, request, now, by)
        enqueue.direct_message(tx, now, request.requester, MessageKind.REVIEWED, request.id)
        enqueue.redraw(tx, now, request)
        said = {"verdict": verdict.value, "reason": review.words, "barred_until": until}
        trail.append_event(tx, now, AuditEvent.EMERGENCY_REVIEWED, request_id=request.id, **by, **said)
    return request


def check_under_review(tx: Tx, request: AccessRequest) -> Emergency:
    """The emergency that a request was, which nobody has reviewed.

    Raises:
        Refusal: it was none, or somebody was first.
    """
    emergency = emergencies.of_request(tx, request.id)
    if emergency is None:
        raise NoEmergency(request=request.ref)
    if emergency.review is not None:
        raise EmergencyReviewedAlready(request=request.ref, by=emergency.review.by)
    return emergency


def _revoke(tx: Tx, request: AccessRequest, now: DomainMillis, by: dict[str, str]) -> None:
    ending = [grant for grant in grants.of_request(tx, request.id) if grant.state in ENDABLE]
    if ending:
        end_in(tx, ending, now, EndCause.TAKEN_BACK)
        trail.append_event(tx, now, AuditEvent.TAKEN_BACK, request_id=request.id, **by)


def _barred_until(catalog: Catalog, now: DomainMillis) -> DomainMillis:
    terms = catalog.break_glass
    return DomainMillis(now + (terms.barred_for if terms else BARRED_FOR_MS))
