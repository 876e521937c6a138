"""One request that a rule of the catalogue approves, through a bot that is killed meanwhile; whoever asks types it
again where nobody answered them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bot.sandbox.client import NotDone
from tests.harness.app import ENGINE, HOUR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.rules import catalog_with

ENGINE_FOR_ALL = """
[[rules]]
name = "engine for all"
when = "item == 'PaiRecEngineAccess'"
auto_approve = "8h"
"""
ONCE = ("asked", "approved by rule", "active", "ending", "ended")


class RuleKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        settings = {"PAIREC_CATALOG": str(catalog_with(folder, ENGINE_FOR_ALL))}
        super().__init__(folder, process_pool, course, address, settings)

    def live_through(self, at: int) -> bool:
        app = self.app
        began, before = app.people.now(), app.requests()
        ref = f"R-{1001 + before}"
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            spawned.arm()
            self._type()
            app.wait(lambda: spawned.there or self._is(ref, "active"), f"{ref} to be active, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(app.quiet, f"{where}: that nothing is due")
            app.wait(
                lambda: self._comes_to(lambda: app.requests() > before, self._type), f"{where}: it to be asked for"
            )
            app.wait(lambda: self._is(ref, "active"), f"{where}: active")
            app.people.advance(HOUR + 1)
            app.wait(lambda: self._is(ref, "ended"), f"{where}: ended")
            self._check(ref, began, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _type(self) -> None:
        with suppress(NotDone):
            self.app.carol.type(f"/pairec-access request {ENGINE} 1h rolling out")

    def _check(self, ref: str, began: float, where: str) -> None:
        app = self.app
        self._was_given_once(ref, began, ONCE, where)
        assert "The rule `engine for all` approved it." in app.card(ref, "ended").plain, where
        assert app.chain_holds(), where
