"""Approve or deny: one winner, judged on what RAM said a moment ago, in the transaction that plans the grants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals import rules, written
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.evidence import DecisionEvidence
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, cards, decisions, grants, identity_claims, people, requests, trail
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, ClaimState, Decision, Entitlement, Principal, RequestState, Verdict
from approvals.operations.claims import ask_subject, claim_still_fits, confirm_claim, waits_for_subject
from approvals.operations.close_request import Closing, close_request
from approvals.operations.expire import expire_in
from approvals.operations.terms import ApprovalTerms, agreed_on, narrowed
from approvals.outbox import enqueue
from approvals.queries.actor import may_decide, standing
from approvals.refusals.catalog import ItemGone
from approvals.refusals.decision import AlreadyApproved, AlreadyClosed, NothingCommon
from approvals.refusals.links import LinkStale, UserGone
from approvals.refusals.message import WrongCard
from approvals.refusals.people import NotLinked
from approvals.refusals.request import UnknownRequest
from approvals.refusals.service import SlackSilent
from approvals.refusals.status import RoleGone, RoleUnfit
from approvals.rules import Act


def check_card(tx: Tx, request_id: int, channel: str, ts: str) -> None:
    """A click says which request it means; the message that it was made on must be a copy of that request's card.

    An unknown copy (posted just before a crash) is registered, so that it is redrawn with the rest.

    Raises:
        Refusal: no such request, or the message shows another one.
    """
    request = requests.get(tx, request_id)
    if request is None:
        raise UnknownRequest()
    if cards.add(tx, request_id, channel, ts, drawn_version=0).request_id != request_id:
        raise WrongCard()


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
) -> AccessRequest:
    """Record an approver's word; with the last approval that is needed, plan the grants. Returns the request after it.
    `terms` are what an approval is for; without any, all that was asked for as long as was asked.

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
            overdue = closed(request)
        elif request.state is not RequestState.PENDING:
            raise closed(request)
        elif verdict is Verdict.DENY:
            _deny(tx, request, approver, evidence.actor.user_id, now, reason)
        else:
            _approve(tx, catalog, request, approver, evidence, actor, now, terms or ApprovalTerms())
        after = requests.get(tx, request_id)
    if overdue:
        raise overdue
    if after is None:
        raise UnknownRequest()
    return after


def closed(request: AccessRequest) -> AlreadyClosed:
    """What is said to whoever decides on a request that is closed.

    Raises:
        ValueError: it still waits for a decision.
    """
    if request.closed_at is None:
        raise ValueError(f"{request.ref} is not closed")
    return AlreadyClosed(
        request=request.ref,
        state=request.state,
        by=request.closed_by,
        at=request.closed_at,
        close_reason=request.close_reason,
    )


def _deny(
    tx: Tx, request: AccessRequest, approver: Principal, slack_id: SlackUserId, now: DomainMillis, reason: str | None
) -> None:
    for refusal in written.against_reason(reason or ""):
        raise refusal
    kept = written.kept(reason or "")
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
) -> None:
    slack_id = evidence.actor.user_id
    terms = narrowed(request, terms)
    before = decisions.of_request(tx, request.id)
    if any(word.principal.user_id == approver.user_id and word.counted for word in before):
        raise AlreadyApproved(request=request.ref)
    check_possible(tx, catalog, request, evidence, terms.parts or request.entitlements)
    word = Decision(request.id, approver, slack_id, Verdict.APPROVE, None, now, True, terms.parts, terms.duration)
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
        **found.told,
        "needed": request.approvals_needed,
        "waits_for_subject": waits or None,
    }
    if len(found.counting) < request.approvals_needed or waits:
        enqueue.redraw(tx, now, request)
        trail.append_event(tx, now, AuditEvent.APPROVAL, request_id=request.id, **fields)
        return
    given = grant_agreed(tx, request, slack_id, now, found.agreed)
    trail.append_event(tx, now, AuditEvent.APPROVED, request_id=request.id, **given, **fields)


@dataclass(frozen=True, slots=True)
class ApprovalTally:
    """The approvals of a request, as they stand now."""

    counting: list[Decision]
    lapsed: list[Decision]
    """Do not count any more; they may be given again."""
    agreed: ApprovalTerms
    """What those that count have in common."""

    @property
    def told(self) -> dict[str, Any]:
        """For the trail."""
        return {
            "count": len(self.counting),
            "no_longer_counting": [word.principal.name for word in self.lapsed] or None,
            "no_longer_counting_ids": [word.principal.user_id for word in self.lapsed] or None,
        }


