"""One access that is taken in an emergency, found not justified and revoked, through a bot that is killed meanwhile;
people type and click again where nobody answered them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bot.sandbox.client import NotDone
from tests.harness.app import ENGINE
from tests.harness.break_glass import BREAK_GLASS, on_call
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.rules import catalog_with

ONCE = ("break glass", "active", "emergency reviewed", "taken back", "ended")
BARRED_SECONDS = 60


class BreakGlassKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        often = BREAK_GLASS.replace('"14d"', '"1m"')
        settings = {"PAIREC_CATALOG": str(catalog_with(folder, often))}
        super().__init__(folder, process_pool, course, address, settings)

    def live_through(self, at: int) -> bool:
        app = self.app
        if "rec-oncall" not in str(app.people.account()):
            on_call(app)
        began, before = app.people.now(), app.requests()
        ref = f"R-{1001 + before}"
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            spawned.arm()
            self._type()
            app.wait(lambda: spawned.there or self._is(ref, "active"), f"{ref} to be active, or that point")
            if not spawned.there:
                self._review(ref)
                app.wait(lambda: spawned.there or self._is(ref, "ended"), f"{ref} to end, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(ref, before, where)
            self._check(ref, began, where)
            app.people.advance(BARRED_SECONDS)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _type(self) -> None:
        with suppress(NotDone):
            self.app.carol.type(f"/pairec-access break-glass {ENGINE} 503s")

    def _review(self, ref: str) -> None:
        """The form as it is sent, wherever the bot is by then."""
        view = {
            "type": "modal",
            "callback_id": "emergency_not_justified_form",
            "private_metadata": self.app.record(ref).request.public_id,
            "state": {"values": {"words": {"words": {"type": "plain_text_input", "value": "it can wait"}}}},
        }
        with suppress(NotDone):
            self.app.judy.forge({"type": "view_submission", "view": view})

    def _goes_on(self, ref: str, before: int, where: str) -> None:
        app = self.app
        app.wait(app.quiet, f"{where}: that nothing is due")
        app.wait(lambda: self._comes_to(lambda: app.requests() > before, self._type), f"{where}: it to be taken")
        app.wait(lambda: app.states(ref) in (["active"], ["ending"], ["ended"]), f"{where}: active")
        reviewed = lambda: not app.record(ref).under_review  # noqa: E731
        app.wait(lambda: self._comes_to(reviewed, lambda: self._review(ref)), f"{where}: a review")
        app.wait(lambda: self._is(ref, "ended"), f"{where}: ended")

    def _check(self, ref: str, began: float, where: str) -> None:
        app = self.app
        self._was_given_once(ref, began, ONCE, where)
        assert app.requests() == int(ref[2:]) - 1000, f"{where}: it was taken twice"
        card = app.card(ref, "Not justified, says")
        assert card.buttons == [], f"{where}: {card.buttons}"
        told = [each.plain for each in app.carol.messages() if each.plain.startswith(f"*{ref}*: ")]
        assert any("not justified" in each for each in told), f"{where}: {app.carol.screen_text()}"
        assert app.chain_holds(), where
