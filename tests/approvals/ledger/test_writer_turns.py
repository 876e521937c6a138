"""Writers of one process take turns before SQLite makes them look again and again."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from approvals.ledger import SqliteLedger
from approvals.ledger.writer_turns import WriterTurns

SOON = 30.0


@contextmanager
def held(ledger: SqliteLedger) -> Iterator[None]:
    """Another thread is in the middle of writing."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with ledger.write():
            begun.set()
            over.wait(SOON)

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(SOON)
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait_for(turns: WriterTurns, number: int) -> None:
    """So many wait."""
    deadline = time.monotonic() + SOON
    while turns.waiting != number:
        assert time.monotonic() < deadline, f"{turns.waiting} wait"
        time.sleep(0.001)


def test_whoever_came_first_goes_first() -> None:
    turns = WriterTurns()
    order: list[int] = []

    def take(number: int) -> None:
        with turns.turn(SOON):
            order.append(number)

    with turns.turn(SOON):
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            wait_for(turns, number + 1)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_writer_whose_turn_does_not_come_says_what_sqlite_says(tmp_path: Path) -> None:
    with closing(SqliteLedger(tmp_path / "ledger.db", patience=0.05)) as ledger:
        with held(ledger):
            with pytest.raises(sqlite3.OperationalError, match=r"^database is locked$") as refused, ledger.write():
                raise AssertionError("two wrote at once")
            assert refused.value.sqlite_errorcode == sqlite3.SQLITE_BUSY
        with ledger.write() as tx:
            assert tx.changed("INSERT INTO slots (lane, next_free_real) VALUES ('ram', 0)") == 1


def test_a_turn_ends_with_an_error_too(tmp_path: Path) -> None:
    with closing(SqliteLedger(tmp_path / "ledger.db", patience=0.05)) as ledger:
        with pytest.raises(ZeroDivisionError), ledger.write():
            _ = 1 / 0
        with ledger.write() as tx:
            assert tx.row("SELECT 1 AS one") == {"one": 1}


def test_whoever_gave_up_waiting_is_passed_over() -> None:
    turns = WriterTurns()
    got: list[float] = []
    with turns.turn(SOON):
        with pytest.raises(sqlite3.OperationalError), turns.turn(0.0):
            raise AssertionError("two had the turn at once")
        thread = threading.Thread(target=lambda: _note(turns, got))
        thread.start()
        wait_for(turns, 1)
    thread.join()
    assert len(got) == 1


def _note(turns: WriterTurns, got: list[float]) -> None:
    with turns.turn(SOON) as left:
        got.append(left)


def test_what_is_left_of_the_patience_is_for_other_processes(tmp_path: Path) -> None:
    with closing(SqliteLedger(tmp_path / "ledger.db", patience=20)) as ledger, ledger.write() as tx:
        at_once = tx.rows("PRAGMA busy_timeout")[0]["timeout"]
    assert 19_000 < at_once <= 20_000


def test_two_ledgers_of_one_process_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with (
        closing(SqliteLedger(tmp_path / "one.db", patience=0.05)) as one,
        closing(SqliteLedger(tmp_path / "other.db", patience=0.05)) as other,
        held(one),
        other.write() as tx,
    ):
        assert tx.row("SELECT 1 AS one") == {"one": 1}


def test_a_writer_in_a_transaction_of_its_own_is_told_at_once(tmp_path: Path) -> None:
    with (
        closing(SqliteLedger(tmp_path / "ledger.db", patience=SOON)) as ledger,
        ledger.write(),
        pytest.raises(sqlite3.OperationalError, match="within a transaction"),
        ledger.write(),
    ):
        raise AssertionError("one transaction in another")
