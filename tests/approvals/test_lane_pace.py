"""A lane is slower for a while after a throttled write, and is never shut for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from approvals.ledger import Tx, jobs, open_ledger, pace
from tests.approvals.made import NOW, REAL

USUAL = 105


@pytest.fixture
def tx(address: str) -> Iterator[Tx]:
    with closing(open_ledger(address)) as ledger, ledger.write() as opened:
        yield opened


def test_each_refusal_takes_a_third_of_the_pace_and_those_of_one_second_are_one(tx: Tx) -> None:
    for milliseconds in (0, 1, 500, 999):
        pace.throttled(tx, "ram", USUAL, real=REAL + milliseconds)
    assert pace.width(tx, "ram", USUAL) == round(USUAL * 1.5)
    pace.throttled(tx, "ram", USUAL, real=REAL + 1_000)
    assert pace.width(tx, "ram", USUAL) == round(round(USUAL * 1.5) * 1.5)


def test_however_often_it_is_refused_there_is_a_write_every_two_seconds(tx: Tx) -> None:
    for second in range(100):
        pace.throttled(tx, "ram", USUAL, real=REAL + 1_000 * second)
    assert pace.width(tx, "ram", USUAL) == 2_000


def test_writes_that_go_through_bring_the_pace_back_and_no_further(tx: Tx) -> None:
    for second in range(100):
        pace.throttled(tx, "ram", USUAL, real=REAL + 1_000 * second)
    for _ in range(20):
        pace.went_through(tx, "ram", USUAL)
    assert pace.width(tx, "ram", USUAL) == USUAL


def test_a_refusal_that_a_wrong_clock_noted_in_the_future_hides_no_later_one(tx: Tx) -> None:
    pace.throttled(tx, "ram", USUAL, real=REAL + 3_600_000)
    pace.throttled(tx, "ram", USUAL, real=REAL)
    assert pace.width(tx, "ram", USUAL) > round(USUAL * 1.5)


def test_other_lanes_go_on_as_before(tx: Tx) -> None:
    pace.throttled(tx, "ram", USUAL, real=REAL)
    assert pace.width(tx, "members:pai", USUAL) == USUAL


def test_jobs_of_a_slower_lane_are_claimed_more_slowly(tx: Tx) -> None:
    for number in range(2):
        jobs.put(tx, f"settle:{number}", "settle", due_at=NOW, lane="ram")
    pace.throttled(tx, "ram", USUAL, real=REAL)

    def claims(real: int) -> bool:
        return jobs.claim(tx, ["settle"], now=NOW, real=real, token="t", slot={"ram": USUAL}) is not None

    assert claims(REAL)
    assert not claims(REAL + USUAL)
    assert claims(REAL + round(USUAL * 1.5))
