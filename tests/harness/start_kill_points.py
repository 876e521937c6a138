"""One request that is approved for later, from its approval to its end, through a bot that is killed meanwhile."""

from __future__ import annotations

from tests.harness.app import ENGINE, HOUR
from tests.harness.endings import PAIR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.reminders import MONDAY, goes_to

ONCE = ("asked", "approved", "started", "active", "ending", "ended")


class StartKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        goes_to(app, MONDAY, 10)
        began, ref = app.people.now(), f"R-{1_001 + app.requests()}"
        spawned = self.spawned(at)
        try:
            app.carol.type(f"/pairec-access request {ENGINE} 1h from today 14:00 rolling out")
            app.card(ref, "needs approval")
            app.wait(app.quiet, f"{ref} to be told")
            spawned.arm()
            self.approve(ref)
            app.wait(lambda: spawned.there or app.record(ref).scheduled, f"{ref} to be scheduled, or that point")
            if not spawned.there:
                app.people.advance(4 * HOUR)
                app.wait(lambda: spawned.there or app.stands(ref, "active"), f"{ref} to be active, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(ref, began, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _goes_on(self, ref: str, began: float, where: str) -> None:
        app = self.app
        if app.record(ref).pending:
            app.wait(lambda: self._clicked(ref), f"{where}: a click that is taken")
        if app.record(ref).scheduled and app.people.now() < began + 4 * HOUR:
            app.wait(app.quiet, f"{where}: that nothing is due")
            assert not app.holds("carol", ENGINE), f"{where}: before its start"
            app.people.advance(4 * HOUR)
        app.wait(lambda: app.stands(ref, "active"), f"{where}: active")
        app.people.advance(HOUR + 1)
        app.wait(lambda: app.stands(ref, "ended"), f"{where}: ended")
        log = [each for each in app.people.account()["log"] if each["at"] >= began and each["result"] == "ok"]
        late = app.key_events(began).count("late write")
        assert [each["action"] for each in log] in [PAIR * (1 + pairs) for pairs in range(late + 1)], where
        events = app.events(ref)
        assert all(events.count(event) == 1 for event in ONCE), f"{where}: {events}"
        assert app.chain_holds(), where
