"""One request, from the click to the last message, through a bot that does not live through it as others do: it is
killed at a point of its work, or stopped there for longer than its locks last and then let go on.

Where it is stopped, the world moves on: by the time that it goes on, somebody else has done its work and everybody
wants the opposite of what it was about to write.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from approvals.ledger import job_leases
from tests.harness import endings
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.process_pool import PATIENCE, ProcessPool, SpawnedApp
from tests.harness.shared_app import SharedApp

LOCKS_RUN_OUT_SECONDS = job_leases.LOCK_MS / 1_000 + 1
"""Seconds after which what a process had in hand is anybody's."""
REPAIR_SECONDS = 61
"""Seconds after which whoever took over a job has looked again."""
CONVERGENCE_SECONDS = 90
"""Seconds after which RAM equals the ledger, whatever a process did that was stopped."""
ANSWERED_SECONDS = 1.0
FIRST_REQUEST = 1_001
STANDSTILL_SECONDS = 0.3
"""Seconds in which a process that has anything to do comes to its next point."""


@dataclass(frozen=True)
class Course:
    """What becomes of the bot, and who else there is."""

    dies: bool = True
    """Else it is stopped."""
    beside: bool = False
    """Another replica is at work from the beginning; else one is started afterwards."""


class KillPoints:
    """One request after the other, each through a bot of its own."""

    def __init__(
        self,
        folder: Path,
        process_pool: ProcessPool,
        course: Course,
        address: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._pool = process_pool
        self._course = course
        self._settings = dict(settings or {})
        self._copies: set[str] = set()
        """The ts of what was posted twice: it keeps its buttons."""
        self.app = SharedApp(folder, address, settings)

    def __enter__(self) -> Self:
        self.app.__enter__()
        self.app.stop_bot()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.__exit__(kind, error, trace)
        self.app.passing.close()

    def live_through(self, at: int) -> bool:
        """Whether the bot came to that point. Fails where anything is not as if nothing had happened."""
        app = self.app
        began = app.people.now()
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            if self._course.beside:
                app.start_bot()
            ref = self.asked()
            spawned.arm()
            self.approve(ref)
            app.wait(lambda: spawned.there or app.stands(ref, "active"), f"{ref} to be active, or that point")
            if not spawned.there:
                app.people.advance(HOUR + 1)
                app.wait(lambda: spawned.there or app.stands(ref, "ended"), f"{ref} to be ended, or that point")
            came = spawned.there
            where = f"{ref}, {'killed' if self._course.dies else 'stopped'} at {spawned.point()}"
            refs = [ref]
            if came and not self._course.dies:
                refs += self._stopped(spawned, ref, where)
            else:
                # One that lived through may come to its point yet, and is not to stand still there.
                spawned.kill()
                app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._recover(ref, where)
            endings.check(app, refs, began, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _stopped(self, spawned: SpawnedApp, ref: str, where: str) -> list[str]:
        """Others do its work, then it goes on; the request, if any, by which its key is wanted again by then."""
        app = self.app
        self.replaced(spawned)
        again = []
        if app.program:
            was_ending = "ending" in app.events(ref)
            self._recover(ref, where)
            if was_ending:
                again = [self.asked()]
                self.approve(again[0])
                app.wait(lambda: app.stands(again[0], "active"), f"{where}: {again[0]} active")
            self.goes_on(spawned)
        else:
            # Nobody could write a thing meanwhile: it goes on with what is due, as if it had not been away.
            self.goes_on(spawned)
            self._recover(ref, where)
        self.comes_right(bool(again), where)
        spawned.kill()
        for each in again:
            self._over(each, where)
        return again

    # -- being stopped

    def replaced(self, spawned: SpawnedApp, meanwhile: Callable[[], Any] = lambda: None) -> None:
        """It is stopped at its point for as long as its locks last; then another bot does its work. One is started at
        once, if it can be, and `meanwhile` is done while the locks hold.
        """
        self.app.wait(lambda: spawned.there, "the bot to come to its point")
        self.app.passing.slow_down()
        spawned.stop()
        while self._shut() and "before COMMIT" not in spawned.point():
            # Some other thread of it was writing, which is another point's test.
            spawned.let_be(STANDSTILL_SECONDS)
        # What Slack sends goes to those who answer.
        self.app.people.inject_slack_fault({"fault": "disconnect", "drop": True})
        if not self._shut():
            self._start()
            meanwhile()
        self.app.passing.hurry()
        self.app.real_passes(LOCKS_RUN_OUT_SECONDS)

    def passes(self, seconds: float) -> None:
        """So much time, in steps, with all that is due in it done."""
        for _ in range(10):
            self.app.real_passes(seconds / 10)
            self.app.wait(self.app.quiet, "that nothing is due")

    def goes_on(self, spawned: SpawnedApp) -> None:
        """It does what it was about to do; back when it has done that."""
        self.app.passing.slow_down()
        spawned.go_on()
        seen, since = -1, time.monotonic()
        deadline = since + PATIENCE
        while time.monotonic() - since < STANDSTILL_SECONDS and time.monotonic() < deadline:
            time.sleep(0.02)
            if len(spawned.points()) != seen:
                seen, since = len(spawned.points()), time.monotonic()

    def comes_right(self, wanted: bool, where: str) -> None:
        """Within the promised time RAM has what the ledger wants."""
        app = self.app
        for _ in range(CONVERGENCE_SECONDS // 5):
            app.real_passes(5)
            time.sleep(0.02)
        app.wait(lambda: app.holds("carol", ENGINE) is wanted, f"{where}: RAM to be as the ledger says")
        app.passing.hurry()

    def _shut(self) -> bool:
        """Whether the stopped process keeps everybody from writing: a SQLite file belongs to whoever writes."""
        if self.app.ledger.shared:
            return False
        with closing(sqlite3.connect(self.app.ledger_path, timeout=0.2, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
        return False

    # -- the story

    def spawned(self, at: int | str) -> SpawnedApp:
        """A bot that will come to no more than that point, once it is ready."""
        app = self.app
        folder = self._folder / f"bot-{len(list(self._folder.iterdir()))}"
        folder.mkdir()
        environment = {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address, **self._settings}
        spawned = self._pool.spawn(environment, folder, app.time, at, dies=self._course.dies)
        try:
            AppHarness.until(lambda: spawned.ready, "the bot to start", PATIENCE)
        except BaseException:
            spawned.kill()
            raise
        return spawned

    def asked(self) -> str:
        ref = self.app.asked(self.app.carol, f"{ENGINE} 1h rolling out")
        self.app.wait(self.app.quiet, "the request to be told")
        return ref

    def approve(self, ref: str) -> None:
        self.app.bob.click("Approve", self.app.card(ref, "needs approval"))

    def gives_back(self, ref: str) -> None:
        self.app.revokes(self.app.carol, ref)
        AppHarness.until(lambda: self.app.states(ref) != ["granting"], f"{ref} to be given back")

    def _start(self) -> None:
        if not self.app.program:
            self.app.start_bot()

    def _recover(self, ref: str, where: str) -> None:
        app = self.app
        if app.record(ref).pending:
            # The click was acknowledged and not recorded yet: the card still asks, and is clicked again.
            app.wait(app.quiet, f"{where}: that nothing is due")
        if app.record(ref).pending:
            app.wait(lambda: self._clicked(ref), f"{where}: a click that is taken")
        app.wait(lambda: app.stands(ref, "active") or app.stands(ref, "ended"), f"{where}: active")
        if app.states(ref) == ["active"]:
            assert app.holds("carol", ENGINE), f"{where}: it is active, and RAM does not have it"
        self._over(ref, where)

    def _over(self, ref: str, where: str) -> None:
        app = self.app
        if app.states(ref) == ["active"]:
            app.people.advance(HOUR + 1)
        app.wait(lambda: app.stands(ref, "ended"), f"{where}: ended")
        app.real_passes(REPAIR_SECONDS)
        app.wait(lambda: app.due("kind = 'reconcile_key'") == 0, f"{where}: the last look")

    def _clicked(self, ref: str) -> bool:
        return self._comes_to(lambda: not self.app.record(ref).pending, lambda: self.approve(ref))

    def _comes_to(self, is_so: Callable[[], bool], do: Callable[[], object]) -> bool:
        """What people do may go to a process that is no more, where nobody answers: it is done where it is not so."""
        if is_so():
            return True
        do()
        deadline = time.monotonic() + ANSWERED_SECONDS
        while not is_so() and time.monotonic() < deadline:
            time.sleep(0.02)
        return is_so()

    def _is(self, ref: str, state: str) -> bool:
        """Whether a request that there may not be yet stands so."""
        return self.app.requests() > int(ref[2:]) - FIRST_REQUEST and self.app.stands(ref, state)

    def _was_given_once(self, ref: str, began: float, once: Sequence[str], where: str) -> None:
        """It came and went by a pair of writes, but for those that came late, with one of each of these events."""
        app = self.app
        assert not app.holds("carol", ENGINE), where
        log = [each for each in app.people.account()["log"] if each["at"] >= began and each["result"] == "ok"]
        late = app.key_events(began).count("late write")
        assert [each["action"] for each in log] in [endings.PAIR * (1 + pairs) for pairs in range(late + 1)], where
        events = app.events(ref)
        assert all(events.count(event) == 1 for event in once), f"{where}: {events}"
