"""The jobs of one ledger, and who has them."""

from __future__ import annotations

from typing import Any

from approvals.ledger import Ledger, due_jobs, job_leases, jobs
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis, RealMillis
from tests.harness.builders import NOW, REAL

SLOT = {"ram": 100, "slack": 1_000}


class Work:
    """Puts and claims jobs, at given moments."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._tokens = iter(range(10_000))

    def put(
        self, job_id: str = "a", kind: JobKind = JobKind.RECONCILE_KEY, due_at: DomainMillis = NOW, **more: Any
    ) -> None:
        with self.ledger.write() as tx:
            jobs.enqueue(tx, job_id, kind, due_at=due_at, **more)

    def claim(
        self, *, now: DomainMillis = NOW, real: RealMillis = REAL, kinds: tuple[JobKind, ...] = (JobKind.RECONCILE_KEY,)
    ) -> Job | None:
        with self.ledger.write() as tx:
            return due_jobs.claim(tx, kinds, now=now, real=real, token=str(next(self._tokens)), slot=SLOT)

    def claimed(self, **at: Any) -> Job:
        job = self.claim(**at)
        assert job is not None
        return job

    def again(self, job: Job, due_at: DomainMillis = NOW, **more: Any) -> None:
        with self.ledger.write() as tx:
            job_leases.requeue(tx, job, due_at=due_at, **more)

    def finish(self, job: Job) -> None:
        with self.ledger.write() as tx:
            job_leases.finish(tx, job)

    def due_in(self, *, now: DomainMillis = NOW, real: RealMillis = REAL) -> int | None:
        with self.ledger.read() as tx:
            return due_jobs.next_due(tx, [JobKind.RECONCILE_KEY], now=now, real=real)

    def left(self) -> list[str]:
        with self.ledger.read() as tx:
            return [row["id"] for row in tx.rows("SELECT id FROM jobs ORDER BY id")]
