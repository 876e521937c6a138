"""Approve or deny: one winner, judged on what RAM said a moment ago, in the transaction that plans the grants."""

from __future__ import annotations

from approvals import rules, written
from approvals.catalog import Catalog
from approvals.errors import Refusal, Why
from approvals.evidence import DecisionEvidence, address_of_another, same_address
from approvals.ledger import Ledger, Tx, cards, grants, people, requests, trail
from approvals.ledger.jobs import GRANT_NEXT
from approvals.model import AccessRequest, Claim, Decision, Entitlement, Link, Person, Principal, RequestState, Verdict
from approvals.operations import consequences
from approvals.operations.expire import expire_in
from approvals.operations.standing import may_decide, standing
from approvals.operations.terms import Terms, agreed_on, narrowed
from approvals.rules import Act

CLAIM_LOST, OTHER_CLAIM = "claim lost", "other claim confirmed"
"""Why a request with a claim is closed: its RAM user is somebody else's, or its subject is another RAM user."""


def check_card(tx: Tx, request_id: int, channel: str, ts: str) -> None:
    """A click says which request it means; the message that it was made on must be a copy of that request's card.

    An unknown copy (posted just before a crash) is registered, so that it is redrawn with the rest.

    Raises:
        Refusal: no such request, or the message shows another one.
    """
    request = requests.get(tx, request_id)
    if request is None:
        raise Refusal(Why.UNKNOWN_REQUEST)
    if cards.add(tx, request_id, channel, ts, drawn_version=0).request_id != request_id:
        raise Refusal(Why.WRONG_CARD)


