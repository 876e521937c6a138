"""Make a run of status checks: each is recorded as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable

from approvals.ledger import Ledger, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ports import Clock
from approvals.status import runs, watches
from approvals.status.plan import StatusPlan
from bot.worker.cloud_reads import Sources
from bot.worker.looks import look_at


class Checker:
    """Performs the jobs that run status checks, and those that are due for a watching channel."""

    def __init__(self, ledger: Ledger, looked_at: StatusPlan, sources: Sources, clock: Clock) -> None:
        self._ledger = ledger
        self._plan = looked_at
        self._sources = sources
        self._clock = clock

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.CHECK: self.check, JobKind.WATCH: self.watch}

    def watch(self, job: Job) -> None:
        """The next look of a watching channel is due."""
        watches.start_next_run(self._ledger, job, self._clock.now())

    def check(self, job: Job) -> None:
        """Make the run of the job, or finish it where that was done already.

        Raises:
            LostLock: another worker took over; nothing more is recorded here.
        """
        run = runs.run_of_job(self._ledger, job)
        if run is None:
            with self._ledger.write() as tx:
                job_leases.finish(tx, job)
            return
        rows = self._plan.scope(run.scope or None)
        for known in look_at(rows, self._plan.terms, self._sources, self._clock):
            runs.record_findings(self._ledger, job, run, known, self._clock.now())
        runs.finish_run(self._ledger, job, run, self._clock.now())
