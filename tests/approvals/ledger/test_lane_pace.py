"""A lane is slower for a while after a throttled write, and is never shut for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random

import pytest

from approvals.ledger import Tx, due_jobs, jobs, open_ledger, pace
from approvals.ledger.job_kinds import JobKind
from approvals.millis import RealMillis
from tests.harness.builders import NOW, REAL

USUAL = 105


@pytest.fixture
def tx(ledger_address: str) -> Iterator[Tx]:
    with closing(open_ledger(ledger_address)) as ledger, ledger.write() as opened:
        yield opened


def widths(tx: Tx, taken: Callable[[int], bool], seconds: int) -> list[int]:
    """Milliseconds between writes that are made one after the other by a cloud that takes each or not, by when it is
    made.
    """
    now, found = 0, []
    while now < seconds * 1_000:
        if taken(now):
            pace.went_through(tx, "ram", USUAL)
        else:
            pace.throttled(tx, "ram", USUAL)
        found.append(pace.width(tx, "ram", USUAL))
        now += found[-1]
    return found


def test_each_refusal_takes_a_tenth_of_the_pace(tx: Tx) -> None:
    for expected in (117, 130, 144):
        pace.throttled(tx, "ram", USUAL)
        assert pace.width(tx, "ram", USUAL) == expected


def test_however_often_it_is_refused_there_is_a_write_every_two_seconds(tx: Tx) -> None:
    for _ in range(100):
        pace.throttled(tx, "ram", USUAL)
    assert pace.width(tx, "ram", USUAL) == 2_000


def test_writes_that_go_through_bring_the_pace_back_within_seconds_and_no_further(tx: Tx) -> None:
    for _ in range(100):
        pace.throttled(tx, "ram", USUAL)
    found = widths(tx, lambda _: True, 30)
    assert found[-1] == USUAL
    assert sum(width for width in found if width > USUAL) < 16_000


def test_where_one_in_ten_is_refused_the_pace_stays_nearly_as_it_was(tx: Tx) -> None:
    chance = Random(7)
    found = widths(tx, lambda _: chance.random() >= 0.1, 60)
    assert sum(found) / len(found) < USUAL * 1.1


def test_where_others_use_up_half_of_the_limit_the_pace_comes_down_to_what_they_leave(tx: Tx) -> None:
    made: list[int] = []

    def taken(now: int) -> bool:
        if len([at for at in made if now - at < 1_000]) >= 5:
            return False
        made.append(now)
        return True

    found = widths(tx, taken, 60)
    assert 5 <= 1_000 * len(found[len(found) // 2 :]) / sum(found[len(found) // 2 :]) <= 6.5


def test_other_lanes_go_on_as_before(tx: Tx) -> None:
    pace.throttled(tx, "ram", USUAL)
    assert pace.width(tx, "members:pai", USUAL) == USUAL


def test_jobs_of_a_slower_lane_are_claimed_more_slowly(tx: Tx) -> None:
    for number in range(2):
        jobs.enqueue(tx, f"settle:{number}", JobKind.RECONCILE_KEY, due_at=NOW, lane="ram")
    pace.throttled(tx, "ram", USUAL)

    def claims(real: RealMillis) -> bool:
        return (
            due_jobs.claim(tx, [JobKind.RECONCILE_KEY], now=NOW, real=real, token="t", slot={"ram": USUAL}) is not None
        )

    assert claims(REAL)
    assert not claims(REAL + USUAL)
    assert claims(REAL + round(USUAL / 0.9))
