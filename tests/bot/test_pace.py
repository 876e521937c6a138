"""Reads are as fast as the cloud takes them, and share what they have when it is too much."""

from __future__ import annotations

import pytest

from bot.cloud.pace import FEWEST, READS_A_SECOND, Pace


class Time:
    """A clock on which a wait passes at once."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced() -> tuple[Pace, Time]:
    time = Time()
    return Pace(time, time.sleep), time


def test_a_hundred_calls_at_once_take_no_less_than_the_limit_allows() -> None:
    pace, time = paced()
    for _ in range(1 + round(READS_A_SECOND)):
        pace.await_turn()
    assert 0.99 <= time.now - 100.0 <= 1.1


def test_calls_that_come_one_by_one_do_not_wait() -> None:
    pace, time = paced()
    for second in range(5):
        time.now = 200.0 + second
        pace.await_turn()
        assert time.now == 200.0 + second


def test_each_refusal_takes_a_tenth_of_the_pace_and_those_of_one_second_no_more_than_half() -> None:
    pace, time = paced()
    pace.throttled()
    assert pace.a_second == pytest.approx(READS_A_SECOND * 0.9)
    for _ in range(20):
        pace.throttled()
    assert pace.a_second == READS_A_SECOND / 2
    time.now += 1.0
    for _ in range(20):
        pace.throttled()
    assert pace.a_second == READS_A_SECOND / 4


def test_where_one_in_ten_is_refused_it_is_asked_forty_times_a_second_and_more() -> None:
    pace, time = paced()
    for number in range(1_000):
        pace.await_turn()
        if number % 10:
            pace.answered()
        else:
            pace.throttled()
    assert pace.a_second > 40
    assert time.now - 100.0 < 1_000 / 40


def test_the_pace_never_falls_to_nothing_and_comes_back_with_the_answers() -> None:
    pace, time = paced()
    for _ in range(200):
        time.now += 0.1
        pace.throttled()
    assert pace.a_second == FEWEST
    for _ in range(500):
        pace.answered()
    assert pace.a_second == READS_A_SECOND
