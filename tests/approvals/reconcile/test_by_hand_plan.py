"""What follows for a key that people give and take by hand, from its grants alone."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from approvals.grant import OPEN, Grant, GrantState
from approvals.kinds import NoticeKind
from approvals.reconcile.plan.by_hand import by_hand, given, taken
from approvals.reconcile.plan.transition import Transition
from tests.harness.builders import NOW, grant

Planned, Granting, Active, Ending = OPEN
Ended = GrantState.ENDED
GIVE, TAKE = NoticeKind.GIVE_BY_HAND, NoticeKind.TAKE_BY_HAND


def after(grants: list[Grant], moves: list[Transition] | tuple[Transition, ...]) -> list[GrantState]:
    moved = {id(move.grant): move.to for move in moves}
    return [moved.get(id(each), each.state) for each in grants]


@pytest.mark.parametrize(
    ("states", "becomes", "task"),
    [
        ((), (), None),
        ((Planned,), (Granting,), GIVE),
        ((Granting,), (Granting,), GIVE),
        ((Granting, Planned), (Granting, Granting), GIVE),
        ((Active,), (Active,), None),
        ((Active, Planned), (Active, Active), None),
        ((Active, Ending), (Active, Ended), None),
        ((Ending,), (Ending,), TAKE),
        ((Ending, Ending), (Ending, Ending), TAKE),
        ((Ending, Planned), (Ended, Granting), GIVE),
        ((Ending, Granting), (Ended, Granting), GIVE),
    ],
)
def test_what_becomes_of_the_grants_and_what_somebody_is_to_do(
    states: tuple[GrantState, ...], becomes: tuple[GrantState, ...], task: NoticeKind | None
) -> None:
    grants = [grant(state) for state in states]
    plan = by_hand(grants, NOW)
    assert tuple(after(grants, plan.moves)) == becomes and plan.task is task


@pytest.mark.parametrize("states", [each for n in (1, 2, 3) for each in combinations_with_replacement(OPEN, n)])
def test_whatever_is_open_somebody_is_asked_or_it_is_there_and_a_second_look_changes_nothing(
    states: tuple[GrantState, ...],
) -> None:
    grants = [grant(state) for state in states]
    plan = by_hand(grants, NOW)
    now_open = [grant(state) for state in after(grants, plan.moves) if state in OPEN]
    assert plan.task or {each.state for each in now_open} == {Active}
    again = by_hand(now_open, NOW)
    assert again.moves == () and again.task is plan.task
    word = given(now_open, NOW) if plan.task is GIVE else taken(now_open, NOW)
    assert set(after(now_open, word)) == ({Ended} if plan.task is TAKE else {Active})
