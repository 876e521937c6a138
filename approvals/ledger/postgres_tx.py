"""A transaction on a server, and the turns that its writers take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from approvals.transaction import ROWS_PER_PAGE, Row

if TYPE_CHECKING:
    from psycopg import Connection

WRITERS, OPENERS = 0x70616972, 0x6563
"""The advisory locks of this program: who writes, and who brings the schema up to date."""
TAKE_TURN = "SELECT pg_advisory_xact_lock(%(key)s)"
"""Wait for such a lock, and have it until the transaction ends."""
TIME = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS real"


class PostgresTx:
    """A transaction on one connection."""

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection
        self._after: list[Callable[[], None]] = []

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""
        cursor = self._connection.execute(_placed(sql), params)
        return cursor.fetchall() if cursor.description else []

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, without the names of their columns."""
        from psycopg.rows import tuple_row

        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(_placed(sql), params).fetchall()

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **params)
        return found[0] if found else None

    def run(self, sql: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched."""
        return self._connection.execute(_placed(sql), params).rowcount

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        """Execute a statement once with each of these as its parameters, without waiting for each answer."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_placed(sql), rows)

    def script(self, sql: str) -> None:
        """Several statements, without parameters."""
        self._connection.execute(sql)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` called once this is committed."""
        self._after.append(call)

    def committed(self) -> None:
        """It is: do what waited for that."""
        for call in self._after:
            call()

    def pages(self, table: str) -> Iterator[list[Row]]:
        """Every row of a table, through a cursor on the server."""
        self.run(f"DECLARE pages CURSOR FOR SELECT * FROM {table}")
        while page := self.rows(f"FETCH {ROWS_PER_PAGE} FROM pages"):
            yield page
        self.run("CLOSE pages")


@lru_cache(maxsize=512)
def _placed(sql: str) -> str:
    """The same with psycopg's placeholders. There is no text in our SQL that has a colon in it."""
    return re.sub(r"(?<!:):([a-z_][a-z0-9_]*)", r"%(\1)s", sql.replace("%", "%%"))
