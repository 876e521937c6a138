"""The ledger's file: transactions that are whole or not at all, threads, processes, and files that are no ledger."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals import audit
from approvals.errors import LedgerError
from approvals.ledger import Ledger, jobs, trail
from tests.approvals.made import NOW, open_ledger

PROCESSES = 8


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path)
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


def test_a_full_disk_leaves_no_trace_and_is_over_when_there_is_room(ledger: Ledger) -> None:
    with ledger.read() as tx:
        pages = tx.rows("PRAGMA page_count")[0]["page_count"]
        tx.rows(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"), ledger.write() as tx:
        trail.record(tx, NOW, "asked", reason="x" * 100_000)
    with ledger.read() as tx:
        tx.rows("PRAGMA max_page_count = 1000000")
    with ledger.write() as tx:
        trail.record(tx, NOW, "asked", reason="y")
    assert length(ledger) == 1


def test_nothing_written_through_a_read_stays(ledger: Ledger) -> None:
    with ledger.read() as tx:
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
from pathlib import Path
from approvals.ledger import Ledger, trail
sys.stdin.readline()
ledger = Ledger(Path(sys.argv[1]))
for number in range(10):
    with ledger.write() as tx:
        trail.record(tx, 0, "asked", number=number)
"""


def test_processes_that_open_a_new_file_together_all_can(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    command = [sys.executable, "-c", OPEN_AND_WRITE, str(path)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[1] for process in processes] == [""] * PROCESSES
    ledger = Ledger(path)
    with ledger.read() as tx:
        entries = list(trail.entries(tx))
        steps = tx.rows("SELECT number FROM schema_steps")
    ledger.close()
    assert (len(entries), audit.verify(entries)) == (PROCESSES * 10, None)
    assert steps == [{"number": number} for number in range(1, len(steps) + 1)]


def test_a_ledger_that_is_opened_again_has_what_was_written(tmp_path: Path) -> None:
    first = open_ledger(tmp_path)
    with first.write() as tx:
        trail.record(tx, NOW, "asked")
    first.close()
    second = open_ledger(tmp_path)
    assert length(second) == 1
    second.close()


def test_every_commit_is_on_the_disk(ledger: Ledger) -> None:
    with ledger.read() as tx:
        assert tx.rows("PRAGMA synchronous") == [{"synchronous": 2}]
        assert tx.rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
        assert tx.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("minutes of the meeting\n" * 100, "utf-8")
    with pytest.raises(LedgerError, match=r"ledger\.db.*not a database"):
        Ledger(path)
    assert path.read_text("utf-8") == "minutes of the meeting\n" * 100


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(LedgerError, match="not a pairec-access ledger"):
        Ledger(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    made = open_ledger(tmp_path)
    with made.write() as tx:
        tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")
    made.close()
    with pytest.raises(LedgerError, match=r"newer than this program \(schema step 4711\)"):
        open_ledger(tmp_path)


def test_a_ledger_where_there_is_no_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used") as refused:
        Ledger(tmp_path / "nowhere" / "ledger.db")
    assert "\n" not in str(refused.value)


def test_only_one_program_works_from_a_ledger_at_a_time(ledger: Ledger) -> None:
    other = Ledger(ledger.path)
    assert ledger.take_over()
    assert not other.take_over()
    ledger.release()
    assert other.take_over()
    other.close()


def test_a_ledger_beside_which_nothing_can_be_locked_is_not_worked_from(ledger: Ledger) -> None:
    ledger.path.with_name(f"{ledger.path.name}.lock").mkdir()
    with pytest.raises(LedgerError, match=rf"^the ledger {ledger.path} cannot be locked: Is a directory$"):
        ledger.take_over()
