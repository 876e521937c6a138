"""What an approver says to a notice about somebody who leaves, or is left no account: all of it ends, or stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.evidence import Holders
from approvals.grant import Grant
from approvals.ids import RamUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx
from approvals.millis import DomainMillis
from approvals.notice import Notice
from approvals.operations.judge_click import judge_click
from approvals.operations.revoke import Leaving, revoke_all_in
from approvals.outbox.notices import close_notice
from approvals.people import Person, Principal
from approvals.rules import Act


def runs_of(given: Sequence[Grant]) -> list[dict[str, Any]]:
    """What runs for somebody, as such a notice keeps it."""
    return [
        {"grant": each.id, "what": str(each.entitlement), "request": each.request_id, "ends_at": each.ends_at}
        for each in given
    ]


def take_all_back(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> Leaving:
    """An approver ends all that was granted here to the RAM user of somebody whose account is gone, and what is still
    asked for them.

    Raises:
        Refusal: the actor may not approve, or the notice is unknown, of another kind or resolved.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(tx, Act.REVOKE_ALL, NoticeKind.LEAVER, notice_id, team_id, actor, admins)
        return taken_back_in(tx, notice, approver, actor, now)


def taken_back_in(tx: Tx, notice: Notice, approver: Principal, actor: Person, now: DomainMillis) -> Leaving:
    """The notice is resolved so, and everything ends."""
    close_notice(tx, now, notice.id, NoticeOutcome.TAKEN_BACK, actor.user_id)
    ram_user_id = RamUserId(notice.details["ram_user_id"])
    return revoke_all_in(
        tx, ram_user_id, now, by_slack=actor.user_id, by_ram_user=approver.name, by_ram_user_id=approver.user_id
    )


def keep(
    ledger: Ledger,
    team_id: str,
    notice_id: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> None:
    """An approver says that everything stays as it is.

    Raises:
        Refusal: as take_all_back.
    """
    with ledger.write() as tx:
        _, notice = judge_click(tx, Act.REVOKE_ALL, NoticeKind.LEAVER, notice_id, team_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.KEPT, actor.user_id)
