"""One request that nobody decides, until it is escalated and decided in the second place, through a bot that is killed
meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from tests.harness.app import ENGINE
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.reminders import MINUTE
from tests.scenario.test_escalation import ONCALL, escalating, escalations, there


class EscalationKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        catalogue = escalating(folder, ONCALL)
        super().__init__(folder, process_pool, course, address, {"PAIREC_CATALOG": str(catalogue)})

    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        before = len(escalations(app))
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            spawned.arm()
            app.people.advance(31 * MINUTE)
            app.wait(lambda: spawned.there or self._says_so(ref), f"{ref} to be escalated, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(lambda: self._says_so(ref) and app.quiet(), f"{where}: to be escalated")
            assert 1 <= len(there(app, ref)) <= 1 + came, where
            assert len(escalations(app)) == before + 1, where
            app.bob.click("Deny", there(app, ref)[-1])
            app.bob.submit({"Reason": "not now"})
            app.wait(lambda: app.quiet() and not app.record(ref).pending, f"{where}: to be denied")
            app.wait(lambda: there(app, ref, "denied"), f"{where}: to be drawn anew")
            assert not app.holds("carol", ENGINE) and app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _says_so(self, ref: str) -> bool:
        return self.app.record(ref).request.escalated_at is not None and bool(there(self.app, ref))
