"""Perform the job that looks who holds the admin policy."""

from __future__ import annotations

from approvals.errors import Refusal
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.operations import admins
from approvals.ports import Clock, Directory
from bot.worker.postpone import Postpone


class AdminWatch:
    """Performs the job of that kind, which is due again each time that it is done."""

    def __init__(self, ledger: Ledger, directory: Directory, clock: Clock, postpone: Postpone) -> None:
        self._ledger = ledger
        self._directory = directory
        self._clock = clock
        self._postpone = postpone

    def check(self, job: Job) -> None:
        """Compare who holds the admin policy now with whom the ledger knows; while RAM does not say it, the job is
        postponed.

        Raises:
            LostLock: another worker has the job.
        """
        try:
            holders = self._directory.admins()
        except Refusal as refusal:
            self._postpone(job, refusal)
            return
        admins.record_holders(self._ledger, job, holders, self._clock.now(), self._clock.real())