def decide(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    request_id: int,
    verdict: Verdict,
    evidence: DecisionEvidence,
    now: int,
    reason: str | None = None,
    *,
    terms: Terms | None = None,
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
            raise Refusal(Why.UNKNOWN_REQUEST)
        actor = standing(tx, team_id, evidence.actor, evidence.admins, request)
        approver = rules.authorise(Act.DECIDE, evidence.actor, actor, request)
        if approver is None:
            raise Refusal(Why.NOT_LINKED)
        if request.state is RequestState.PENDING and request.expires_at <= now:
            request = expire_in(tx, request, now)
            overdue = closed(request)
        elif request.state is not RequestState.PENDING:
            raise closed(request)
        elif verdict is Verdict.DENY:
            _deny(tx, request, approver, evidence.actor.user_id, now, reason)
        else:
            _approve(tx, catalog, request, approver, evidence, actor, now, terms or Terms())
        after = requests.get(tx, request_id)
    if overdue:
        raise overdue
    if after is None:
        raise Refusal(Why.UNKNOWN_REQUEST)
    return after


def closed(request: AccessRequest) -> Refusal:
    return Refusal(
        Why.ALREADY_CLOSED,
        request=request.ref,
        state=request.state.value,
        by=request.closed_by,
        at=request.closed_at,
        reason=request.close_reason,
    )


def _deny(tx: Tx, request: AccessRequest, approver: Principal, slack_id: str, now: int, reason: str | None) -> None:
    if written.is_blank(reason or ""):
        raise Refusal(Why.REASON_MISSING, item=request.item)
    kept = written.kept(reason or "")
    requests.add_decision(tx, Decision(request.id, approver, slack_id, Verdict.DENY, kept, now, True))
    requests.close(tx, request.id, RequestState.DENIED, now=now, by=slack_id, reason=kept)
    requests.set_claim(tx, request.id, "closed")
    consequences.no_longer_expires(tx, request.id)
    consequences.tell_both(tx, now, request, "denied")
    consequences.redraw(tx, now, request)
    trail.record(
        tx,
        now,
        "denied",
        request_id=request.id,
        by_slack=slack_id,
        by_ram_user=approver.name,
        by_ram_user_id=approver.user_id,
        reason=kept,
    )


def _approve(
    tx: Tx,
    catalog: Catalog,
    request: AccessRequest,
    approver: Principal,
    evidence: DecisionEvidence,
    actor: rules.Standing,
    now: int,
    terms: Terms,
) -> None:
    slack_id = evidence.actor.user_id
    terms = narrowed(request, terms)
    given = requests.decisions(tx, request.id)
    if any(word.principal.user_id == approver.user_id and word.counted for word in given):
        raise Refusal(Why.ALREADY_APPROVED, request=request.ref)
    _still_possible(tx, catalog, request, evidence, terms.parts or request.entitlements)
    word = Decision(request.id, approver, slack_id, Verdict.APPROVE, None, now, True, terms.parts, terms.duration)
    requests.add_decision(tx, word)
    own = {request.principal.user_id, request.requester_ram_id, actor.requester_ram_id}
    eligible = may_decide(tx, evidence.admins) - own
    counting, lapsed = rules.valid_approvals(
        requests.decisions(tx, request.id), eligible, _accounts(tx, request, evidence)
    )
    for word in lapsed:
        requests.discount(tx, request.id, word.principal.user_id)
    agreed = agreed_on(request, counting)
    if not agreed.parts:
        raise Refusal(Why.NOTHING_COMMON, request=request.ref)
    fields = {
        "left_out": [str(part) for part in request.entitlements if part not in (terms.parts or request.entitlements)]
        or None,
        "shortened_to_ms": terms.duration,
        "by_slack": slack_id,
        "by_ram_user": approver.name,
        "by_ram_user_id": approver.user_id,
        "no_longer_counting": [word.principal.name for word in lapsed] or None,
        "count": len(counting),
        "needed": request.approvals_needed,
    }
    if len(counting) < request.approvals_needed:
        consequences.redraw(tx, now, request)
        trail.record(tx, now, "approval", request_id=request.id, **fields)
        return
    _grant(tx, request, slack_id, now, agreed)
    trail.record(tx, now, "approved", request_id=request.id, **fields)


def _accounts(tx: Tx, request: AccessRequest, evidence: DecisionEvidence) -> frozenset[tuple[str, str]]:
    """(RAM UserId, Slack user id) of those who are linked so, and whose accounts may decide now.

    Raises:
        Refusal: SLACK_SILENT, it does not tell of somebody who approved before.
    """
    given = [word for word in requests.decisions(tx, request.id) if word.verdict is Verdict.APPROVE and word.counted]
    known = {evidence.actor.user_id: evidence.actor, **evidence.approvers}
    if any(word.slack_user_id not in known for word in given):
        raise Refusal(Why.SLACK_SILENT)
    return frozenset(
        (link.principal.user_id, link.slack_user_id)
        for link in people.links(tx, request.team_id)
        if link.slack_user_id in known and rules.is_genuine(known[link.slack_user_id], request.team_id)
    )


def _still_possible(
    tx: Tx, catalog: Catalog, request: AccessRequest, evidence: DecisionEvidence, parts: tuple[Entitlement, ...]
) -> None:
    """The catalogue, the RAM user or role and the claim must still be what they were when it was asked. A part that
    left the catalogue does not keep the others from being approved without it."""
    if not set(parts) <= catalog.entitlements:
        raise Refusal(Why.ITEM_GONE, item=request.item)
    if evidence.user is None or evidence.user.user_id != request.principal.user_id:
        if request.of_account:
            raise Refusal(Why.ROLE_GONE, role=request.principal.name)
        raise Refusal(Why.USER_GONE, ram_user=request.principal.name, subject=request.subject)
    if request.of_account:
        mend = catalog.mends.get(request.item)
        if mend is None or mend.role != request.principal.name or not evidence.fits:
            raise Refusal(Why.ROLE_UNFIT, role=request.principal.name)
        return
    if evidence.subject is None:
        raise Refusal(Why.SLACK_SILENT)
    rules.genuine(evidence.subject, request.team_id, other=True)
    link = people.link_of_person(tx, request.team_id, evidence.subject)
    claim = requests.claim(tx, request.id)
    if link is not None:
        if link.principal.user_id != request.principal.user_id:
            raise Refusal(Why.LINK_STALE, ram_user=request.principal.name, subject=request.subject)
        return
    if claim is None or claim.state != "pending":
        raise Refusal(Why.LINK_STALE, ram_user=request.principal.name, subject=request.subject)
    _claim_still_fits(tx, request, claim, evidence.subject, evidence)


def _claim_still_fits(
    tx: Tx, request: AccessRequest, claim: Claim, subject: Person, evidence: DecisionEvidence
) -> None:
    if people.link_of_principal(tx, claim.principal.user_id):
        raise Refusal(Why.CLAIM_TAKEN, ram_user=claim.principal.name)
    if evidence.admins.ways(claim.principal.user_id):
        raise Refusal(Why.CLAIM_ADMIN, ram_user=claim.principal.name, subject=request.subject)
    alike = same_address(subject, evidence.roster)
    if len(alike) > 1:
        raise Refusal(Why.EMAIL_AMBIGUOUS, subject=request.subject, count=len(alike))
    if alike and alike[0].principal.user_id != claim.principal.user_id:
        raise Refusal(
            Why.CLAIM_DIFFERS,
            ram_user=claim.principal.name,
            match=alike[0].principal.name,
            subject=request.subject,
        )
    if address_of_another(subject, claim.principal, evidence.roster):
        raise Refusal(Why.CLAIM_OF_ANOTHER, ram_user=claim.principal.name, subject=request.subject)


def _grant(tx: Tx, request: AccessRequest, slack_id: str, now: int, agreed: Terms) -> None:
    ends_at = None if agreed.duration is None else now + agreed.duration
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=slack_id, ends_at=ends_at)
    for entitlement in agreed.parts or ():
        grants.plan(tx, request.id, request.principal, entitlement, ends_at)
    for grant in grants.of_request(tx, request.id):
        consequences.settle(tx, grant.key, now, GRANT_NEXT)
        if ends_at is not None:
            consequences.alarm(tx, grant.id, ends_at)
    if ends_at is not None:
        consequences.lapse(tx, request.id, ends_at)
    if ends_at is not None and (agreed.duration or 0) > consequences.REMIND_FROM:
        consequences.remind(tx, request, ends_at)
    consequences.no_longer_expires(tx, request.id)
    _confirm_claim(tx, request, now)
    consequences.tell_both(tx, now, request, "approved")
    consequences.redraw(tx, now, request)


