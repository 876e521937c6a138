"""What follows for a key that people give and take by hand, from its grants alone: there is nothing to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.grant import Grant, GrantState
from approvals.kinds import NoticeKind
from approvals.millis import DomainMillis
from approvals.reconcile.plan.transition import Active, Ending, Granting, Planned, Transition


@dataclass(frozen=True, slots=True)
class HandPlan:
    """The changes, and what somebody is to do."""

    moves: tuple[Transition, ...] = ()
    task: NoticeKind | None = None


def by_hand(grants: Sequence[Grant], now: DomainMillis) -> HandPlan:
    """What becomes of the open grants on a key, deadlines already applied.

    Whoever was asked to give it may have begun, whether they said so or not: so nothing that they were ever asked for
    is over before somebody says that it is taken away. Likewise, what somebody was asked to take away may be gone, and
    is given again to whoever wants it since.
    """
    wanting = [grant for grant in grants if grant.state is not Ending]
    ending = [grant for grant in grants if grant.state is Ending]
    if not wanting:
        return HandPlan(task=NoticeKind.TAKE_BY_HAND if ending else None)
    over = [Transition(grant, GrantState.ENDED, {"ended_at": now}) for grant in ending]
    if any(grant.state is Active for grant in wanting):
        return HandPlan((*over, *given(wanting, now)))
    begun = [Transition(grant, Granting, {"trouble": None}) for grant in wanting if grant.state is Planned]
    return HandPlan((*over, *begun), NoticeKind.GIVE_BY_HAND)


def given(grants: Sequence[Grant], now: DomainMillis) -> list[Transition]:
    """It is there: whatever waited for that is active."""
    return [
        Transition(grant, Active, {"active_at": now, "trouble": None})
        for grant in grants
        if grant.state in (Planned, Granting)
    ]


def taken(grants: Sequence[Grant], now: DomainMillis) -> list[Transition]:
    """It is gone: whatever waited for that is over."""
    return [
        Transition(grant, GrantState.ENDED, {"ended_at": now, "trouble": None})
        for grant in grants
        if grant.state is Ending
    ]
