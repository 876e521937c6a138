"""Record a request, with what it causes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from approvals import text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Item
from approvals.entitlements import Entitlement
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Tx, away, counters, identity_claims, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, Holding, RequestState
from approvals.operations.ask import Ask
from approvals.operations.claims import ask_subject
from approvals.outbox import enqueue, escalations, reminders, timers
from approvals.people import Claim, ClaimState, Principal

MAX_MENTIONED_APPROVERS = 10
"""Approvers who are mentioned on the card."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who a new request is about, as RAM and the ledger have them."""

    principal: Principal
    requester: Principal | None
    approvers: tuple[SlackUserId, ...]
    """Slack ids of those who may decide."""
    holdings: tuple[Holding, ...]


def create_request(
    tx: Tx, ask: Ask, item: Item, parties: Parties, *, claimed: bool, now: DomainMillis, rule: str | None = None
) -> AccessRequest:
    """The new request and what it causes: its card, its expiry, a word to those whom it is about. `rule`: the standing
    one by which the item takes as many approvals.
    """
    request = insert_request(
        tx,
        ask,
        parties,
        now,
        item=item.name,
        entitlements=item.entitlements,
        approvals=item.approvals,
        expires_after=item.expires_after,
        rule=rule,
    )
    if claimed:
        identity_claims.add(
            tx, Claim(request.id, request.team_id, request.subject, request.principal, ClaimState.PENDING)
        )
    enqueue.post_card(tx, now, request.id)
    timers.schedule_expiry(tx, request.id, request.expires_at)
    reminders.schedule(tx, request)
    escalations.schedule(tx, request, item.escalate_after, item.escalate_to)
    if claimed and request.subject != request.requester:
        # The question tells the subject of the request as well.
        ask_subject(tx, request, now)
        enqueue.direct_message(tx, now, request.requester, MessageKind.ASKED, request.id)
    else:
        enqueue.direct_messages(tx, now, request, MessageKind.ASKED)
    enqueue.redraw(tx, now, request)
    trail.append_event(tx, now, AuditEvent.ASKED, request_id=request.id, **audited(request), claimed=claimed or None)
    return request


def audited(request: AccessRequest) -> dict[str, object]:
    """What the audit trail has of a request with the event that it begins with."""
    return {
        "public_id": request.public_id,
        "team": request.team_id,
        "by_slack": request.requester,
        "by_ram_user_id": request.requester_ram_id,
        "subject_slack": request.subject,
        "ram_user": request.principal.name,
        "ram_user_id": request.principal.user_id,
        "item": request.item,
        "entitlements": [str(entitlement) for entitlement in request.entitlements],
        "duration_ms": request.duration,
        **({"ends_by": request.ends_by} if request.ends_by is not None else {}),
        "starts_at": request.starts_at,
        "needed": request.approvals_needed,
        "expires_at": request.expires_at,
        "reason": request.reason,
        "ticket": request.ticket,
        "extends": request.extends,
        "workflow_step": request.workflow_step,
        "rule": request.by_rule,
    }


def insert_request(
    tx: Tx,
    ask: Ask,
    parties: Parties,
    now: DomainMillis,
    *,
    item: str,
    entitlements: tuple[Entitlement, ...],
    approvals: int,
    expires_after: int,
    rule: str | None = None,
) -> AccessRequest:
    """A pending request in the ledger, under the next number; so far nobody knows of it. `expires_after`: milliseconds
    in which it must be decided.
    """
    request = AccessRequest(
        id=counters.next_number(tx, "request"),
        public_id=secrets.token_hex(16),
        team_id=ask.team_id,
        requester=ask.requester,
        requester_ram_id=parties.requester.user_id if parties.requester else None,
        subject=ask.subject,
        principal=parties.principal,
        item=item,
        entitlements=entitlements,
        duration=ask.duration,
        reason=text_input.checked(ask.reason),
        ticket=ask.ticket,
        approvals_needed=approvals,
        state=RequestState.PENDING,
        created_at=now,
        expires_at=now + expires_after if ask.ends_by is None else min(now + expires_after, ask.ends_by),
        closed_at=None,
        closed_by=None,
        close_reason=None,
        ends_at=None,
        asked_approvers=_asked(tx, ask.team_id, parties.approvers),
        already_holds=parties.holdings,
        version=1,
        ends_by=ask.ends_by,
        extends=ask.extends,
        workflow_step=ask.workflow_step,
        by_rule=rule,
        starts_at=ask.starts_at,
    )
    requests.insert(tx, request, ask.asked_key)
    return request


def _asked(tx: Tx, team_id: str, approvers: tuple[SlackUserId, ...]) -> tuple[SlackUserId, ...]:
    """As many of them as are mentioned: whoever is away comes last, and is mentioned once they are back."""
    gone = away.every_one(tx, team_id)
    return tuple(sorted(approvers, key=gone.__contains__)[:MAX_MENTIONED_APPROVERS])
