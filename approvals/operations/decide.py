"""Approve or deny: one winner, judged on what RAM said a moment ago, in the transaction that plans the grants."""

from __future__ import annotations

from approvals import rules, text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.evidence import DecisionEvidence
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, decisions, identity_claims, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, Decision, RequestState, Verdict
from approvals.operations.approval_tally import tally_approvals
from approvals.operations.check_possible import check_possible
from approvals.operations.claims import ask_subject, waits_for_subject
from approvals.operations.close_request import Closing, already_closed, close_request
from approvals.operations.expire import expire_in
from approvals.operations.extend import check_still_extends
from approvals.operations.grant_agreed import grant_agreed
from approvals.operations.policy_reviews.compare import check_reviewed
from approvals.operations.standing_rules import check_rules
from approvals.operations.terms import ApprovalTerms, narrowed
from approvals.outbox import enqueue
from approvals.people import Principal
from approvals.policies.reviewed import PoliciesNow
from approvals.queries.actor import standing
from approvals.refusals.decision import AlreadyApproved, NoteMissing, NothingCommon
from approvals.refusals.people import NotLinked
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act


def decide(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    request_id: int,
    verdict: Verdict,
    evidence: DecisionEvidence,
    now: DomainMillis,
    reason: str | None = None,
    *,
    terms: ApprovalTerms | None = None,
    policies: PoliciesNow | None = None,
    review_required: bool = False,
) -> AccessRequest:
    """Record an approver's word; with the last approval that is needed, plan the grants. Returns the request after it.
    `policies`: those of its parts that have to be the ones that were reviewed, as RAM shows them now.
    `terms` are what an approval is for; without any, all that was asked for as long as was asked. `reason`: of a
    denial, or the note that an approval has to have where the catalogue wants one.

    Raises:
        Refusal: the word does not count, and why. A request whose time is over is closed all the same.
    """
    overdue: Refusal | None = None
    with ledger.write() as tx:
        request = requests.get(tx, request_id)
        if request is None:
            raise UnknownRequest()
        actor = standing(tx, team_id, evidence.actor, evidence.admins, request)
        approver = rules.authorise(Act.DECIDE, evidence.actor, actor, request)
        if approver is None:
            raise NotLinked()
        if request.state is RequestState.PENDING and request.expires_at <= now:
            request = expire_in(tx, request, now)
            overdue = already_closed(request)
        elif request.state is not RequestState.PENDING:
            raise already_closed(request)
        elif verdict is Verdict.DENY:
            _deny(tx, request, approver, evidence.actor.user_id, now, reason)
        else:
            agreed = narrowed(request, terms or ApprovalTerms(), catalog)
            note = _note(catalog, request, reason)
            _approve(tx, catalog, request, approver, evidence, actor, now, agreed, note)
            parts = agreed.parts or request.entitlements
            check_reviewed(tx, parts, policies or {}, required=review_required)
        after = requests.get(tx, request_id)
    if overdue:
        raise overdue
    if after is None:
        raise UnknownRequest()
    return after


def against_note(text: str) -> list[Refusal]:
    """What speaks against it as the note that an approval has to have."""
    return [NoteMissing()] if text_input.is_blank(text) else text_input.refusals_of(text)


def _note(catalog: Catalog, request: AccessRequest, reason: str | None) -> str | None:
    if not catalog.wants_note(request.item, request.entitlements):
        return None
    for refusal in against_note(reason or ""):
        raise refusal
    return text_input.checked(reason or "")


def _deny(
    tx: Tx, request: AccessRequest, approver: Principal, slack_id: SlackUserId, now: DomainMillis, reason: str | None
) -> None:
    for refusal in text_input.against_reason(reason or ""):
        raise refusal
    kept = text_input.checked(reason or "")
    decisions.add(tx, Decision(request.id, approver, slack_id, Verdict.DENY, kept, now, True))
    denied = Closing(RequestState.DENIED, AuditEvent.DENIED, MessageKind.DENIED, slack_id, kept)
    by = {"by_slack": slack_id, "by_ram_user": approver.name, "by_ram_user_id": approver.user_id}
    close_request(tx, request, now, denied, **by, reason=kept)


def _approve(
    tx: Tx,
    catalog: Catalog,
    request: AccessRequest,
    approver: Principal,
    evidence: DecisionEvidence,
    actor: rules.Standing,
    now: DomainMillis,
    terms: ApprovalTerms,
    note: str | None,
) -> None:
    slack_id = evidence.actor.user_id
    before = decisions.of_request(tx, request.id)
    if any(word.principal.user_id == approver.user_id and word.counted for word in before):
        raise AlreadyApproved(request=request.ref)
    check_possible(tx, catalog, request, evidence, terms.parts or request.entitlements)
    check_still_extends(tx, catalog, request, terms.duration or request.duration, now)
    check_rules(tx, catalog, request, now)
    word = Decision(request.id, approver, slack_id, Verdict.APPROVE, note, now, True, terms.parts, terms.duration)
    decisions.add(tx, word)
    found = tally_approvals(tx, request, evidence, actor.requester_ram_id)
    if not found.agreed.parts:
        raise NothingCommon(request=request.ref)
    waits = waits_for_subject(request, identity_claims.of_request(tx, request.id))
    if waits:
        ask_subject(tx, request, now)
    fields = {
        "left_out": [str(part) for part in request.entitlements if part not in (terms.parts or request.entitlements)]
        or None,
        "shortened_to_ms": terms.duration,
        "by_slack": slack_id,
        "by_ram_user": approver.name,
        "by_ram_user_id": approver.user_id,
        **found.audit_fields,
        "needed": request.approvals_needed,
        "note": note,
        "waits_for_subject": waits or None,
    }
    if len(found.counting) < request.approvals_needed or waits:
        enqueue.redraw(tx, now, request)
        trail.append_event(tx, now, AuditEvent.APPROVAL, request_id=request.id, **fields)
        return
    given = grant_agreed(tx, request, slack_id, now, found.agreed)
    trail.append_event(tx, now, AuditEvent.APPROVED, request_id=request.id, **given, **fields)
