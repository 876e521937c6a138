"""What somebody elsewhere did not take is due again after a growing pause, for as long as it takes."""

from __future__ import annotations

from random import Random

from approvals.backoff import backoff
from approvals.ledger import Ledger, job_leases
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE
from approvals.ports import Clock

MAX_PAUSE_MS = 5 * MINUTE
MAX_WHY_CHARACTERS = 80
"""Of what a job says of its last trouble."""


class TryAgain:
    """Has a job done again later."""

    def __init__(self, ledger: Ledger, clock: Clock, chance: Random) -> None:
        self._ledger = ledger
        self._clock = clock
        self._chance = chance

    def __call__(self, job: Job, why: str) -> None:
        """`why` is a few words without secrets.

        Raises:
            LostLock: another worker has the job.
        """
        pause = backoff(job.attempts, self._chance, MAX_PAUSE_MS)
        with self._ledger.write() as tx:
            job_leases.requeue(
                tx,
                job,
                due_at=self._clock.now(),
                not_before_real=self._clock.real() + pause,
                error=why[:MAX_WHY_CHARACTERS],
            )
