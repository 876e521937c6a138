"""Claims: that a Slack person is a RAM user, said with a request, and confirmed by its approval. What somebody claims
for another one has to be said by that one as well.
"""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.evidence import DecisionEvidence, address_of_another, same_address
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind, NoticeKind, NoticeOutcome
from approvals.ledger import Tx, identity_claims, people, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, CloseReason, RequestState
from approvals.operations.close_request import Closing, close_claim, close_question, close_request
from approvals.outbox import enqueue
from approvals.outbox.notices import raise_notice
from approvals.people import Claim, ClaimState, Link, Person, Principal
from approvals.refusals.links import ClaimAdmin, ClaimDiffers, ClaimOfAnother, EmailAmbiguous


def waits_for_subject(request: AccessRequest, claim: Claim | None) -> bool:
    """Whether nothing may be given before the subject has said who they are, since somebody else did."""
    return (
        claim is not None
        and claim.state is ClaimState.PENDING
        and request.requester != request.subject
        and claim.subject_said_at is None
    )


def ask_subject(tx: Tx, request: AccessRequest, now: DomainMillis) -> None:
    """Have the subject asked whether the claim is true; once, however often this is called."""
    details = {"requester": request.requester, "item": request.item, "ram_user": request.principal.name}
    raise_notice(tx, now, NoticeKind.CLAIM, str(request.id), {"request": request.ref, **details}, to=request.subject)


def claim_still_fits(tx: Tx, request: AccessRequest, claim: Claim, subject: Person, evidence: DecisionEvidence) -> None:
    """Check that the claim may still be confirmed: who is linked, who is an administrator and whose address is whose
    may have changed since it was made.

    Raises:
        Refusal: the claim cannot be confirmed any more, and why.
    """
    other = people.link_of_principal(tx, claim.principal.user_id)
    if other:
        raise rules.claim_taken(other, claim.principal, request.team_id, request.subject)
    if evidence.admins.ways(claim.principal.user_id):
        raise ClaimAdmin(ram_user=claim.principal.name, subject=request.subject)
    alike = same_address(subject, evidence.roster)
    if len(alike) > 1:
        raise EmailAmbiguous(subject=request.subject, count=len(alike))
    if alike and alike[0].principal.user_id != claim.principal.user_id:
        raise ClaimDiffers(ram_user=claim.principal.name, match=alike[0].principal.name, subject=request.subject)
    if address_of_another(subject, claim.principal, evidence.roster):
        raise ClaimOfAnother(ram_user=claim.principal.name, subject=request.subject)


def confirm_claim(tx: Tx, request: AccessRequest, now: DomainMillis) -> None:
    """The approval confirms who the subject is; whoever claimed the same RAM user, or the same person, has lost."""
    claim = identity_claims.of_request(tx, request.id)
    if claim is None or claim.state is not ClaimState.PENDING:
        return
    if people.link_of(tx, claim.team_id, claim.slack_user_id) is None:
        people.add_link(tx, Link(claim.team_id, claim.slack_user_id, claim.principal, now))
    identity_claims.close(tx, request.id, ClaimState.CONFIRMED)
    close_question(tx, request.id, now, NoticeOutcome.CONFIRMED)
    trail.append_event(
        tx,
        now,
        AuditEvent.LINKED,
        request_id=request.id,
        team=claim.team_id,
        slack=claim.slack_user_id,
        ram_user=claim.principal.name,
        ram_user_id=claim.principal.user_id,
    )
    close_rivals(tx, claim.team_id, claim.slack_user_id, claim.principal, now)


def close_rivals(tx: Tx, team_id: str, slack_user_id: SlackUserId, principal: Principal, now: DomainMillis) -> None:
    """After a link is made: claims that say the same are settled by it, and requests with any other are cancelled."""
    rivals = identity_claims.pending(tx, ram_user_id=principal.user_id, team_id=team_id, slack_user_id=slack_user_id)
    for rival in rivals:
        request = requests.get(tx, rival.request_id)
        if rival.slack_user_id == slack_user_id and rival.principal.user_id == principal.user_id:
            identity_claims.close(tx, rival.request_id, ClaimState.CONFIRMED)
            close_question(tx, rival.request_id, now, NoticeOutcome.CONFIRMED)
            if request:
                enqueue.redraw(tx, now, request)
            continue
        if request is None:
            close_claim(tx, rival.request_id, now)
            continue
        why = CloseReason.OTHER_CLAIM if rival.slack_user_id == slack_user_id else CloseReason.CLAIM_LOST
        lost = Closing(RequestState.CANCELLED, AuditEvent(why), MessageKind.CLAIM_LOST, reason=why)
        close_request(tx, request, now, lost, ram_user=rival.principal.name, ram_user_id=rival.principal.user_id)
