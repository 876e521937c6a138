"""The comparison of what should be active with what the cloud shows."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from approvals.entitlements import Entitlement, Key, member_role
from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import GrantState
from approvals.ledger import due_jobs, jobs
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.jobs import Job
from approvals.millis import SECOND
from approvals.outbox import enqueue
from bot.worker.reconciler import Reconciler
from tests.harness.builders import CAROL, ENGINE, KEY, approve
from tests.harness.one_key import GONE, KeyBench

WORKSPACES = 20
"""More than can be waited for, one after the other, while a worker has the job."""


@pytest.fixture
def bench(address: str) -> Iterator[KeyBench]:
    made = KeyBench(address)
    yield made
    made.ledger.close()


class Hanging:
    """A cloud in which nobody has a policy, and one product does not answer."""

    def __init__(self, bench: KeyBench) -> None:
        self._desk = bench

    def holder_ids(self, entitlement: Entitlement) -> frozenset[str]:
        if entitlement == ENGINE:
            return frozenset()
        self._desk.passed += 7 * SECOND
        raise CloudError(CloudErrorKind.SILENT)


def test_a_product_that_hangs_does_not_keep_the_others_from_being_compared(bench: KeyBench) -> None:
    bench.active()
    with bench.ledger.write() as tx:
        for number in range(WORKSPACES):
            role = member_role("dataworks", str(number), "role_project_dev")
            approve(tx, 2_000 + number, entitlement=role, principal=CAROL)
            tx.run("UPDATE grants SET state = 'active' WHERE entitlement = :role", role=str(role))
            jobs.drop(tx, enqueue.reconcile_id(Key(CAROL.user_id, role)))
    began = bench.passed
    Reconciler(bench.ledger, Hanging(bench), bench, Random(1)).find_drift(comparison(bench))  # type: ignore[arg-type]
    assert bench.passed - began < LOCK_MS, "another worker begins it anew when the lock runs out"
    assert bench.observe(GONE) is None, "RAM did not show it"
    assert bench.look.key == KEY and bench.state() is GrantState.ACTIVE


def comparison(bench: KeyBench) -> Job:
    with bench.ledger.write() as tx:
        jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=bench.now())
        job = due_jobs.claim(tx, [JobKind.FIND_DRIFT], now=bench.now(), real=bench.real(), token="r", slot={})
    assert job is not None
    return job
