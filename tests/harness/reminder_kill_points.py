"""One request that nobody decides on, until its approvers are reminded, through a bot that is killed meanwhile."""

from __future__ import annotations

from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.reminders import MINUTE, MONDAY, due_in, goes_to, reminders


class ReminderKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        goes_to(app, MONDAY, 10)
        before = len(reminders(app.bob))
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            spawned.arm()
            app.people.advance(15 * MINUTE)
            app.wait(lambda: spawned.there or self._was_reminded(ref), f"{ref} to be reminded of, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(lambda: self._was_reminded(ref) and app.quiet(), f"{where}: to be reminded of")
            said = reminders(app.bob)[before:]
            assert 1 <= len(said) <= 1 + came, f"{where}: {[each.plain for each in said]}"
            assert all(ref in each.plain for each in said), where
            app.cancels(app.carol, ref)
            app.wait(lambda: app.quiet() and not app.record(ref).pending, f"{where}: to be withdrawn")
            assert due_in(app, ref) is None, where
            assert app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _was_reminded(self, ref: str) -> bool:
        return (due_in(self.app, ref) or 0) > 40 * MINUTE