def _confirm_claim(tx: Tx, request: AccessRequest, now: int) -> None:
    """The approval confirms who the subject is; whoever claimed the same RAM user, or the same person, has lost."""
    claim = requests.claim(tx, request.id)
    if claim is None or claim.state != "pending":
        return
    if people.link_of(tx, claim.team_id, claim.slack_user_id) is None:
        people.add_link(tx, Link(claim.team_id, claim.slack_user_id, claim.principal, now))
    requests.set_claim(tx, request.id, "confirmed")
    trail.record(
        tx,
        now,
        "linked",
        request_id=request.id,
        slack=claim.slack_user_id,
        ram_user=claim.principal.name,
        ram_user_id=claim.principal.user_id,
    )
    close_rivals(tx, claim.team_id, claim.slack_user_id, claim.principal, now)


def close_rivals(tx: Tx, team_id: str, slack_user_id: str, principal: Principal, now: int) -> None:
    """After a link is made: claims that say the same are settled by it, and requests with any other are cancelled."""
    rivals = requests.pending_claims(tx, ram_user_id=principal.user_id, team_id=team_id, slack_user_id=slack_user_id)
    for rival in rivals:
        request = requests.get(tx, rival.request_id)
        if rival.slack_user_id == slack_user_id and rival.principal.user_id == principal.user_id:
            requests.set_claim(tx, rival.request_id, "confirmed")
            if request:
                consequences.redraw(tx, now, request)
            continue
        requests.set_claim(tx, rival.request_id, "closed")
        why = OTHER_CLAIM if rival.slack_user_id == slack_user_id else CLAIM_LOST
        if request is None or not requests.close(tx, request.id, RequestState.CANCELLED, now=now, by=None, reason=why):
            continue
        consequences.no_longer_expires(tx, request.id)
        consequences.tell_both(tx, now, request, "claim_lost")
        consequences.redraw(tx, now, request)
        trail.record(tx, now, why, request_id=request.id, ram_user=rival.principal.name)
