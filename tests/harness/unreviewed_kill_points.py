"""One access review after the other that nobody answers, through a bot that is killed meanwhile: what a request gave
carol is revoked when it ends, all else stays.
"""

from __future__ import annotations

from pathlib import Path

from approvals.access_review import AccessReview
from approvals.ledger import access_reviews
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.operations.access_reviews.start import start_review
from approvals.operations.access_reviews.unreviewed import AT_ONCE
from tests.harness.app import ENGINE, MONITOR
from tests.harness.kill_points import LOCKS_RUN_OUT_SECONDS, Course, KillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.refusals import audit_trail
from tests.harness.rules import catalog_with

REVOKES = """
[access_review]
unreviewed = "revoke"
"""
STEPS = ("access review started", "access review collected", "access review closed")
LASTS_MS = 2 * DAY


class UnreviewedKillPoints(KillPoints):
    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        super().__init__(folder, process_pool, course, address, {"PAIREC_CATALOG": str(catalog_with(folder, REVOKES))})
        for number in range(AT_ONCE):
            # With what others have, more than fits in one transaction of the end.
            self.app.by_hand("CreateUser", UserName=f"engineer-{number}")
            self.app.attach_by_hand(f"engineer-{number}", MONITOR)

    def live_through(self, at: int) -> bool:
        app = self.app
        began = app.people.now()
        app.passing.hurry()
        spawned = self.spawned(at)
        try:
            ref = self.asked()
            self.approve(ref)
            app.wait(lambda: app.stands(ref, "active"), f"{ref} to be active")
            before = len(audit_trail(app))
            now = DomainMillis(int(app.people.now() * SECOND))
            review = start_review(app.ledger, LASTS_MS, "somebody at the command line", now)
            app.wait(lambda: bool(self._now(review).collected_at), "it to be collected")
            app.wait(app.quiet, "approvers to be told")
            app.people.advance(LASTS_MS / 2 / SECOND + 1)
            app.wait(app.quiet, "approvers to be reminded")
            spawned.arm()
            app.people.advance(LASTS_MS / 2 / SECOND)
            app.wait(lambda: spawned.there or app.stands(ref, "ended"), f"{ref} to be ended, or that point")
            came = spawned.there
            where = f"killed at {spawned.point()}"
            spawned.kill()
            app.real_passes(LOCKS_RUN_OUT_SECONDS)
            self._start()
            app.wait(lambda: app.stands(ref, "ended"), f"{where}: {ref} to be ended")
            app.wait(app.quiet, f"{where}: that nothing is due")
            self._was_given_once(ref, began, ("active", "not reviewed", "ending", "ended"), where)
            self._check(review, before, where)
        finally:
            spawned.kill()
            app.stop_bot()
        return came

    def asked(self) -> str:
        ref = self.app.asked(self.app.carol, f"{ENGINE} 60d rolling out")
        self.app.wait(self.app.quiet, "the request to be told")
        return ref

    def _now(self, review: AccessReview) -> AccessReview:
        with self.app.ledger.read() as tx:
            found = access_reviews.get(tx, review.id)
        assert found is not None
        return found

    def _check(self, review: AccessReview, before: int, where: str) -> None:
        app = self.app
        entries = audit_trail(app)[before:]
        events = [entry["event"] for entry in entries]
        assert [events.count(step) for step in STEPS] == [1, 1, 1], f"{where}: {events}"
        with app.ledger.read() as tx:
            items = access_reviews.items(tx, review.id)
        noted = [entry["item"] for entry in entries if entry["event"] == "access not reviewed"]
        assert sorted(noted) == sorted(item.id for item in items), f"{where}: {noted}"
        revoked = [item.access.principal.name for item in items if item.verdict == "revoke unreviewed"]
        assert revoked == ["carol"] and all(item.verdict or item.stays for item in items), where
        assert app.chain_holds(), where
