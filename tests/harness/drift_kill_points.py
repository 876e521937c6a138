"""One thing after the other that was given by hand: an approver asks to revoke it, another one approves it, through
a bot that is killed meanwhile. Both do it again where nobody answered them.
"""

from __future__ import annotations

from contextlib import suppress

from bot.sandbox.client import NotDone, SeenMessage
from tests.harness.app import APPROVALS, ENGINE
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, REPAIR_SECONDS, KillPoints
from tests.harness.refusals import audit_trail, refused
from tests.scenario.drifting import about_user, drift


class DriftKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        before = self._counted()
        spawned = self.spawned(at)
        # What was given while no bot worked is asked about otherwise.
        app.people.advance(2)
        app.attach_by_hand("carol", ENGINE)
        try:
            self._opens_form()
            spawned.arm()
            self._sends_form()
            app.wait(lambda: spawned.there or self._asked(), "approvers to be asked, or that point")
            if not spawned.there:
                app.judy.click("Approve", self._asked()[-1])
                app.wait(lambda: spawned.there or self._is_over(), "it to be revoked, or that point")
            came = spawned.there
            where = f"killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            self._goes_on(where)
            self._check(before, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _opens_form(self) -> None:
        app = self.app
        app.bob.click("Revoke", about_user(drift(app, app.bob), "carol", ENGINE))
        app.bob.modal("Revoke drift")

    def _sends_form(self) -> None:
        with suppress(NotDone):
            self.app.bob.submit({"Reason": "nobody needs it"})

    def _asked(self) -> list[SeenMessage]:
        """What asks another approver."""
        found = [each for each in self.app.bob.messages(APPROVALS) if "asks to revoke" in each.plain]
        return [each for each in found if "Approve" in each.buttons and each.ts not in self._copies]

    def _is_over(self) -> bool:
        with self.app.ledger.read() as tx:
            states = [row["state"] for row in tx.rows("SELECT state FROM grants")]
        return bool(states) and set(states) == {"ended"} and not self.app.holds("carol", ENGINE)

    def _goes_on(self, where: str) -> None:
        app = self.app
        app.wait(app.quiet, f"{where}: that nothing is due")
        if not self._is_decided() and not self._asked():
            with suppress(NotDone):
                app.bob.close_modal()
            self._opens_form()
            self._sends_form()
            app.wait(self._asked, f"{where}: approvers to be asked")
        if not self._is_decided():
            app.wait(lambda: self._comes_to(self._is_decided, self._clicks), f"{where}: a click that is taken")
        app.wait(self._is_over, f"{where}: to be revoked")
        app.real_passes(REPAIR_SECONDS)
        app.wait(lambda: app.due("kind = 'reconcile_key'") == 0, f"{where}: the last look")
        app.wait(app.quiet, f"{where}: that nothing is due")

    def _is_decided(self) -> bool:
        """Whether what is asked for is a grant of the ledger's by now."""
        with self.app.ledger.read() as tx:
            open_ones = tx.rows("SELECT id FROM notices WHERE what = 'drift_request' AND settled_at IS NULL")
            rows = tx.rows("SELECT id FROM drift_rows WHERE details LIKE '%carol%'")
        return not open_ones and not rows

    def _clicks(self) -> None:
        if shown := self._asked():
            self.app.judy.click("Approve", shown[-1])

    def _counted(self) -> tuple[int, int]:
        approved = [each for each in audit_trail(self.app) if each["event"] == "drift approved"]
        return len(approved), self.app.writes("DetachPolicyFromUser", "carol", ENGINE)

    def _check(self, before: tuple[int, int], where: str) -> None:
        approved, detached = (now - then for now, then in zip(self._counted(), before, strict=True))
        assert (approved, detached) == (1, 1), where
        # Killed between Slack's answer and its own record, it posts once more, and knows of one of them.
        copies = self._asked()
        assert len(copies) <= 1, f"{where}: it is asked for {len(copies)} times more"
        for copy in copies:
            with refused(self.app, self.app.judy, "notice_settled", "This is handled already.", act="drift"):
                self.app.judy.click("Approve", copy)
            self._copies.add(copy.ts)
        assert self.app.chain_holds(), where
