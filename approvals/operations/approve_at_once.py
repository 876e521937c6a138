"""A standing rule approves a request as it is made, so that nobody has to."""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.ledger import Tx, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.grant_agreed import grant_agreed
from approvals.operations.terms import ApprovalTerms


def approve_at_once(tx: Tx, request: AccessRequest, rule: str, now: DomainMillis) -> AccessRequest:
    """Plan the grants of a request that was made in this transaction. Returns it as it is then."""
    given = grant_agreed(tx, request, None, now, ApprovalTerms(request.entitlements, request.duration))
    requests.note_rule(tx, request.id, rule)
    trail.append_event(tx, now, AuditEvent.APPROVED_BY_RULE, request_id=request.id, rule=rule, **given)
    return requests.get(tx, request.id) or request
