"""An approver says that what kept somebody in a place is out of the way: it is tried again to take them out."""

from __future__ import annotations

from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.grant import GrantState
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, grants, open_grants, requests
from approvals.ledger.jobs import REVOKE_FIRST
from approvals.millis import DomainMillis
from approvals.operations.judge_click import judge_click
from approvals.outbox import enqueue, timers
from approvals.outbox.notices import close_notice
from approvals.people import Person
from approvals.rules import Act


def retry_end(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis) -> None:
    """Have it tried once more; where it is refused again, that is told anew.

    Raises:
        Refusal: the actor may not approve, or the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        _, notice = judge_click(tx, Act.CONFIRM, NoticeKind.BLOCKED_END, notice_id, team_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.TRIED_AGAIN, actor.user_id)
        key = Key.parse(notice.about)
        for grant in open_grants.on_key(tx, key):
            if not grant.blocked:
                continue
            grants.move(tx, grant, GrantState.ENDING, **grants.error_columns(None, None))
            timers.schedule_alarm(tx, grant.id, grant.entitlement, now)
            request = requests.get(tx, grant.request_id)
            if request is not None:
                enqueue.redraw(tx, now, request)
        enqueue.reconcile(tx, key, now, REVOKE_FIRST)
