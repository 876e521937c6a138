"""The ledger as a SQLite file: what is on the disk, who works from it, and files that are no ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.errors import LedgerError
from approvals.ledger import SqliteLedger, trail
from tests.harness.builders import NOW
from tests.harness.quick import disks_as_in_life


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = open_file(tmp_path)
    yield opened
    opened.close()


def open_file(folder: Path) -> SqliteLedger:
    return SqliteLedger(folder / "ledger.db")


def test_a_full_disk_leaves_no_trace_and_is_over_when_there_is_room(ledger: SqliteLedger) -> None:
    with ledger.read() as tx:
        pages = tx.rows("PRAGMA page_count")[0]["page_count"]
        tx.rows(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"), ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED, reason="x" * 100_000)
    with ledger.read() as tx:
        tx.rows("PRAGMA max_page_count = 1000000")
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED, reason="y")
    with ledger.read() as tx:
        assert len(list(trail.entries(tx))) == 1


def test_every_commit_is_on_the_disk(tmp_path: Path) -> None:
    with disks_as_in_life(), closing(open_file(tmp_path)) as ledger, ledger.read() as tx:
        assert tx.rows("PRAGMA synchronous") == [{"synchronous": 2}]
        assert tx.rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
        assert tx.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("minutes of the meeting\n" * 100, "utf-8")
    with pytest.raises(LedgerError, match=r"ledger\.db.*not a database"):
        SqliteLedger(path)
    assert path.read_text("utf-8") == "minutes of the meeting\n" * 100


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(LedgerError, match="not a pairec-access ledger"):
        SqliteLedger(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    made = open_file(tmp_path)
    with made.write() as tx:
        tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")
    made.close()
    with pytest.raises(LedgerError, match=r"newer than this program \(schema step 4711\)"):
        open_file(tmp_path)


def test_a_ledger_where_there_is_no_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used") as refused:
        SqliteLedger(tmp_path / "nowhere" / "ledger.db")
    assert "\n" not in str(refused.value)


def test_only_one_program_works_from_a_ledger_at_a_time(ledger: SqliteLedger) -> None:
    other = SqliteLedger(ledger.path)
    assert ledger.take_over()
    assert not other.take_over()
    ledger.release()
    assert other.take_over()
    other.close()


def test_a_ledger_beside_which_nothing_can_be_locked_is_not_worked_from(ledger: SqliteLedger) -> None:
    ledger.path.with_name(f"{ledger.path.name}.lock").mkdir()
    with pytest.raises(LedgerError, match=rf"^the ledger {ledger.path} cannot be locked: Is a directory$"):
        ledger.take_over()
