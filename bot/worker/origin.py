"""Perform the job that looks in the cloud for what the ledger cannot know of."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.operations import origin
from approvals.ports import Clock
from bot.directory.inventory import LiveInventory


class OriginWatch:
    """Performs the job of that kind. It reads the whole account, through an inventory of its own."""

    def __init__(self, ledger: Ledger, catalog: Catalog, inventory: LiveInventory, clock: Clock) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self.inventory = inventory
        self._clock = clock

    def check(self, job: Job) -> None:
        """Compare who has what with what this program gave. What the ledger gave is read before the cloud is, so that
        nothing that was given meanwhile looks like somebody else's.

        Raises:
            LostLock: another worker has the job.
        """
        before = origin.our_keys(self._ledger)
        survey = self.inventory.of_everybody([])
        origin.record_survey(
            self._ledger, self._catalog, job, before, survey, self._clock.now(), self._catalog.implied_by
        )

    def stop(self) -> None:
        """Begin no further reads, and wait for none."""
        self.inventory.stop()
