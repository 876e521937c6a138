"""What was approved for later begins at its moment."""

from __future__ import annotations

from collections.abc import Callable

from approvals.errors import Refusal
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from bot.worker.postpone import Postpone


class Starts:
    """Performs the job that is due at a request's start."""

    def __init__(self, start: Callable[[Job], None], postpone: Postpone) -> None:
        """`start` judges a request anew and has it granted or closed; Refusal where it could not be judged now."""
        self._start = start
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.START: self.start}

    def start(self, job: Job) -> None:
        """Judge it once more; again after a while where Slack or RAM does not say what has to be known.

        Raises:
            LostLock: another worker has the job.
        """
        try:
            self._start(job)
        except Refusal as refusal:
            self._postpone(job, refusal)
