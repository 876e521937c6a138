"""An approver lets it stay, or has it taken back as a grant of this ledger."""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.grant import EndCause, GrantState
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import (
    Ledger,
    Tx,
    grants,
    people,
    requests,
    trail,
)
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.notice import Notice
from approvals.operations.ask import Ask
from approvals.operations.create_request import Parties, audited, insert_request
from approvals.operations.judge_click import judge_click
from approvals.operations.revoke import end_in
from approvals.outbox.notices import close_notice
from approvals.people import Person, Principal
from approvals.refusals.decision import OwnAccess
from approvals.rules import Act


def keep(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis) -> None:
    """An approver says that it may stay: from now on it is something that was given otherwise.

    Raises:
        Refusal: the actor may not approve, or has it themselves; the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(tx, Act.REVOKE_ALL, NoticeKind.UNKNOWN_ORIGIN, notice_id, team_id, actor, admins)
        if approver.user_id == Key.parse(notice.about).user_id:
            raise OwnAccess()
        close_notice(tx, now, notice.id, NoticeOutcome.KEPT, actor.user_id)


def take_back(
    ledger: Ledger, catalog: Catalog, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> AccessRequest:
    """An approver has it taken away: the ledger makes it a grant of its own, which ends at once and is taken back like
    any other. Returns the request that stands for it.

    Raises:
        Refusal: the actor may not approve; the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(tx, Act.REVOKE_ALL, NoticeKind.UNKNOWN_ORIGIN, notice_id, team_id, actor, admins)
        request = _adopt(tx, catalog, team_id, notice, actor, approver, now)
        close_notice(tx, now, notice.id, NoticeOutcome.TAKEN_BACK, actor.user_id)
        end_in(tx, grants.of_request(tx, request.id), now, EndCause.TAKEN_BACK)
    return request


def _item(catalog: Catalog, key: Key) -> str:
    """By what it would have been asked for alone."""
    items = (*catalog.items.values(), *catalog.repairs.values())
    alone = (item.name for item in items if item.entitlements == (key.entitlement,))
    return next(alone, str(key.entitlement))


def _adopt(
    tx: Tx, catalog: Catalog, team_id: str, notice: Notice, actor: Person, approver: Principal, now: DomainMillis
) -> AccessRequest:
    key = Key.parse(notice.about)
    principal = Principal(key.user_id, str(notice.details["ram_user"]))
    link = people.link_of_principal(tx, key.user_id)
    subject = link.slack_user_id if link and link.team_id == team_id else actor.user_id
    ask = Ask(f"origin:{notice.id}", team_id, actor.user_id, subject, _item(catalog, key), duration=None)
    parties = Parties(principal, approver, approvers=(), holdings=())
    request = insert_request(
        tx, ask, parties, now, item=ask.item, entitlements=(key.entitlement,), approvals=1, expires_after=0
    )
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=actor.user_id, ends_at=now)
    grant_id = grants.plan(tx, request.id, principal, key.entitlement, now)
    for grant in grants.of_request(tx, request.id):
        grants.move(tx, grant, GrantState.ACTIVE, active_at=notice.details["attached_at"] or now)
    trail.append_event(
        tx,
        now,
        AuditEvent.ADOPTED,
        request_id=request.id,
        **audited(request),
        closed_by=actor.user_id,
        ends_at=now,
        grants={str(grant_id): str(key.entitlement)},
    )
    return request
