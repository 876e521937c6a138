"""A worker outlives a ledger that does not do what it is told for a while."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psycopg
import pytest

from approvals.ledger import due_jobs, job_leases, jobs, open_ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.postgres_tx import WRITERS
from approvals.millis import DomainMillis, RealMillis
from bot.clock import SystemClock
from bot.worker.loop import Worker
from tests.harness.app import AppHarness
from tests.harness.held_file import held_file

PATIENCE = 0.05
THREADS = 2
TRIES = 3


@contextmanager
def held(address: str) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    if address.startswith("sqlite"):
        with held_file(address.removeprefix("sqlite:///")):
            yield
        return
    with psycopg.connect(address) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
        yield


class Counting(logging.Handler):
    """How often the worker said that it cannot claim."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.seen += record.getMessage() == "cannot claim work"


@pytest.mark.slow
def test_work_is_done_after_the_ledger_could_not_be_written_more_often_than_there_are_threads(address: str) -> None:
    ledger = open_ledger(address, patience=PATIENCE)
    done = threading.Event()

    def perform(job: Job) -> None:
        with ledger.write() as tx:
            job_leases.finish(tx, job)
        done.set()

    worker = Worker("test", ledger, SystemClock(), {JobKind.TELL: perform}, Random(1), threads=THREADS)
    counting = Counting()
    logging.getLogger("bot.worker.loop").addHandler(counting)
    try:
        with ledger.write() as tx:
            jobs.enqueue(tx, "tell:1", JobKind.TELL, due_at=DomainMillis(0))
        with held(address):
            worker.start()

            def in_vain() -> bool:
                worker.wake()
                return counting.seen > THREADS

            AppHarness.until(in_vain, "the worker to be turned away often enough")
            assert not done.is_set()
        worker.wake()
        assert done.wait(10), "the worker claims nothing any more"
    finally:
        logging.getLogger("bot.worker.loop").removeHandler(counting)
        worker.stop(2)
        ledger.close()


@pytest.mark.slow
def test_a_job_that_was_taken_over_and_came_to_nothing_is_taken_over_by_the_next(address: str) -> None:
    ledger = open_ledger(address)
    seen: list[bool] = []

    def perform(job: Job) -> None:
        seen.append(job.taken_over)
        if len(seen) < TRIES:
            raise RuntimeError("nobody foresaw this")
        with ledger.write() as tx:
            job_leases.finish(tx, job)

    worker = Worker("test", ledger, SystemClock(), {JobKind.TELL: perform}, Random(1), threads=THREADS)
    try:
        with ledger.write() as tx:
            jobs.enqueue(tx, "tell:1", JobKind.TELL, due_at=DomainMillis(0))
            due_jobs.claim(
                tx, [JobKind.TELL], now=DomainMillis(0), real=RealMillis(0), token="of a dead worker", slot={}
            )
        worker.start()
        AppHarness.until(lambda: len(seen) >= TRIES, "the job to be done at last")
        assert seen == [True] * TRIES
    finally:
        worker.stop(2)
        ledger.close()
