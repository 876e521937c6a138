"""Reads are as fast as the cloud takes them, and share what they have when it is too much."""

from __future__ import annotations

import pytest

from bot.cloud.pace import MIN_RATE_PER_SECOND, Pace, Paces, Rate
from bot.cloud.ram import READS

READS_A_SECOND = READS.per_second


class Time:
    """A clock on which a wait passes at once."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(rate: Rate = READS) -> tuple[Pace, Time]:
    time = Time()
    return Pace(rate, time, time.sleep), time


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
    assert pace.per_second == pytest.approx(READS_A_SECOND * 0.9)
    for _ in range(20):
        pace.throttled()
    assert pace.per_second == READS_A_SECOND / 2
    time.now += 1.0
    for _ in range(20):
        pace.throttled()
    assert pace.per_second == READS_A_SECOND / 4


def test_where_one_in_ten_is_refused_it_is_asked_forty_times_a_second_and_more() -> None:
    pace, time = paced()
    for number in range(1_000):
        pace.await_turn()
        if number % 10:
            pace.answered()
        else:
            pace.throttled()
    assert pace.per_second > 40
    assert time.now - 100.0 < 1_000 / 40


def test_the_pace_never_falls_to_nothing_and_comes_back_with_the_answers() -> None:
    pace, time = paced()
    for _ in range(200):
        time.now += 0.1
        pace.throttled()
    assert pace.per_second == MIN_RATE_PER_SECOND
    for _ in range(500):
        pace.answered()
    assert pace.per_second == READS_A_SECOND


def test_a_product_that_takes_few_is_asked_for_fewer_still_while_it_says_that_it_is_too_many() -> None:
    pace, time = paced(Rate(4.0))
    for _ in range(20):
        time.now += 1.0
        pace.throttled()
    assert pace.per_second == 1.0
    for _ in range(10):
        pace.answered()
    assert pace.per_second == 4.0


def test_a_few_that_come_after_a_pause_do_not_wait_and_no_second_sees_more_than_the_limit() -> None:
    pace, time = paced(Rate(3.0, burst=2))
    turns = []
    for pause in (0.0, 1.0, 0.0):
        time.now += pause
        for _ in range(20):
            pace.await_turn()
            turns.append(time.now)
    assert turns[0] == turns[1] < turns[2]
    assert turns[20] == turns[21] < turns[22]
    assert max(sum(1 for each in turns if turn <= each < turn + 1.0) for turn in turns) <= 5


def test_what_is_taken_of_all_actions_together_is_shared_by_them() -> None:
    apart, shared = Paces(Rate(5.0)), Paces(Rate(5.0, shared=True))
    assert apart.of("ListProjects") is not apart.of("ListProjectMembers")
    assert shared.of("ListProjects") is shared.of("ListProjectMembers")
