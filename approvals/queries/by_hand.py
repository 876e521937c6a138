"""What is known of a grant that people give and take by hand: what they said, and who is asked to do what is next."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.by_hand import TASKS
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, notices
from approvals.millis import DomainMillis
from approvals.notice import DOERS, Notice


@dataclass(frozen=True, slots=True)
class HandWord:
    """Slack user ids of who said so, and of who is asked."""

    given_by: SlackUserId | None = None
    given_at: DomainMillis | None = None
    taken_by: SlackUserId | None = None
    asked: tuple[SlackUserId, ...] = ()
    """Nobody in particular where it is the approvers' to do."""


def word_on(tx: Tx, grant: Grant) -> HandWord:
    """What was said of this grant. One that found it there has it by what was said for the request before."""
    about = str(grant.key)
    given = _last(tx, NoticeKind.GIVE_BY_HAND, about, grant.active_at)
    taken = _last(tx, NoticeKind.TAKE_BY_HAND, about, grant.ended_at)
    open_tasks = [notices.open_about(tx, kind, about) for kind in TASKS]
    return HandWord(
        given.resolved_by if given else None,
        given.resolved_at if given else None,
        # What ended since others want it was not taken away then.
        taken.resolved_by if taken and taken.resolved_at == grant.ended_at else None,
        tuple(SlackUserId(str(each)) for task in open_tasks if task for each in task.details[DOERS]),
    )


def _last(tx: Tx, kind: NoticeKind, about: str, before: DomainMillis | None) -> Notice | None:
    """The last task of a kind that was done by a moment."""
    return None if before is None else notices.last_resolved(tx, kind, about, NoticeOutcome.DONE, before)