def tally_approvals(
    tx: Tx, request: AccessRequest, evidence: DecisionEvidence, requester_ram_id: RamUserId | None
) -> ApprovalTally:
    """Count the approvals on what RAM and Slack say now; those that lapsed are discounted.

    Raises:
        Refusal: SlackSilent, it does not tell of somebody who approved before.
    """
    own = {request.principal.user_id, request.requester_ram_id, requester_ram_id}
    eligible = may_decide(tx, evidence.admins) - own
    counting, lapsed = rules.valid_approvals(
        decisions.of_request(tx, request.id), eligible, _accounts(tx, request, evidence)
    )
    for word in lapsed:
        decisions.discount(tx, request.id, word.principal.user_id)
    return ApprovalTally(counting, lapsed, agreed_on(request, counting))


def _accounts(tx: Tx, request: AccessRequest, evidence: DecisionEvidence) -> frozenset[tuple[RamUserId, SlackUserId]]:
    """(RAM UserId, Slack user id) of those who are linked so, and whose accounts may decide now.

    Raises:
        Refusal: SlackSilent, it does not tell of somebody who approved before.
    """
    given = [word for word in decisions.of_request(tx, request.id) if word.verdict is Verdict.APPROVE and word.counted]
    known = {evidence.actor.user_id: evidence.actor, **evidence.approvers}
    if any(word.slack_user_id not in known for word in given):
        raise SlackSilent()
    return frozenset(
        (link.principal.user_id, slack_id)
        for slack_id, person in known.items()
        if rules.is_genuine(person, request.team_id) and (link := people.link_of_person(tx, request.team_id, person))
    )


def check_possible(
    tx: Tx, catalog: Catalog, request: AccessRequest, evidence: DecisionEvidence, parts: tuple[Entitlement, ...]
) -> None:
    """The catalogue, the RAM user or role and the claim must still be what they were when it was asked. A part that
    left the catalogue does not keep the others from being approved without it.

    Raises:
        Refusal: something is not, and what.
    """
    if not set(parts) <= catalog.entitlements:
        raise ItemGone(item=request.item)
    if evidence.user is None or evidence.user.user_id != request.principal.user_id:
        if request.of_account:
            raise RoleGone(role=request.principal.name)
        raise UserGone(ram_user=request.principal.name, subject=request.subject)
    if request.of_account:
        repair = catalog.repairs.get(request.item)
        if repair is None or repair.role != request.principal.name or not evidence.fits:
            raise RoleUnfit(role=request.principal.name)
        return
    if evidence.subject is None:
        raise SlackSilent()
    rules.genuine(evidence.subject, request.team_id, other=True)
    link = people.link_of_person(tx, request.team_id, evidence.subject)
    claim = identity_claims.of_request(tx, request.id)
    if link is not None:
        if link.principal.user_id != request.principal.user_id:
            raise LinkStale(ram_user=request.principal.name, subject=request.subject)
        return
    if claim is None or claim.state is not ClaimState.PENDING:
        raise LinkStale(ram_user=request.principal.name, subject=request.subject)
    claim_still_fits(tx, request, claim, evidence.subject, evidence)


def grant_agreed(
    tx: Tx, request: AccessRequest, slack_id: SlackUserId, now: DomainMillis, agreed: ApprovalTerms
) -> dict[str, Any]:
    """The last that was needed has been said: close the request as approved and plan its grants. `slack_id` gave the
    last approval. What the trail has to say of it.
    """
    ends_at = None if agreed.duration is None else now + agreed.duration
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=slack_id, ends_at=ends_at)
    for entitlement in agreed.parts or ():
        grants.plan(tx, request.id, request.principal, entitlement, ends_at)
    for grant in grants.of_request(tx, request.id):
        enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)
        if ends_at is not None:
            enqueue.alarm(tx, grant.id, ends_at)
    if ends_at is not None:
        enqueue.give_up_failed(tx, request.id, ends_at)
    if ends_at is not None and (agreed.duration or 0) > enqueue.MIN_REMINDED_MS:
        enqueue.remind(tx, request, ends_at)
    enqueue.no_longer_expires(tx, request.id)
    confirm_claim(tx, request, now)
    enqueue.tell_both(tx, now, request, MessageKind.APPROVED)
    enqueue.redraw(tx, now, request)
    given = {str(grant.id): str(grant.entitlement) for grant in grants.of_request(tx, request.id)}
    return {"closed_by": slack_id, "ends_at": ends_at, "grants": given}
