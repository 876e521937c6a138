"""What the last approval that was needed causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.entitlements import Entitlement
from approvals.ids import SlackUserId
from approvals.ledger import Tx, extensions, grants, requests
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.claims import confirm_claim
from approvals.operations.terms import ApprovalTerms
from approvals.outbox import enqueue, reminders, timers


def grant_agreed(
    tx: Tx, request: AccessRequest, slack_id: SlackUserId | None, now: DomainMillis, agreed: ApprovalTerms
) -> dict[str, Any]:
    """The last that was needed has been said: close the request as approved and plan its grants, now or when it is to
    begin. `slack_id` gave the last approval; None where a rule did. What the trail has to say of it.
    """
    ends_at = None if agreed.duration is None else _begins_at(tx, request, now) + agreed.duration
    if ends_at is not None and request.ends_by is not None:
        ends_at = min(ends_at, request.ends_by)
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=slack_id, ends_at=ends_at)
    given: dict[str, Any] = {"closed_by": slack_id, "ends_at": ends_at, "grants": {}}
    if request.starts_at is not None and request.starts_at > now:
        requests.schedule(tx, request.id)
        timers.schedule_start(tx, request.id, request.starts_at)
        given["starts_at"] = request.starts_at
    else:
        given["grants"] = plan_grants(tx, request, agreed.parts or (), now, ends_at)
    timers.cancel_expiry(tx, request.id)
    reminders.cancel(tx, request.id)
    confirm_claim(tx, request, now)
    enqueue.approved(tx, now, request)
    return given


def plan_grants(
    tx: Tx, request: AccessRequest, parts: Sequence[Entitlement], now: DomainMillis, ends_at: DomainMillis | None
) -> dict[str, str]:
    """Have these parts granted, and looked after until they end. What they are by the grants' numbers."""
    if request.starts_at is not None:
        requests.begin(tx, request.id)
    for entitlement in parts:
        grants.plan(tx, request.id, request.principal, entitlement, ends_at)
    for grant in grants.of_request(tx, request.id):
        enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)
        if ends_at is not None:
            timers.schedule_alarm(tx, grant.id, grant.entitlement, ends_at)
    if ends_at is not None:
        timers.schedule_give_up(tx, request.id, ends_at)
        timers.schedule_reminder(tx, request, now, ends_at)
    return {str(grant.id): str(grant.entitlement) for grant in grants.of_request(tx, request.id)}


def _begins_at(tx: Tx, request: AccessRequest, now: DomainMillis) -> DomainMillis:
    """From when its time counts: not before it is to begin, and more time from where that which it extends ends."""
    extended = extensions.extended(tx, request)
    if extended is not None and extended.ends_at is not None:
        return extended.ends_at
    return max(now, request.starts_at or now)
