"""An approver says whether what looks removed all at once really was."""

from __future__ import annotations

from approvals.evidence import Holders
from approvals.grant import EndCause, Grant, GrantState
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, grants
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.operations.judge_click import judge_click
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice
from approvals.people import Person
from approvals.reconcile.mass_removal import still_missing
from approvals.reconcile.plan import end
from approvals.reconcile.transitions import apply
from approvals.refusals.decision import OwnAccess
from approvals.rules import Act


def confirm_removed(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> list[Grant]:
    """An approver says that it is true: what the notice is about, and is not shown, ends.

    Raises:
        Refusal: the actor may not approve, or has some of it themselves: what ends so is never taken away from them;
            the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(tx, Act.CONFIRM, NoticeKind.VANISHED, notice_id, team_id, actor, admins)
        over = still_missing(tx, notice)
        if any(grant.principal.user_id == approver.user_id for grant in over):
            raise OwnAccess()
        close_notice(tx, now, notice.id, NoticeOutcome.REMOVED, actor.user_id)
        apply(tx, now, end(over, now, EndCause.REMOVED_OUTSIDE))
        for grant in over:
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
    return over


def observe_again(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> None:
    """An approver says that it is not, or put it right: it is looked at anew, twice, before anything is said again.

    Raises:
        Refusal: as confirm_removed.
    """
    with ledger.write() as tx:
        _, notice = judge_click(tx, Act.CONFIRM, NoticeKind.VANISHED, notice_id, team_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.LOOK_AGAIN, actor.user_id)
        for grant in still_missing(tx, notice):
            grants.move(tx, grant, GrantState.ACTIVE, missing_since_real=None)
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
