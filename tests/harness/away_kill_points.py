"""An approver who is away for an hour, while a request waits, through a bot that is killed meanwhile. Whoever is not
answered says it again.
"""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.ledger import away, trail
from tests.harness.app import HOUR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.refusals import TEAM


class AwayKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        before = self._said()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            spawned.arm()
            app.bob.type("/pairec-access away 1h")
            app.wait(lambda: spawned.there or self._is_away(), "him to be away, or that point")
            if not spawned.there:
                app.people.advance(HOUR + 1)
                app.wait(lambda: spawned.there or not self._is_away(), "him to be back, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            if self._said() == before:
                app.bob.type("/pairec-access away 1h")
                app.wait(self._is_away, f"{where}: him to be away")
            app.people.advance(HOUR + 1)
            app.wait(lambda: not self._is_away() and app.quiet(), f"{where}: him to be back")
            assert self._said() == [*before, AuditEvent.AWAY, AuditEvent.BACK], where
            assert "U0BOB" in app.card(ref).mentions, where
            app.cancels(app.carol, ref)
            app.wait(lambda: app.quiet() and not app.record(ref).pending, f"{where}: to be withdrawn")
            assert app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _is_away(self) -> bool:
        with self.app.ledger.read() as tx:
            return away.until(tx, TEAM, SlackUserId("U0BOB")) is not None

    def _said(self) -> list[str]:
        with self.app.ledger.read() as tx:
            events = [entry.fields["event"] for entry in trail.entries(tx)]
        return [each for each in events if each in (AuditEvent.AWAY, AuditEvent.BACK)]
