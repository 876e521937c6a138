"""A cloud with one key in it and bad weather over it: for trying out far more courses of events than anybody thinks
of. It forgets to answer, answers late, shows the past, something between sends a call twice and hands on what the
second one was answered, and the worker that calls it may die at any call.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.ledger import Ledger, due_jobs, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DomainMillis, RealMillis
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from bot.worker.reconciler import Reconciler
from tests.harness.builders import NOW, REAL

SECOND = 1_000
LATEST_WRITE = 50 * SECOND
LONGEST_LAG = 2 * SECOND


class WorkerKilled(BaseException):
    """The worker is no more."""


class PassingClock:
    """Both clocks; they go on together."""

    def __init__(self) -> None:
        self.passed = 0

    def now(self) -> DomainMillis:
        return NOW + self.passed

    def real(self) -> RealMillis:
        return REAL + self.passed

    def steady(self) -> int:
        return self.passed


class FaultyCloud:
    """Implements the Cloud port for a single key."""

    def __init__(self, times: PassingClock, chance: Random, held: bool = False) -> None:
        self._times = times
        self._chance = chance
        self._past: list[tuple[int, bool]] = [(0, held)]
        self._late: list[tuple[int, bool]] = []
        self.fair = False
        self.touched = False
        self.meanwhile: Callable[[], None] = lambda: None

    @property
    def held(self) -> bool:
        for at, state in sorted(self._late):
            if at <= self._times.passed:
                self._late.remove((at, state))
                self._past.append((at, state))
        return self._past[-1][1]

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: int | None) -> str | None:
        self._maybe_trouble(CloudErrorKind.SILENT, CloudErrorKind.NO_PERMISSION, CloudErrorKind.THROTTLED)
        return "Custom"

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        self._maybe_trouble(CloudErrorKind.SILENT, CloudErrorKind.NO_PERMISSION, CloudErrorKind.THROTTLED)
        held = self.held
        shown = (self._past[-1][0], held)
        if not self.fair and self._chance.random() < 0.3:
            then = self._times.passed - self._chance.randint(0, LONGEST_LAG)
            shown = next((each for each in reversed(self._past) if each[0] <= then), self._past[0])
        since, present = shown
        return Sighting(present, at=self._times.passed, since=since if present else None)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        go()
        return self._write(True, CloudErrorKind.ALREADY_ATTACHED)

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        go()
        return self._write(False, CloudErrorKind.NOT_ATTACHED)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        return frozenset()

    def _write(self, becomes: bool, nothing_to_do: CloudErrorKind) -> Receipt:
        self._maybe_trouble(
            *(
                CloudErrorKind.SILENT,
                CloudErrorKind.UNCLEAR,
                CloudErrorKind.NO_PERMISSION,
                CloudErrorKind.THROTTLED,
                CloudErrorKind.LIMIT,
            ),
            *(CloudErrorKind.KEY_REJECTED, CloudErrorKind.REFUSED),
        )
        late = not self.fair and self._chance.random() < 0.2
        if late:
            # RAM judges a call when it carries it out, so a late one may find that there is nothing to do.
            self._late.append((self._times.passed + self._chance.randint(0, LATEST_WRITE), becomes))
            raise CloudError(CloudErrorKind.SILENT)
        if self.held == becomes:
            raise CloudError(nothing_to_do)
        self._past.append((self._times.passed, becomes))
        self.touched = True
        self._maybe_trouble(CloudErrorKind.SILENT, CloudErrorKind.UNCLEAR, CloudErrorKind.THROTTLED, nothing_to_do)
        return Receipt("R-1")

    def _maybe_trouble(self, *troubles: CloudErrorKind) -> None:
        if self.fair:
            return
        self.meanwhile()
        if self._chance.random() < 0.05:
            raise WorkerKilled
        if self._chance.random() < 0.25:
            raise CloudError(self._chance.choice(troubles))


class CrashingWorker:
    """One worker, that is replaced when it dies."""

    def __init__(self, ledger: Ledger, times: PassingClock, account: FaultyCloud, chance: Random) -> None:
        self._ledger = ledger
        self._times = times
        self._chance = chance
        self._reconciler = Reconciler(ledger, account, times, chance)

    def work(self) -> None:
        """All that is due now."""
        for _ in range(12):
            with self._ledger.write() as tx:
                job = due_jobs.claim(
                    tx,
                    [JobKind.RECONCILE_KEY],
                    now=self._times.now(),
                    real=self._times.real(),
                    token=str(self._chance.random()),
                    slot={"ram": 0},
                    steady=self._times.steady(),
                )
            if job is None:
                return
            try:
                self._reconciler.reconcile(job)
            except WorkerKilled:
                if self._chance.random() < 0.5:
                    with self._ledger.write() as tx:
                        job_leases.release_all(tx)
        raise AssertionError("the same job is due again and again while no time passes")
