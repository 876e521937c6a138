"""What somebody has, and this ledger did not give, becomes a grant of this ledger by an approver's word."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement, Key
from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Tx, grants, people, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, audited, insert_request
from approvals.operations.revoke import end_in
from approvals.people import Principal


@dataclass(frozen=True, slots=True)
class Adoption:
    """What becomes a grant, by whose word, and until when."""

    asked_key: str
    key: Key
    name: str
    """Of the RAM user or role."""
    requester: SlackUserId
    requester_principal: Principal
    closed_by: SlackUserId
    ends_at: DomainMillis
    reason: str = ""


def adopt_in(tx: Tx, catalog: Catalog, team_id: str, asked: Adoption, now: DomainMillis) -> AccessRequest:
    """The request that stands for it, closed as approved, whose grant is planned: it is for the caller to let it run or
    end. Of somebody without a link, whoever asked counts as its subject.
    """
    key, principal = asked.key, Principal(asked.key.user_id, asked.name)
    link = people.link_of_principal(tx, key.user_id)
    subject = link.slack_user_id if link and link.team_id == team_id else asked.requester
    duration = asked.ends_at - now or None
    ask = Ask(
        asked.asked_key,
        team_id,
        asked.requester,
        subject,
        _item(catalog, key.entitlement),
        duration=duration,
        reason=asked.reason,
    )
    parties = Parties(principal, asked.requester_principal, approvers=(), holdings=())
    request = insert_request(
        tx, ask, parties, now, item=ask.item, entitlements=(key.entitlement,), approvals=1, expires_after=0
    )
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=asked.closed_by, ends_at=asked.ends_at)
    grant_id = grants.plan(tx, request.id, principal, key.entitlement, asked.ends_at)
    trail.append_event(
        tx,
        now,
        AuditEvent.ADOPTED,
        request_id=request.id,
        **audited(request),
        closed_by=asked.closed_by,
        ends_at=asked.ends_at,
        grants={str(grant_id): str(key.entitlement)},
    )
    return request


def end_adopted(tx: Tx, request: AccessRequest, since: DomainMillis | None, now: DomainMillis) -> None:
    """It was there, since then where that is known, and is taken back at once."""
    for grant in grants.of_request(tx, request.id):
        grants.move(tx, grant, GrantState.ACTIVE, active_at=since or now)
    end_in(tx, grants.of_request(tx, request.id), now, EndCause.TAKEN_BACK)


def _item(catalog: Catalog, entitlement: Entitlement) -> str:
    """By what it would have been asked for alone."""
    items = (*catalog.items.values(), *catalog.repairs.values())
    alone = (item.name for item in items if item.entitlements == (entitlement,))
    return next(alone, str(entitlement))
