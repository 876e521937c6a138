"""Perform the job of an access review: read who has what, remind, and end it."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ledger import Ledger, open_grants
from approvals.ledger.jobs import Job
from approvals.operations.access_reviews.collect import record_collected
from approvals.operations.access_reviews.finish import advance
from approvals.ports import Clock, Directory
from approvals.queries.access_report import read_access_report
from approvals.queries.access_reviews import is_to_be_collected
from bot.directory.inventory import LiveInventory
from bot.worker.postpone import Postpone


class AccessReviews:
    """Performs the job of that kind, of which there is one at a time."""

    def __init__(
        self,
        ledger: Ledger,
        catalog: Catalog,
        inventory: LiveInventory,
        directory: Directory,
        clock: Clock,
        postpone: Postpone,
        team_id: str,
    ) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._inventory = inventory
        self._directory = directory
        self._clock = clock
        self._postpone = postpone
        self._team_id = team_id

    def perform(self, job: Job) -> None:
        """What is due of it. Until RAM says who may approve, nothing is collected.

        Raises:
            LostLock: another worker has the job.
        """
        with self._ledger.read() as tx:
            collects = is_to_be_collected(tx, self._clock.now())
        if not collects:
            advance(self._ledger, job, self._team_id, *self._known(), self._clock.now())
            return
        try:
            own, admins = self._directory.own_user(), self._directory.admins()
        except Refusal as refusal:
            self._postpone(job, refusal)
            return
        found = read_access_report(
            self._ledger, open_grants.every, self._inventory.of_everybody, self._catalog.implied_by
        )
        record_collected(self._ledger, self._catalog, self._team_id, job, found, own, admins, self._clock.now())

    def _known(self) -> tuple[Holders | None, str | None]:
        """Who holds the admin policy, and the RAM user that this program is. Nobody, where RAM does not say both:
        reviewers are reminded, and a review ends, all the same.
        """
        try:
            return self._directory.admins(), self._directory.own_user()
        except Refusal:
            return None, None
