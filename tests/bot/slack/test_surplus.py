"""More connections than are accounted for mean another program only when it lasts."""

from __future__ import annotations

from approvals.millis import MINUTE
from bot.slack.surplus import LOOK_INTERVAL_MS, TURN, Surplus


def counted(*looks: tuple[int, int], known: bool = False) -> Surplus:
    """(minute, connections) of looks, where two are accounted for."""
    surplus = Surplus(known=known)
    for minute, connections in looks:
        surplus.counted(connections, 2, minute * MINUTE)
    return surplus


def test_as_many_as_are_accounted_for_are_no_surplus() -> None:
    assert not counted((0, 2), (5, 1), (10, 2)).suspected


def test_one_too_many_is_suspected_and_looked_at_once_more_in_ten_minutes() -> None:
    surplus = counted((0, 3))
    assert surplus.suspected and not surplus.lasting
    assert not surplus.look_due(LOOK_INTERVAL_MS - 1) and surplus.look_due(LOOK_INTERVAL_MS)
    surplus.asked(LOOK_INTERVAL_MS)
    assert not surplus.look_due(LOOK_INTERVAL_MS + 1)


def test_it_lasts_when_it_is_still_so_ten_minutes_later() -> None:
    assert not counted((0, 3), (9, 3)).lasting
    assert counted((0, 3), (10, 3)).lasting


def test_what_was_not_seen_again_was_nothing() -> None:
    assert not counted((0, 3), (10, 2)).suspected
    assert not counted((0, 3), (5, 2), (10, 3)).lasting


def test_what_lasted_is_over_when_it_was_not_so_for_ten_minutes() -> None:
    assert counted((0, 3), (10, 3), (20, 2)).lasting
    assert counted((0, 3), (10, 3), (20, 2), (29, 2)).lasting
    assert counted((0, 3), (10, 3), (20, 2), (25, 3), (35, 2)).lasting
    assert not counted((0, 3), (10, 3), (20, 2), (30, 2)).suspected


def test_what_an_earlier_process_had_told_is_looked_at_until_it_is_over() -> None:
    surplus = counted((0, 2), known=True)
    assert surplus.lasting and surplus.look_due(LOOK_INTERVAL_MS)
    assert not counted((0, 2), (10, 2), known=True).suspected


def test_replicas_that_suspect_the_same_look_one_after_the_other() -> None:
    first, second = Surplus(), Surplus()
    first.counted(4, 3, 0, turn=0)
    second.counted(4, 3, 0, turn=1)
    assert first.look_due(LOOK_INTERVAL_MS) and not second.look_due(LOOK_INTERVAL_MS + TURN - 1)
    assert second.look_due(LOOK_INTERVAL_MS + TURN)
