"""A step of a workflow, from its start to its end, through a bot that is killed meanwhile."""

from __future__ import annotations

from bot.sandbox.slack.workflows import COMPLETED, RUNNING
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, KillPoints
from tests.harness.workflows import delivered_again, install_step, started


class WorkflowKillPoints(KillPoints):
    def live_through(self, at: int) -> bool:
        app = self.app
        install_step(app)
        app.passing.hurry()
        before = app.requests()
        ref = f"R-{1_001 + before}"
        spawned = self.spawned(at)
        try:
            spawned.arm()
            run = started(app, duration="1h")
            app.wait(lambda: spawned.there or self._asks(ref), f"{ref} to need an approval, or that point")
            if not spawned.there:
                self.approve(ref)
                app.wait(lambda: spawned.there or self._over_for(run), "the workflow to go on, or that point")
            came = spawned.there
            where = f"{ref}, killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(app.quiet, f"{where}: that nothing is due")
            if app.requests() == before:
                delivered_again(app, run)
                app.wait(lambda: app.requests() > before, f"{where}: to be asked for")
            self._recover(ref, where)
            app.wait(lambda: self._over_for(run) and app.quiet(), f"{where}: the workflow to go on")
            assert app.requests() == before + 1, f"{where}: asked for twice"
            end = app.sandbox.slack.workflows.run(run)
            assert end is not None and end.state == COMPLETED, f"{where}: {end}"
            assert app.chain_holds(), where
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _asks(self, ref: str) -> bool:
        return any(card.plain.startswith(f"{ref} ") for card in self.app.cards())

    def _over_for(self, run_id: str) -> bool:
        run = self.app.sandbox.slack.workflows.run(run_id)
        return run is not None and run.state != RUNNING
