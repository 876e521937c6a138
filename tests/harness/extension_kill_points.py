"""One access, from the approval of more time for it to its last end, through a bot that is killed meanwhile."""

from __future__ import annotations

from tests.harness.app import ENGINE, HOUR
from tests.harness.endings import PAIR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, REPAIR_SECONDS, KillPoints


class ExtensionKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            began = app.people.now()
            ref, more = self._extending()
            spawned.arm()
            self.approve(more)
            app.wait(lambda: spawned.there or app.stands(more, "active"), f"{more} to be active, or that point")
            if not spawned.there:
                app.people.advance(HOUR + 1)
                app.wait(lambda: spawned.there or app.stands(ref, "ended"), f"{ref} to be ended, or that point")
            came = spawned.there
            where = f"{more}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on_to_its_end(ref, more, began, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _extending(self) -> tuple[str, str]:
        """What is active, and the request for more time, whose card is there."""
        app = self.app
        ref = self.asked()
        self.approve(ref)
        app.wait(lambda: app.stands(ref, "active"), f"{ref} to be active")
        more = f"R-{int(ref[2:]) + 1}"
        app.carol.click("Extend", app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) is active until"))
        app.carol.modal(f"Extend {ref}")
        assert app.carol.submit({"How much longer": "1h", "Reason": "not done"}) == {}
        app.card(more, "needs approval")
        app.wait(app.quiet, f"{more} to be told")
        return ref, more

    def _goes_on_to_its_end(self, ref: str, more: str, began: float, where: str) -> None:
        """The key is held from the first moment to the last, by one write each."""
        app = self.app
        if app.record(more).pending:
            app.wait(lambda: self._clicked(more), f"{where}: a click that is taken")
        app.wait(lambda: app.stands(more, "active"), f"{where}: to be extended")
        assert app.record(more).request.ends_at == (app.record(ref).request.ends_at or 0) + HOUR * 1_000, where
        if app.states(ref) == ["active"]:
            app.people.advance(HOUR + 1)
        app.wait(lambda: app.stands(ref, "ended"), f"{where}: the first to end")
        assert app.holds("carol", ENGINE), f"{where}: what was extended is gone"
        app.people.advance(HOUR)
        app.wait(lambda: app.stands(more, "ended"), f"{where}: the last to end")
        app.real_passes(REPAIR_SECONDS)
        app.wait(lambda: app.due("kind = 'reconcile_key'") == 0, f"{where}: the last look")
        assert not app.holds("carol", ENGINE), where
        log = [each["action"] for each in app.people.account()["log"] if each["at"] >= began and each["result"] == "ok"]
        assert log == PAIR, f"{where}: {log}"
        assert app.chain_holds(), where
