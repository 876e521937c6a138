"""An approver lets it stay, or has it taken back as a grant of this ledger."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import Notice
from approvals.operations.adopt import Adoption, adopt_in, end_adopted
from approvals.operations.judge_click import judge_click
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
        end_adopted(tx, request, notice.details["attached_at"], now)
    return request


def _adopt(
    tx: Tx, catalog: Catalog, team_id: str, notice: Notice, actor: Person, approver: Principal, now: DomainMillis
) -> AccessRequest:
    key = Key.parse(notice.about)
    asked = Adoption(
        asked_key=f"origin:{notice.id}",
        key=key,
        name=str(notice.details["ram_user"]),
        requester=actor.user_id,
        requester_principal=approver,
        closed_by=actor.user_id,
        ends_at=now,
    )
    return adopt_in(tx, catalog, team_id, asked, now)
