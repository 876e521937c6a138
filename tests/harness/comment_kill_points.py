"""A comment for the approvers of one request after the other, through a bot that is killed meanwhile. Whoever
finds the form still open sends it again, and whoever finds it not recorded writes it again.
"""

from __future__ import annotations

from bot.sandbox.slack.page_client import NotDone
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints


class CommentKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            told = app.carol.direct_message_with(f"{ref}*: you requested")
            app.carol.click("Comment", told)
            app.carol.modal(f"Comment on {ref}")
            spawned.arm()
            answered = self._sends(ref)
            app.wait(lambda: spawned.there or (self._reached(ref) and app.quiet()), "it to be said, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            if answered and "commented" not in app.events(ref):
                app.carol.click("Comment", told)
                app.carol.modal(f"Comment on {ref}")
                answered = False
            if not answered:
                assert self._sends(ref), where
            app.wait(lambda: self._reached(ref) and app.quiet(), f"{where}: to be said")
            assert app.events(ref).count("commented") == 1, where
            assert self._reached(ref) <= 1 + came, where
            app.cancels(app.carol, ref)
            app.wait(lambda: app.quiet() and not app.record(ref).pending, f"{where}: to be withdrawn")
            assert app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _sends(self, ref: str) -> bool:
        """Whether the form was taken; it stays open where nobody answered Slack in time."""
        try:
            return self.app.carol.submit({"Comment": f"about {ref}"}) == {}
        except NotDone:
            return False

    def _reached(self, ref: str) -> int:
        """How often approvers were told."""
        return sum(f"about {ref}" in message.plain for message in self.app.bob.messages())
