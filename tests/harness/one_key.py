"""A ledger with one key in it and the worker's next job on it, for tests that give the moments themselves."""

from __future__ import annotations

from random import Random

from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import EndCause, Grant, GrantState
from approvals.ledger import Ledger, due_jobs, grants, jobs, open_ledger, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, DomainMillis, RealMillis
from approvals.operations.revoke import end_in
from approvals.outbox import enqueue
from approvals.ports import Sighting
from approvals.reconcile import steps
from approvals.reconcile.context import Instant, KeyContext
from approvals.reconcile.plan import Write
from approvals.reconcile.writes import WriteOutcome
from tests.harness.builders import KEY, NOW, REAL, approve, outcome_of

GONE, THERE = Sighting(False), Sighting(True)


class KeyBench:
    """A ledger with one key in it, and the worker's next job on it. `passed` goes on for both clocks."""

    def __init__(self, address: str) -> None:
        self.ledger: Ledger = open_ledger(address)
        self.passed = 0
        self._tokens = iter(range(1_000))

    def at(self) -> Instant:
        return Instant(NOW + self.passed, REAL + self.passed, Random(1))

    def now(self) -> DomainMillis:
        return self.at().now

    def real(self) -> RealMillis:
        return self.at().real

    def steady(self) -> int:
        return self.passed

    def approved(self, number: int = 1001, ends_at: DomainMillis | None = NOW + HOUR) -> None:
        with self.ledger.write() as tx:
            approve(tx, number, now=self.at().now, ends_at=ends_at)

    def taken_back(self, number: int = 1001) -> None:
        with self.ledger.write() as tx:
            end_in(tx, grants.of_request(tx, number), self.at().now, EndCause.TAKEN_BACK)

    def claim(self) -> Job | None:
        at = self.at()
        with self.ledger.write() as tx:
            token = str(next(self._tokens))
            return due_jobs.claim(
                tx,
                [JobKind.RECONCILE_KEY],
                now=at.now,
                real=at.real,
                token=token,
                slot={"ram": 0},
                steady=self.steady(),
            )

    def begin(self) -> tuple[Job, KeyContext]:
        job = self.claim()
        assert job is not None, "nothing is due"
        look = steps.begin(self.ledger, job, self.at())
        assert look is not None, "nothing is left to do"
        return job, look

    def observe(self, sighting: Sighting) -> Write | None:
        """One run in which no write is answered yet; the write that follows."""
        self.job, self.look = self.begin()
        self.plan = steps.observed(self.ledger, self.job, self.look, sighting, self.at())
        return self.plan.write

    def outcome(self, write: Write, error: CloudError | None = None, *, sent: bool = True) -> WriteOutcome:
        """Of a write on the key, which is recorded first where it is sent."""
        if not sent:
            return WriteOutcome(None, error=error)
        return outcome_of(self.ledger, self.at().now, write, KEY, error)

    def attach_answers(
        self,
        trouble: CloudErrorKind | None = None,
        then: Sighting | None = GONE,
        *,
        sent: bool = True,
    ) -> None:
        """`then`: what is seen where a look has to say what that means; None where nothing can be seen."""
        outcome = self.outcome(Write.ATTACH, CloudError(trouble) if trouble else None, sent=sent)
        look = steps.attached(self.ledger, self.job, self.look, outcome, self.at(), self.plan)
        if look is not None:
            steps.after_attach(self.ledger, self.job, look, then, self.at())

    def detach_answers(self, trouble: CloudErrorKind | None = None, then: Sighting | None = GONE) -> None:
        """`then`: what is seen after it; None where nothing can be seen."""
        outcome = self.outcome(Write.DETACH, CloudError(trouble) if trouble else None)
        look = steps.detached(self.ledger, self.job, self.look, outcome, self.at())
        if look is not None and then is None:
            steps.not_observed(self.ledger, self.job, look, CloudError(CloudErrorKind.SILENT), self.at())
        elif look is not None and steps.observed(self.ledger, self.job, look, then, self.at()).write is not None:
            steps.postpone(self.ledger, self.job, look, self.at())

    def active(self, number: int = 1001, ends_at: DomainMillis | None = NOW + HOUR) -> None:
        self.approved(number, ends_at)
        assert self.observe(GONE) is Write.ATTACH
        self.attach_answers()

    def looked_at(self) -> None:
        """As the comparison with RAM does when it misses a key."""
        with self.ledger.write() as tx:
            enqueue.reconcile(tx, KEY, self.at().now, jobs.GRANT_NEXT)

    def grant(self, number: int = 1001) -> Grant:
        with self.ledger.read() as tx:
            return grants.of_request(tx, number)[0]

    def state(self, number: int = 1001) -> GrantState:
        return self.grant(number).state

    def events(self) -> list[str]:
        """What the trail says, but for the calls themselves."""
        return [event for event in self.every_event() if not event.startswith(("attach ", "detach "))]

    def every_event(self) -> list[str]:
        with self.ledger.read() as tx:
            return [entry.fields["event"] for entry in trail.entries(tx)]

    def jobs(self) -> int:
        with self.ledger.read() as tx:
            return len(tx.rows("SELECT id FROM jobs WHERE kind = 'reconcile_key'"))
