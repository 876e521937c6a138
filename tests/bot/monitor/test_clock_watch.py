"""A clock that is set is noticed, and nothing is done twice or held up for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from random import Random

import pytest

from approvals.ledger import Ledger, job_leases, jobs, lanes, open_ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, MINUTE, SECOND, DomainMillis, RealMillis
from bot.conditions import Conditions
from bot.monitor.clock_watch import CONDITION, DOUBT_MS, ClockWatch, check_clock
from bot.monitor.other_clocks import ClockDifference
from bot.settings import SettingsError
from bot.worker.loop import Worker
from tests.harness.app import AppHarness

BORN = RealMillis(1_700_000_000_000)


class Clock:
    """One that can be set, and time that can pass."""

    def __init__(self) -> None:
        self.set_by = 0
        self.passed = 0

    def now(self) -> DomainMillis:
        return DomainMillis(self.real())

    def real(self) -> RealMillis:
        return BORN + self.passed + self.set_by

    def steady(self) -> int:
        return self.passed

    def wait(self, awake: threading.Event, seconds: float) -> None:
        awake.wait(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = open_ledger(address)
    yield opened
    opened.close()


class Others:
    """What other clocks say."""

    def __init__(self) -> None:
        self.say: ClockDifference | None = ClockDifference(0, sure=True)

    def __call__(self) -> ClockDifference | None:
        return self.say


def watch(ledger: Ledger, clock: Clock, others: Others | None = None) -> tuple[ClockWatch, Conditions]:
    conditions = Conditions(clock.real)
    return ClockWatch(ledger, clock, conditions, others or Others()), conditions


@pytest.mark.parametrize("by", [-10 * MINUTE, 10 * MINUTE])
def test_a_clock_that_is_set_is_noticed_and_logged_with_how_far(
    ledger: Ledger, clock: Clock, caplog: pytest.LogCaptureFixture, by: int
) -> None:
    watching, _ = watch(ledger, clock)
    clock.passed += 5 * SECOND
    assert watching.is_steady() and watching.may_claim()
    clock.set_by += by
    assert not watching.is_steady()
    watching.may_claim()
    assert [record.__dict__["by_seconds"] for record in caplog.records if record.message == "the clock was set"] == [
        by / SECOND
    ]
    assert watching.is_steady()


def test_a_clock_that_is_put_right_little_by_little_is_not_set(
    ledger: Ledger, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    watching, _ = watch(ledger, clock)
    for _ in range(100):
        clock.passed += SECOND
        clock.set_by += 500
        assert watching.may_claim()
    assert "the clock was set" not in caplog.text


@pytest.mark.parametrize("by", [-10 * MINUTE, 10 * MINUTE])
def test_a_lane_that_was_shut_before_the_clock_was_set_is_open(ledger: Ledger, clock: Clock, by: int) -> None:
    watching, _ = watch(ledger, clock)
    with ledger.write() as tx:
        lanes.hold(tx, "ram", clock.real() + 50 * SECOND, real=clock.real())
    clock.set_by += by
    watching.may_claim()
    with ledger.read() as tx:
        assert all(until <= clock.real() for until in lanes.shut_until(tx).values())


def test_what_nobody_noticed_is_put_right_within_a_minute(ledger: Ledger, clock: Clock) -> None:
    watching, _ = watch(ledger, clock)
    with ledger.write() as tx:
        lanes.hold(tx, "ram", clock.real() + HOUR, real=clock.real() + HOUR)
    clock.passed += MINUTE
    watching.may_claim()
    with ledger.read() as tx:
        assert lanes.shut_until(tx) == {}


def test_what_is_at_work_is_not_begun_again_when_the_clock_is_set_ahead(ledger: Ledger, clock: Clock) -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def perform(job: Job) -> None:
        begun.append(job.id)
        assert go_on.wait(20)
        with ledger.write() as tx:
            job_leases.finish(tx, job)

    watching, _ = watch(ledger, clock)
    worker = Worker("test", ledger, clock, {JobKind.TELL: perform}, Random(1), watch=watching)
    try:
        with ledger.write() as tx:
            jobs.enqueue(tx, "tell:1", JobKind.TELL, due_at=DomainMillis(0))
        worker.start()
        AppHarness.until(lambda: begun, "the job to be begun")
        clock.set_by += 10 * MINUTE
        with ledger.write() as tx:
            jobs.enqueue(tx, "tell:2", JobKind.TELL, due_at=DomainMillis(0))
        worker.wake()
        AppHarness.until(lambda: len(begun) > 1, "the next job to be begun")
        assert begun == ["tell:1", "tell:2"]
        clock.passed += MINUTE
        worker.wake()
        AppHarness.until(lambda: len(begun) > 2, "what hangs to be taken over when its lock has run out")
    finally:
        go_on.set()
        worker.stop(2)


def test_a_clock_that_was_set_far_is_not_gone_by_until_others_were_asked(ledger: Ledger, clock: Clock) -> None:
    others = Others()
    watching, _ = watch(ledger, clock, others)
    clock.set_by += HOUR
    assert not watching.may_claim()
    watching.compare()
    assert watching.may_claim()


def test_nobody_waits_for_others_that_say_nothing(ledger: Ledger, clock: Clock) -> None:
    watching, _ = watch(ledger, clock)
    clock.set_by -= HOUR
    assert not watching.may_claim()
    clock.passed += DOUBT_MS
    assert watching.may_claim()


@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
def test_nothing_is_done_by_a_clock_by_which_the_cloud_takes_nothing(ledger: Ledger, clock: Clock, ahead: int) -> None:
    others = Others()
    others.say = ClockDifference(ahead, sure=True)
    watching, conditions = watch(ledger, clock, others)
    watching.compare()
    assert not watching.may_claim()
    assert "60 minutes" in conditions.current()[CONDITION].message
    others.say = ClockDifference(0, sure=True)
    watching.compare()
    assert watching.may_claim() and conditions.current() == {}


@pytest.mark.parametrize("said", [ClockDifference(HOUR, sure=False), ClockDifference(2 * MINUTE, sure=True), None])
def test_access_is_taken_back_where_it_is_not_sure_that_the_clock_is_useless(
    ledger: Ledger, clock: Clock, said: ClockDifference | None
) -> None:
    others = Others()
    others.say = said
    watching, conditions = watch(ledger, clock, others)
    watching.compare()
    assert watching.may_claim()
    assert (CONDITION in conditions.current()) is (said is not None)


def test_a_program_does_not_start_by_a_clock_by_which_the_cloud_takes_nothing() -> None:
    for harmless in (None, ClockDifference(2 * MINUTE, sure=True), ClockDifference(HOUR, sure=False)):
        check_clock(harmless)
    with pytest.raises(SettingsError, match="365 days ahead of those of Slack and Alibaba Cloud; set it right"):
        check_clock(ClockDifference(365 * 24 * HOUR, sure=True))


def test_what_waits_for_a_slow_clock_is_logged_at_what_it_is(
    ledger: Ledger, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    others = Others()
    others.say = ClockDifference(-3 * MINUTE, sure=True)
    watching, _ = watch(ledger, clock, others)
    watching.compare()
    assert "access ends so much too late" in caplog.records[-1].__dict__["why"]
