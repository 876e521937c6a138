"""The subject of a request says whether they are the RAM user that somebody else claims they are."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.evidence import DecisionEvidence
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, identity_claims, notices, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, CloseReason, RequestState
from approvals.notice import Notice
from approvals.operations.approval_tally import tally_approvals
from approvals.operations.cancel import cancel_in
from approvals.operations.check_possible import check_possible
from approvals.operations.claims import waits_for_subject
from approvals.operations.close_request import already_closed
from approvals.operations.grant_agreed import grant_agreed
from approvals.operations.standing_rules import check_rules
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.grant import NotYours
from approvals.refusals.message import NoticeResolved, UnknownNotice


def request_of(tx: Tx, notice_id: str) -> tuple[Notice, AccessRequest]:
    """What such a question is about.

    Raises:
        Refusal: UnknownNotice.
    """
    notice = notices.get(tx, notice_id)
    request = requests.get(tx, int(notice.about)) if notice and notice.kind == NoticeKind.CLAIM else None
    if notice is None or request is None:
        raise UnknownNotice()
    return notice, request


def confirm_subject(
    ledger: Ledger, catalog: Catalog, team_id: str, notice_id: str, evidence: DecisionEvidence, now: DomainMillis
) -> AccessRequest:
    """The subject says "yes, that is me"; where enough have approved already, it is given now.

    Returns the request after it.

    Raises:
        Refusal: it is not theirs to say, said already, or the request cannot be given any more.
    """
    with ledger.write() as tx:
        notice, request = _asked(tx, team_id, notice_id, evidence.actor, now)
        identity_claims.subject_said(tx, request.id, now)
        close_notice(tx, now, notice.id, NoticeOutcome.CONFIRMED, evidence.actor.user_id)
        actor = standing(tx, team_id, evidence.actor, evidence.admins, request)
        found = tally_approvals(tx, request, evidence, actor.requester_ram_id)
        said = {"by_slack": evidence.actor.user_id, **found.audit_fields}
        trail.append_event(tx, now, AuditEvent.CLAIM_CONFIRMED, request_id=request.id, **said)
        if len(found.counting) < request.approvals_needed or not found.agreed.parts:
            check_possible(tx, catalog, request, evidence, request.entitlements)
            enqueue.redraw(tx, now, request)
        else:
            check_possible(tx, catalog, request, evidence, found.agreed.parts)
            check_rules(tx, catalog, request, now)
            given = grant_agreed(tx, request, found.counting[-1].slack_user_id, now, found.agreed)
            trail.append_event(tx, now, AuditEvent.APPROVED, request_id=request.id, count=len(found.counting), **given)
        return requests.get(tx, request.id) or request


def refuse_subject(ledger: Ledger, team_id: str, notice_id: str, actor: Person, now: DomainMillis) -> AccessRequest:
    """The subject says "no, not me": the request is closed.

    Raises:
        Refusal: it is not theirs to say, or said already.
    """
    with ledger.write() as tx:
        notice, request = _asked(tx, team_id, notice_id, actor, now)
        close_notice(tx, now, notice.id, NoticeOutcome.REFUSED, actor.user_id)
        cancel_in(tx, request, now, by=actor.user_id, reason=CloseReason.SUBJECT_REFUSED)
    return request


def _asked(tx: Tx, team_id: str, notice_id: str, actor: Person, now: DomainMillis) -> tuple[Notice, AccessRequest]:
    notice, request = request_of(tx, notice_id)
    rules.check_full_member(actor, team_id)
    if request.subject not in actor.ids:
        raise NotYours(request=request.ref)
    if request.state is not RequestState.PENDING:
        raise already_closed(request)
    if request.expires_at <= now or not waits_for_subject(request, identity_claims.of_request(tx, request.id)):
        raise NoticeResolved()
    return notice, request
