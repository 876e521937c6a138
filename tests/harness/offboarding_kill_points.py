"""One offboarding after the other, from the click to the last message, each through a bot that is killed at a point of
its work; whoever approved clicks again where nobody answered them.
"""

from __future__ import annotations

import time

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, ENGINE
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, REPAIR_SECONDS, KillPoints
from tests.harness.refusals import link
from tests.scenario.onboarding import link_of

BUTTON = "Revoke all"


class OffboardingKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            self.approve(ref)
            app.wait(lambda: app.stands(ref, "active"), f"{ref} to be active")
            before = {each.ts for each in self._shown()}
            app.bob.type("/pairec-access offboard @carol")
            app.wait(lambda: {each.ts for each in self._shown()} - before and app.quiet(), "what is to end to be shown")
            spawned.arm()
            app.judy.click(BUTTON, self._shown()[-1])
            app.wait(lambda: spawned.there or self._is_done(ref), f"{ref} to be taken back, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(ref, where)
            self._check(ref, where)
            link(app, app.carol, "carol")
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _shown(self) -> list[SeenMessage]:
        """What asks whether all of it is to be taken back."""
        found = [each for each in self.app.bob.messages(APPROVALS) if "offboards" in each.plain]
        return sorted((each for each in found if BUTTON in each.buttons), key=lambda each: float(each.ts))

    def _is_done(self, ref: str) -> bool:
        return self.app.stands(ref, "ended") and link_of(self.app, self.app.carol) is None

    def _goes_on(self, ref: str, where: str) -> None:
        app = self.app
        app.wait(app.quiet, f"{where}: that nothing is due")
        if app.states(ref) == ["active"]:
            app.wait(lambda: self._clicked(ref), f"{where}: a click that is taken")
        app.wait(lambda: self._is_done(ref), f"{where}: to be taken back")
        app.real_passes(REPAIR_SECONDS)
        app.wait(lambda: app.due("kind = 'reconcile_key'") == 0, f"{where}: the last look")

    def _clicked(self, ref: str) -> bool:
        """It may go to a process that is no more, where nobody answers."""
        self.app.judy.click(BUTTON, self._shown()[-1])
        deadline = time.monotonic() + 1.0
        while self.app.states(ref) == ["active"] and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.app.states(ref) != ["active"]

    def _check(self, ref: str, where: str) -> None:
        app = self.app
        assert not app.holds("carol", ENGINE), where
        assert app.events(ref).count("left") == app.events(ref).count("ended") == 1, (where, app.events(ref))
        assert "carol" in app.sandbox.account.read().users, where
        assert not self._shown(), f"{where}: it is asked for once more"
        assert app.chain_holds(), where
