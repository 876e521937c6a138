"""Access reviews that start by themselves, one after the other, each through a bot that is killed meanwhile."""

from __future__ import annotations

from pathlib import Path

from approvals.ledger import access_reviews
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.start import end_review
from tests.harness.app import HOUR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.refusals import audit_trail
from tests.harness.rules import catalog_with

OFTEN = """
[access_review]
every = "3d"
by = "2d"
"""
EVERY_SECONDS = 72 * HOUR
STEPS = ("access review started", "access review collected")


class ScheduledReviewKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        super().__init__(folder, process_pool, course, address, {"PAIREC_CATALOG": str(catalog_with(folder, OFTEN))})

    def live_through(self, at: int) -> bool:
        app = self.app
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            app.wait(app.quiet, "that nothing is due")
            before = len(audit_trail(app))
            spawned.arm()
            app.people.advance(EVERY_SECONDS + 1)
            app.wait(lambda: spawned.there or self._collected(), "the review to be collected, or that point")
            came = spawned.there
            where = f"killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            if not app.program:
                app.start_bot()
            app.wait(self._collected, f"{where}: the review to be collected")
            app.wait(app.quiet, f"{where}: that nothing is due")
            events = [entry["event"] for entry in audit_trail(app)[before:]]
            assert [events.count(step) for step in STEPS] == [1, 1], f"{where}: {events}"
            assert app.chain_holds(), where
            end_review(app.ledger, "somebody at the command line", DomainMillis(int(app.people.now() * 1_000)))
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def _collected(self) -> bool:
        with self.app.ledger.read() as tx:
            review = access_reviews.open_one(tx)
        return review is not None and review.collected_at is not None
