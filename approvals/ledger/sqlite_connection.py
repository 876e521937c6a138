"""A connection to a ledger in SQLite as this program needs it, and a transaction on one.

SQLite's own connections: of sqlite-utils, a transaction would use nothing but what these do themselves. That package
makes what is exported (bot/cli/audit_database.py), where its tables, keys and full text are what is wanted.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from approvals.transaction import ROWS_PER_PAGE, Row

log = logging.getLogger(__name__)

SYNCHRONOUS = "FULL"
"""When a commit is done, it is on the disk."""
STATEMENTS = 512
"""How many a connection keeps prepared: more than there are in this program."""
WAL_RETRY_SECONDS = 0.02
"""Seconds."""
CLOSE_TIMEOUT_SECONDS = 1.0
"""Seconds that closing waits for transactions under way, and as many for readers in other processes."""


class SqliteTx:
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._after: list[Callable[[], None]] = []

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""
        cursor = self._connection.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, without the names of their columns."""
        return self._connection.execute(sql, params).fetchall()

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **params)
        return found[0] if found else None

    def changed(self, sql: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched."""
        return self._connection.execute(sql, params).rowcount

    def run(self, sql: str, **params: Any) -> None:
        """Execute a statement."""
        self._connection.execute(sql, params)

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        """Execute a statement once with each of these as its parameters."""
        self._connection.executemany(sql, rows)

    def know(self, sql: str, rows: list[Row]) -> None:
        """It is as fast to ask."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` called once this is committed."""
        self._after.append(call)

    def committed(self) -> None:
        """It is: do what waited for that."""
        for call in self._after:
            call()

    def pages(self, table: str) -> Iterator[list[Row]]:
        """Every row of a table, in the order of its rowid."""
        after = 0
        # No table has a column of that name.
        ask = f"SELECT rowid AS _rowid, * FROM {table} WHERE rowid > :after ORDER BY rowid LIMIT :page"
        while page := self.rows(ask, after=after, page=ROWS_PER_PAGE):
            after = page[-1]["_rowid"]
            yield [{name: value for name, value in row.items() if name != "_rowid"} for row in page]


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """In WAL mode, for any thread. `patience`: seconds that it waits for another one.

    Raises:
        sqlite3.Error: it cannot be opened, or another one has it for longer.
    """
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
    try:
        _into_wal(connection, patience)
        for pragma in (f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def checkpoint(path: Path) -> bool:
    """Move what is in the write-ahead log into the file; False where somebody is in the way, or the disk is."""
    try:
        with closing(sqlite3.connect(path, timeout=CLOSE_TIMEOUT_SECONDS, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        log.warning("the write-ahead log stays", extra={"error": str(error)})
        return False
    return not busy


def _into_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Where several processes make a new file at once, SQLite does not always let the others wait for the one that puts
    it into WAL mode, but says at once that it is locked.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(WAL_RETRY_SECONDS)
