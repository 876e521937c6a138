"""What both engines promise of a ledger: transactions that are whole or not at all, threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from approvals import audit
from approvals.ledger import Ledger, grants, jobs, open_ledger, store, trail
from approvals.ledger.store import schema_steps
from tests.approvals.made import ENGINE, NOW, ask

PROCESSES = 8


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = open_ledger(address)
    yield opened
    opened.close()


def length(ledger: Ledger) -> int:
    with ledger.read() as tx:
        return len(list(trail.entries(tx)))


def test_a_block_that_raises_leaves_no_trace(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.write() as tx:
        trail.record(tx, NOW, "asked")
        jobs.put(tx, "expire:1", "expire", due_at=NOW)
        raise KeyError
    with ledger.read() as tx:
        assert tx.rows("SELECT id FROM jobs") == [] and list(trail.entries(tx)) == []


def test_the_ledger_can_be_used_after_a_block_that_raised(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.write():
        raise KeyError
    with ledger.write() as tx:
        trail.record(tx, NOW, "asked")
    assert length(ledger) == 1


def test_nothing_written_through_a_read_stays(ledger: Ledger) -> None:
    with suppress(Exception), ledger.read() as tx:
        trail.record(tx, NOW, "asked")
    assert length(ledger) == 0


def test_a_read_is_one_view_whatever_is_written_meanwhile(ledger: Ledger) -> None:
    def write() -> None:
        with ledger.write() as tx:
            trail.record(tx, NOW, "asked")

    with ledger.read() as tx:
        before = len(list(trail.entries(tx)))
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        assert len(list(trail.entries(tx))) == before == 0
    assert length(ledger) == 1


def test_threads_that_write_side_by_side_lose_nothing(ledger: Ledger) -> None:
    def write() -> None:
        for _ in range(20):
            with ledger.write() as tx:
                trail.record(tx, NOW, "asked", number=jobs.next_number(tx, "request"))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with ledger.read() as tx:
        entries = list(trail.entries(tx))
    assert [entry.fields["number"] for entry in entries] == list(range(1001, 1161))
    assert audit.verify(entries) is None


OPEN_AND_WRITE = """
import sys
from approvals.ledger import open_ledger, trail
print("ready", flush=True)
sys.stdin.readline()
ledger = open_ledger(sys.argv[1])
for number in range(10):
    with ledger.write() as tx:
        trail.record(tx, 0, "asked", number=number)
"""


def is_old(address: str) -> None:
    """There is a ledger that took the first step alone, with something in it."""
    with pytest.MonkeyPatch.context() as long_ago:
        long_ago.setattr(store, "schema_steps", lambda engine: {1: schema_steps(engine)[1]})
        with closing(open_ledger(address, moving=True)) as ledger, ledger.write() as tx:
            grants.plan(tx, 1001, ask(tx, 1001).principal, ENGINE, None)
            trail.record(tx, NOW, "asked", request_id=1001)


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_processes_that_open_a_new_or_an_old_ledger_together_all_can(address: str, old: bool) -> None:
    if old:
        is_old(address)
    command, pipe = [sys.executable, "-c", OPEN_AND_WRITE, address], subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(PROCESSES)]
    assert [process.stdout and process.stdout.readline() for process in processes] == ["ready\n"] * PROCESSES
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[1] for process in processes] == [""] * PROCESSES
    with closing(open_ledger(address)) as ledger, ledger.read() as tx:
        entries = list(trail.entries(tx))
        steps = tx.rows("SELECT number FROM schema_steps ORDER BY number")
        granted = tx.rows("SELECT request_id, detaches, remains FROM grants")
    assert (len(entries), audit.verify(entries)) == (PROCESSES * 10 + old, None)
    assert steps == [{"number": number} for number in schema_steps("")]
    assert granted == [{"request_id": 1001, "detaches": 0, "remains": None}] * old


def test_a_ledger_that_is_opened_again_has_what_was_written(address: str) -> None:
    first = open_ledger(address)
    with first.write() as tx:
        trail.record(tx, NOW, "asked")
    first.close()
    second = open_ledger(address)
    assert length(second) == 1
    second.close()
