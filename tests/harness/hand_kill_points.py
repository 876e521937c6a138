"""One request for what is given by hand, from the approval to the last message, through a bot that is killed at a point
of its work; people click again where nobody answered them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.sandbox.client import SeenMessage
from tests.harness import endings
from tests.harness.app import HOUR
from tests.harness.by_hand import GIVE, GRAFANA, TAKE, catalog_file, manual_table, tasks
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool, SpawnedApp

STEPS = ("granting", "given by hand", "active", "ending", "taken by hand", "ended")


class HandKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        settings = {"PAIREC_CATALOG": str(catalog_file(folder, manual_table()))}
        super().__init__(folder, process_pool, course, address, settings)
        self._nobodys: set[str] = set()
        """Messages that earlier bots posted and did not live to record."""

    def _tasks(self, wanted: str) -> list[SeenMessage]:
        return [each for each in tasks(self.app.erin, wanted) if each.ts not in self._nobodys]

    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            spawned.arm()
            self.approve(ref)
            self._lives(ref, spawned)
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(ref, where)
            self._check(ref, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _lives(self, ref: str, spawned: SpawnedApp) -> None:
        """As far as it comes."""
        app = self.app

        def comes(look: Callable[[], bool], what: str) -> bool:
            app.wait(lambda: spawned.there or look(), f"{what}, or that point")
            return not spawned.there

        for wanted, state in ((GIVE, "active"), (TAKE, "ended")):
            if not comes(partial(self._waits, wanted), wanted):
                return
            self._click_done(wanted)
            if not comes(partial(app.stands, ref, state), f"{ref} to be {state}"):
                return
            if state == "active":
                app.people.advance(HOUR + 1)

    def asked(self) -> str:
        ref = self.app.asked(self.app.carol, f"{GRAFANA} 1h rolling out")
        self.app.wait(self.app.quiet, "the request to be told")
        return ref

    def _waits(self, wanted: str) -> bool:
        return bool(self._tasks(wanted)) and self.app.quiet()

    def _click_done(self, wanted: str) -> None:
        self.app.erin.click("Done", self._tasks(wanted)[-1])

    def _goes_on(self, ref: str, where: str) -> None:
        app = self.app
        if app.record(ref).pending:
            app.wait(app.quiet, f"{where}: that nothing is due")
        if app.record(ref).pending:
            app.wait(lambda: self._clicked(ref), f"{where}: a click that is taken")
        app.wait(lambda: app.quiet() and app.states(ref) != ["planned"], f"{where}: to be asked for")
        if app.states(ref) == ["granting"]:
            app.wait(partial(self._done, ref, GIVE, "granting"), f"{where}: given")
        app.wait(app.quiet, f"{where}: everything to be told")
        if app.states(ref) == ["active"]:
            app.people.advance(HOUR + 1)
        app.wait(lambda: app.quiet() and app.states(ref) != ["active"], f"{where}: to be taken away")
        if app.states(ref) == ["ending"]:
            app.wait(partial(self._done, ref, TAKE, "ending"), f"{where}: taken away")
        app.wait(lambda: app.stands(ref, "ended"), f"{where}: ended")

    def _done(self, ref: str, wanted: str, before: str) -> bool:
        """A click may go to a process that is no more, where nobody answers."""
        if not self._waits(wanted):
            return False
        self._click_done(wanted)
        deadline = time.monotonic() + 1.0
        while self.app.states(ref) == [before] and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.app.states(ref) != [before]

    def _check(self, ref: str, where: str) -> None:
        app = self.app
        assert app.chain_holds(), f"{where}: the chain does not verify"
        events = [event for event in app.events(ref) if event in STEPS]
        assert events == list(STEPS), f"{where}: {events}"
        endings.said_once(app, ref, where)
        # What was posted right before its bot was killed is there twice, and nobody knows of one of them.
        left = [*self._tasks(GIVE), *self._tasks(TAKE)]
        assert len(left) <= 1, f"{where}: {left}"
        for each in left:
            app.erin.click("Done", each)
            app.erin.ephemeral_with("This is handled already. Nothing was changed.")
            self._nobodys.add(each.ts)
        assert app.states(ref) == ["ended"], where
        with app.ledger.read() as tx:
            of_request = [row for row in tx.rows("SELECT details FROM notices") if f"[{ref[2:]}]" in row["details"]]
        assert len(of_request) == 2, f"{where}: {len(of_request)} tasks"
