"""One access review after the other that nobody answers, through a bot that is killed when it ends: what a request gave
carol is revoked, all else stays.
"""

from __future__ import annotations

from pathlib import Path

from approvals.access_review import AccessReview
from approvals.millis import DAY, SECOND
from approvals.operations.access_reviews.unreviewed import AT_ONCE
from tests.harness.access_review_kill_points import AccessReviewKillPoints
from tests.harness.app import MONITOR
from tests.harness.kill_points import Course
from tests.harness.process_pool import ProcessPool, SpawnedApp
from tests.harness.rules import catalog_with

REVOKES = """
[access_review]
unreviewed = "revoke"
"""


class UnreviewedKillPoints(AccessReviewKillPoints):
    lasts_ms = 2 * DAY
    verdict = "revoke unreviewed"
    once = ("active", "not reviewed", "ending", "ended")
    steps = ("started", "collected", "ending", "closed")
    word = "access not reviewed"

    def __init__(self, folder: Path, process_pool: ProcessPool, course: Course, address: str | None = None) -> None:
        super().__init__(folder, process_pool, course, address, {"PAIREC_CATALOG": str(catalog_with(folder, REVOKES))})
        for number in range(AT_ONCE):
            # With what others have, more than fits in one transaction of the end.
            self.app.by_hand("CreateUser", UserName=f"engineer-{number}")
            self.app.attach_by_hand(f"engineer-{number}", MONITOR)

    def goes_on_until_killed(self, ref: str, spawned: SpawnedApp) -> AccessReview:
        app = self.app
        review = self.begun()
        app.wait(lambda: self.collected(review), "it to be collected")
        app.wait(app.quiet, "approvers to be told")
        app.people.advance(self.lasts_ms / 2 / SECOND + 1)
        app.wait(app.quiet, "approvers to be reminded")
        spawned.arm()
        app.people.advance(self.lasts_ms / 2 / SECOND)
        app.wait(lambda: spawned.there or app.stands(ref, "ended"), f"{ref} to be ended, or that point")
        return review

    def comes_to_an_end(self, review: AccessReview, ref: str, where: str) -> None:
        """By itself."""
