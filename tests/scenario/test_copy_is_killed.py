"""`pairec-access ledger copy` is killed between its steps: never are there two ledgers to work from, and it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from approvals.audit_events import AuditEvent
from approvals.errors import LedgerError
from approvals.ledger import open_ledger, trail
from approvals.ledger.postgres_tx import WRITERS
from tests.harness.app import AppHarness
from tests.harness.builders import NOW, approve, ask
from tests.harness.databases import Databases
from tests.harness.program import pairec_access, running

COMES_THAT_FAR = 60.0
"""Seconds."""
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Turn:
    """To write at the other place: whoever wants to write there waits until it is over, each in the order they came."""

    def __init__(self, database: str) -> None:
        self._held = psycopg.connect(database)
        self._waiting = ThreadPoolExecutor(1)
        self._came = self._waiting.submit(self._held.execute, "SELECT pg_advisory_xact_lock(%s)", (WRITERS,))

    def comes(self) -> None:
        self._came.result(COMES_THAT_FAR)

    def is_over(self) -> None:
        self._held.close()
        self._waiting.shutdown()


class Move:
    """A ledger on its way to another place."""

    def __init__(self, folder: Path, database: str) -> None:
        self.path, self.database, self._log = folder / "ledger.db", database, folder / "copy.log"
        self.file = f"sqlite:///{self.path}"
        self.told = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "PAIREC_DATABASE_URL": self.file}
        with closing(open_ledger(self.file)) as ledger, ledger.write() as tx:
            ask(tx, 1001)
            approve(tx, 1002)
            trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1001)

    @contextmanager
    def is_killed(self) -> Iterator[None]:
        """At the end of the block."""
        with running("ledger", "copy", "--to", self.database, log=self._log, **self.told) as copying:
            yield
            assert copying.poll() is None, self._log.read_text("utf-8")
            copying.kill()
            copying.wait(10)

    @contextmanager
    def nobody_writes_to_the_file(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=COMES_THAT_FAR)) as held:
            held.execute("BEGIN IMMEDIATE")
            yield

    def wait_there(self, number: int) -> None:
        self.comes_to_be_there(WAITING, number)

    def comes_to_be_there(self, asked: str, answer: int) -> None:
        with psycopg.connect(self.database, autocommit=True) as looking:
            AppHarness.until(lambda: looking.execute(asked).fetchone() == (answer,), asked, COMES_THAT_FAR)

    def is_shut(self) -> None:
        def shut() -> bool:
            with closing(sqlite3.connect(self.path)) as looking:
                return looking.execute("SELECT state FROM moves").fetchall() == [("left",)]

        AppHarness.until(shut, "the file to be shut", COMES_THAT_FAR)


def found(address: str) -> list[str] | str:
    """The trail of what can be worked from there, or why nothing can."""
    try:
        opened = open_ledger(address, make=False)
    except LedgerError as error:
        return str(error)
    with closing(opened) as ledger, ledger.read() as tx:
        return [entry.hash for entry in trail.entries(tx)]


@pytest.mark.timeout(300)
def test_killed_between_its_steps_it_leaves_one_ledger_to_work_from_or_says_how_to_go_on(
    tmp_path: Path, databases: Databases
) -> None:
    move = Move(tmp_path, databases.new())
    entries = found(move.file)

    first = Turn(move.database)
    with move.is_killed():
        move.wait_there(1)
    first.is_over()
    assert (found(move.file), found(move.database)) == (entries, []), "before it was announced"

    first = Turn(move.database)
    with move.is_killed():
        move.wait_there(1)
        with move.nobody_writes_to_the_file():
            first.is_over()
            move.comes_to_be_there("SELECT count(*) FROM requests", 2)
    assert found(move.file) == entries, "before the file was shut"
    assert "has not arrived yet" in found(move.database)

    first = Turn(move.database)
    with move.is_killed():
        move.wait_there(1)
        second = Turn(move.database)
        move.wait_there(2)
        first.is_over()
        second.comes()
        move.wait_there(1)
        third = Turn(move.database)
        move.wait_there(2)
        second.is_over()
        third.comes()
        move.is_shut()
        move.wait_there(1)
    third.is_over()
    assert f"the ledger {move.path} was moved to postgresql://" in found(move.file), "before the copy was opened"
    assert f"has not arrived yet from {move.path}; run `pairec-access ledger copy` again" in found(move.database)

    done = pairec_access("ledger", "copy", "--to", move.database, **move.told)
    assert done.returncode == 0 and "Moved and read back: requests 2, grants 1" in done.stdout, done.stderr
    assert "was moved to" in found(move.file)
    assert found(move.database) == entries
