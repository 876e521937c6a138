"""A request that is closed without anything given, for whatever reason: everything that this causes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind, NoticeKind, NoticeOutcome
from approvals.ledger import Tx, identity_claims, notices, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.outbox import enqueue, reminders, timers
from approvals.outbox.notices import close_notice
from approvals.people import ClaimState
from approvals.refusals.decision import AlreadyClosed


@dataclass(frozen=True, slots=True)
class Closing:
    """As what a request is closed, and what is said of it."""

    state: RequestState
    event: AuditEvent
    message: MessageKind
    """To the requester and the subject."""
    by: SlackUserId | None = None
    """Who closed it; None when time or the program itself did."""
    reason: str | None = None
    """What whoever denied it wrote, or a `CloseReason`."""


def close_request(tx: Tx, request: AccessRequest, now: DomainMillis, closing: Closing, **details: Any) -> None:
    """Close a request that waits, for a decision or for its start, and tell everybody; nothing, if it is closed.
    `details`: for the audit trail.
    """
    close_claim(tx, request.id, now)
    if not requests.close(tx, request.id, closing.state, now=now, by=closing.by, reason=closing.reason):
        return
    timers.cancel_expiry(tx, request.id)
    timers.cancel_start(tx, request.id)
    reminders.cancel(tx, request.id)
    enqueue.direct_messages(tx, now, request, closing.message)
    enqueue.redraw(tx, now, request)
    trail.append_event(tx, now, closing.event, request_id=request.id, **details)


def close_claim(tx: Tx, request_id: int, now: DomainMillis) -> None:
    """Nothing comes of the claim, and nobody need confirm it any more."""
    identity_claims.close(tx, request_id, ClaimState.CLOSED)
    close_question(tx, request_id, now, NoticeOutcome.CLOSED)


def close_question(tx: Tx, request_id: int, now: DomainMillis, outcome: NoticeOutcome) -> None:
    """The subject, if they were asked whether a claim is true, need not answer any more."""
    notice = notices.open_about(tx, NoticeKind.CLAIM, str(request_id))
    if notice:
        close_notice(tx, now, notice.id, outcome)


def already_closed(request: AccessRequest) -> AlreadyClosed:
    """The refusal for whoever comes too late: the request is closed, by whom and as what.

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
