"""Whatever the cloud does and whenever a worker dies, in the end the cloud has what the ledger says."""

from __future__ import annotations

from random import Random

import pytest

from approvals import audit
from approvals.grant import OPEN, EndCause, Grant, GrantState
from approvals.ledger import Ledger, grants, open_ledger, trail
from approvals.operations.revoke import end_in
from tests.harness.builders import approve
from tests.harness.faults import SECOND, CrashingWorker, FaultyCloud, PassingClock

REQUESTS = range(1001, 1006)
QUIET = 240 * SECOND
LATEST_END = 400 * SECOND
LOOK_EVERY = 2 * SECOND


class Story:
    """A course of events that a seed decides."""

    def __init__(self, ledger_address: str, seed: int, *, held: bool = False) -> None:
        self.ledger: Ledger = open_ledger(ledger_address)
        self.chance = Random(seed)
        self.times = PassingClock()
        self.account = FaultyCloud(self.times, self.chance, held)
        self.account.meanwhile = self.something
        self._left = list(REQUESTS)
        self._worker = CrashingWorker(self.ledger, self.times, self.account, self.chance)

    def something(self, likely: float = 0.1) -> None:
        """Perhaps somebody gets access, or loses it."""
        if self._left and self.chance.random() < likely:
            ends_at = self.times.now() + self.chance.randint(1, LATEST_END)
            with self.ledger.write() as tx:
                approve(tx, self._left.pop(0), now=self.times.now(), ends_at=ends_at)
        if self.chance.random() < likely:
            running = [grant for grant in self.grants() if grant.state in OPEN[:3]]
            with self.ledger.write() as tx:
                end_in(tx, running[:1], self.times.now(), EndCause.TAKEN_BACK)

    def bad_weather(self) -> None:
        for _ in range(self.chance.randint(10, 40)):
            self.something(0.3)
            self._worker.work()
            self.times.passed += self.chance.choice((0, 100, SECOND, 5 * SECOND, 35 * SECOND))
        self._left.clear()
        self.account.fair = True

    def quiet(self, milliseconds: int) -> None:
        """The worker looks every two seconds, but for the looks before which no job can have become due."""
        until = self.times.passed + milliseconds
        while self.times.passed < until:
            self._worker.work()
            looks = -(-min(self._nothing_for(), until - self.times.passed) // LOOK_EVERY)
            self.times.passed += max(looks, 1) * LOOK_EVERY
        self._worker.work()

    def _nothing_for(self) -> int:
        """Milliseconds until the first job is due, whatever else keeps it back."""
        with self.ledger.read() as tx:
            jobs = tx.rows("SELECT due_at, also_at_real FROM jobs WHERE kind = 'reconcile_key'")
        left = [job["due_at"] - self.times.now() for job in jobs]
        left += [job["also_at_real"] - self.times.real() for job in jobs if job["also_at_real"] is not None]
        return min(left, default=LATEST_END + QUIET)

    def grants(self) -> list[Grant]:
        with self.ledger.read() as tx:
            return [grant for number in REQUESTS for grant in grants.of_request(tx, number)]

    def states(self) -> set[GrantState]:
        return {grant.state for grant in self.grants()}

    def due(self) -> int:
        with self.ledger.read() as tx:
            return len(tx.rows("SELECT id FROM jobs WHERE kind = 'reconcile_key'"))


@pytest.mark.parametrize("seed", range(40))
def test_the_cloud_comes_to_what_the_ledger_says(ledger_address: str, seed: int) -> None:
    story = Story(ledger_address, seed)
    story.bad_weather()
    story.quiet(QUIET)
    assert not story.states() & {GrantState.PLANNED, GrantState.GRANTING, GrantState.ENDING}
    assert story.account.held == (GrantState.ACTIVE in story.states()), story.grants()
    story.quiet(LATEST_END)
    assert not story.account.held, "access outlives every grant"
    assert not story.states() & set(OPEN)
    assert story.due() == 0
    with story.ledger.read() as tx:
        assert audit.verify(trail.entries(tx)) is None
    story.ledger.close()


@pytest.mark.parametrize("seed", range(25))
def test_what_was_there_before_us_stays(ledger_address: str, seed: int) -> None:
    story = Story(ledger_address, seed, held=True)
    story.bad_weather()
    story.quiet(QUIET + LATEST_END)
    assert story.account.held and not story.account.touched
    assert story.states() <= {GrantState.HELD, GrantState.VOID}
    story.ledger.close()
