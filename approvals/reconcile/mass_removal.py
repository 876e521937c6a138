"""What looks removed all at once is not believed: a key of another account, a product that lists nobody, or a fault of
RAM's look like that. It is held back until a person or the cloud says which it is.
"""

from __future__ import annotations

from approvals import rules
from approvals.evidence import Holders
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, grants, notices
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.model import MINUTE, EndCause, Grant, GrantState, Notice, Person, Principal
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, open_notice_by_id, raise_notice
from approvals.queries.actor import standing
from approvals.reconcile.plan import end
from approvals.reconcile.transitions import apply
from approvals.refusals.decision import OwnAccess
from approvals.refusals.people import NotLinked
from approvals.rules import Act

MOST, ONE_IN = 3, 10
"""More grants than that, and more than one in so many of those that are active: then it is too much at once."""
REMOVAL_WINDOW_MS = 5 * MINUTE
"""Domain time for which a removal counts as one of these."""


def too_much(tx: Tx, now: DomainMillis) -> bool:
    """Whether so many look removed that it is to be held back; approvers are told then."""
    missing = grants.missing(tx)
    lately = grants.removed_since(tx, now - REMOVAL_WINDOW_MS, EndCause.REMOVED_OUTSIDE)
    looks, active = len(missing) + lately, grants.count_active(tx) + lately
    if looks <= MOST or looks * ONE_IN <= active:
        return False
    raise_notice(
        tx,
        now,
        NoticeKind.VANISHED,
        "",
        {"grants": [_shown(grant) for grant in missing], "looks": looks, "active": active},
    )
    return True


def look_after(tx: Tx, now: DomainMillis) -> None:
    """Nothing that a notice is about looks removed any more, or runs any more: there is nothing left to ask."""
    notice = notices.open_about(tx, NoticeKind.VANISHED, "")
    if notice is not None and not _still(tx, notice):
        close_notice(tx, now, notice.id, NoticeOutcome.OVER)


def were_removed(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> list[Grant]:
    """An approver says that it is true: what the notice is about, and is not shown, ends.

    Raises:
        Refusal: the actor may not approve, or has some of it themselves: what ends so is never taken away from them;
            the notice is unknown or settled.
    """
    with ledger.write() as tx:
        approver, notice = _judged(tx, team_id, notice_id, actor, admins)
        over = _still(tx, notice)
        if any(grant.principal.user_id == approver.user_id for grant in over):
            raise OwnAccess()
        close_notice(tx, now, notice.id, NoticeOutcome.REMOVED, actor.user_id)
        apply(tx, now, end(over, now, EndCause.REMOVED_OUTSIDE))
        for grant in over:
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
    return over


def look_again(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis) -> None:
    """An approver says that it is not, or put it right: it is looked at anew, twice, before anything is said again.

    Raises:
        Refusal: as were_removed.
    """
    with ledger.write() as tx:
        _, notice = _judged(tx, team_id, notice_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.LOOK_AGAIN, actor.user_id)
        for grant in _still(tx, notice):
            grants.move(tx, grant, GrantState.ACTIVE, missing_since_real=None)
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)


def _still(tx: Tx, notice: Notice) -> list[Grant]:
    """What a notice is about and still looks removed."""
    named = {int(each["id"]) for each in notice.details["grants"]}
    return [grant for grant in grants.missing(tx) if grant.id in named]


def _judged(tx: Tx, team_id: str, notice_id: str, actor: Person, admins: Holders) -> tuple[Principal, Notice]:
    principal = rules.authorise(Act.CONFIRM, actor, standing(tx, team_id, actor, admins))
    if principal is None:
        raise NotLinked()
    return principal, open_notice_by_id(tx, notice_id, NoticeKind.VANISHED)


def _shown(grant: Grant) -> dict[str, int | str]:
    return {
        "id": grant.id,
        "request": grant.request_id,
        "ram_user": grant.principal.name,
        "what": str(grant.entitlement),
    }
