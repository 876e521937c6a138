"""One onboarding after the other, from the approval to the last message, each through a bot that is killed at a point
of its work; whoever approved clicks again where nobody answered them.
"""

from __future__ import annotations

import time

from bot.sandbox.client import SandboxPerson
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.refusals import audit_trail, newcomer
from tests.scenario.onboarding import card, link_of, newest, onboard, ours, users

ONCE = ("onboarding asked", "onboarding approved", "created user seen", "onboarding done")


class OnboardingKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            new = newcomer(app, f"point{at}x", email=f"point{at}x@example.com")
            shown = onboard(app, app.carol, new)
            app.wait(app.quiet, "the card to be told of")
            spawned.arm()
            app.bob.click("Approve", shown)
            app.wait(lambda: spawned.there or self._is_done(new), f"{new.name} to be onboarded, or that point")
            came = spawned.there
            where = f"{new.name}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(new, where)
            check_onboarded(app, new, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _is_done(self, new: SandboxPerson) -> bool:
        found = newest(self.app, new)
        return found is not None and found.state == "done" and self.app.quiet()

    def _goes_on(self, new: SandboxPerson, where: str) -> None:
        app = self.app
        app.wait(app.quiet, f"{where}: that nothing is due")
        if not self._was_decided(new):
            app.wait(lambda: self._click(new), f"{where}: a click that is taken")

        def over() -> bool:
            # A job that waits for a moment of real time is not due before that.
            app.real_passes(1.0)
            return self._is_done(new)

        app.wait(over, f"{where}: to be onboarded")

    def _was_decided(self, new: SandboxPerson) -> bool:
        found = newest(self.app, new)
        return found is not None and found.state != "pending"

    def _click(self, new: SandboxPerson) -> bool:
        """It may go to a process that is no more, where nobody answers."""
        self.app.bob.click("Approve", card(self.app, f"`{new.name}`"))
        deadline = time.monotonic() + 1.0
        while not self._was_decided(new) and time.monotonic() < deadline:
            time.sleep(0.02)
        return self._was_decided(new)


def check_onboarded(app: AppHarness, new: SandboxPerson, where: str) -> None:
    """All is as if the bot had lived: one user that is ours, one link, one request, and each thing said."""
    done = newest(app, new)
    assert done is not None and done.state == "done", (where, done)
    found = users(app, new.name)
    assert [user.name for user in found] == [new.name], where
    assert ours(found[0], done) and link_of(app, new) == found[0].user_id, where
    log = app.sandbox.account.log()
    created = [entry for entry in log if (entry.action, entry.user, entry.result) == ("CreateUser", new.name, "ok")]
    assert len(created) == 1, where
    with app.ledger.read() as tx:
        asked = tx.rows("SELECT id FROM requests WHERE subject = :who", who=new.id)
    assert [row["id"] for row in asked] == [done.request_id], where
    told = [entry["event"] for entry in audit_trail(app) if entry.get("onboarding") == done.public_id]
    for event in ONCE:
        assert told.count(event) == 1, (where, told)
    new.direct_message_with("is created and linked to")
    assert not app.bob.message_with(f"RAM user `{new.name}` is created", APPROVALS).buttons, where
    assert app.chain_holds(), where
