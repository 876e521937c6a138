"""Whoever asked presses Remind while there is nobody to remind, through a bot that is killed meanwhile."""

from __future__ import annotations

from contextlib import suppress

from bot.sandbox.slack.page_client import NotDone
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.reminders import reminders

FORGOTTEN_AFTER_SECONDS = 61
"""Until the bot asks Slack anew who somebody is."""


class UnremindedKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            self._bob(deleted=False)
            for person in (app.alice, app.judy):
                person.type("/pairec-access away 300d")
                person.ephemeral_with("You are away until")
            ref = self.asked()
            told = app.carol.direct_message_with(f"{ref}*: you requested")
            self._bob(deleted=True)
            app.real_passes(FORGOTTEN_AFTER_SECONDS)
            spawned.arm()
            with suppress(NotDone):
                app.carol.click("Remind", told)
            app.wait(lambda: spawned.there or (self._said(ref) and app.quiet()), f"{ref}: a word, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            if "reminded" not in app.events(ref):
                app.carol.click("Remind", told)
            app.wait(lambda: self._said(ref) and app.quiet(), f"{where}: a word that nobody was reminded")
            assert self._said(ref) <= 1 + came, where
            assert app.events(ref).count("nobody reminded") == 1, where
            assert not any(ref in each.plain for each in reminders(app.alice)), where
            app.cancels(app.carol, ref)
            app.wait(lambda: app.quiet() and not app.record(ref).pending, f"{where}: to be withdrawn")
            assert app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _bob(self, *, deleted: bool) -> None:
        self.app.people.inject_slack_fault({"person": "U0BOB", "set": {"deleted": deleted}})

    def _said(self, ref: str) -> int:
        """How often whoever asked was told."""
        return sum(f"{ref}*: nobody was reminded" in message.plain for message in self.app.carol.messages())
