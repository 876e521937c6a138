"""A transaction on a server, and the turns that its writers take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from approvals.ledger.touched import Touched, touched
from approvals.transaction import ROWS_PER_PAGE, Row

if TYPE_CHECKING:
    from psycopg import Connection, RawCursor

WRITERS, OPENERS = 0x70616972, 0x6563
"""The advisory locks of this program: who writes, and who brings the schema up to date."""
TAKE_TURN = "SELECT pg_advisory_xact_lock(%(key)s)"
"""Wait for such a lock, and have it until the transaction ends."""
TIME = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS real"
KEPT_ROWS = 50
"""So many rows of an answer are kept for who asks the same again."""
_NAME = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class PostgresTx:
    """A transaction on one connection."""

    def __init__(self, connection: Connection[Row], *, remembers: bool = False, gathers: bool = False) -> None:
        """`remembers`: what was asked already is not asked again before something of it is changed here; for where
        nobody else changes anything meanwhile. `gathers`: what is only to be written is sent along with the next
        question that may depend on it, or with the commit; for a transaction that ends with `commit`.

        What is sent in one go is never the last thing in a transaction that stays open: a server (seen with PostgreSQL
        18) counts no time against a process that does nothing after that, since the driver ends it by a flush.
        """
        self._connection = connection
        self._remembers, self._gathers = remembers, gathers
        self._cursor: RawCursor[Row] | None = None
        self._unsent: list[tuple[str, tuple[Any, ...]]] = []
        self._unsent_to: set[str] = set()
        self._known: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}
        self._after: list[Callable[[], None]] = []

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""
        text, values = _placed(sql, params)
        if not self._remembers:
            return _fetched(self._ask(text, values))
        what = touched(sql)
        if not what.asks:
            self._changed(what)
            return _fetched(self._ask(text, values, after_unsent=True))
        found = self._known.get((text, values))
        if found is None:
            found = _fetched(self._ask(text, values, after_unsent=bool(what.named & self._unsent_to)))
            if len(found) <= KEPT_ROWS:
                self._known[text, values] = found
        return [dict(row) for row in found]

    def values(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, without the names of their columns."""
        from psycopg import RawCursor
        from psycopg.rows import tuple_row

        text, values = _placed(sql, params)
        self._send()
        with RawCursor(self._connection, row_factory=tuple_row) as cursor:
            return cursor.execute(text, values).fetchall()

    def row(self, sql: str, **params: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **params)
        return found[0] if found else None

    def changed(self, sql: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched."""
        text, values = _placed(sql, params)
        self._changed(touched(sql))
        return self._ask(text, values, after_unsent=True).rowcount

    def run(self, sql: str, **params: Any) -> None:
        """Execute a statement; where this gathers, with what follows."""
        what = touched(sql)
        if not self._gathers or what.changed is None or what.asks:
            self.changed(sql, **params)
            return
        self._changed(what)
        self._unsent.append(_placed(sql, params))
        self._unsent_to |= what.changed

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        """Execute a statement once with each of these as its parameters, without waiting for each answer."""
        from psycopg import RawCursor

        if not rows:
            return
        self._send()
        self._known.clear()
        text, values = _placed(sql, rows[0])[0], [_placed(sql, row)[1] for row in rows]
        with RawCursor(self._connection) as cursor:
            if values[:-1]:
                cursor.executemany(text, values[:-1])
            cursor.execute(text, values[-1])

    def commit(self) -> str | None:
        """Send what was gathered, and commit; what the server says to that."""
        self._known.clear()
        unsent, cursor = self._taken(), self._new_cursor()
        with self._connection.pipeline() if unsent else nullcontext():
            self._write(unsent)
            # Not prepared: it is seen on the wire for what it is.
            cursor.execute("COMMIT", prepare=False)
        return cursor.statusmessage

    def know(self, sql: str, rows: list[Row]) -> None:
        """What the answer to this query is, which takes no parameters, until something of it is changed."""
        if self._remembers:
            self._known[_placed(sql, {})] = rows

    def _changed(self, what: Touched) -> None:
        """Nobody knows any more what is in these tables."""
        if what.changed is None:
            self._known.clear()
        else:
            self._known = {
                asked: found for asked, found in self._known.items() if not touched(asked[0]).named & what.changed
            }

    def _ask(self, sql: str, values: tuple[Any, ...], *, after_unsent: bool = False) -> RawCursor[Row]:
        if after_unsent:
            self._send()
        if self._cursor is None:
            self._cursor = self._new_cursor()
        return self._cursor.execute(sql, values)

    def _send(self) -> None:
        """What was gathered, in one go. Whoever calls this asks something next."""
        unsent = self._taken()
        with self._connection.pipeline() if len(unsent) > 1 else nullcontext():
            self._write(unsent)

    def _write(self, unsent: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        writer = self._new_cursor()
        for sql, values in unsent:
            writer.execute(sql, values)

    def _taken(self) -> list[tuple[str, tuple[Any, ...]]]:
        unsent, self._unsent = self._unsent, []
        self._unsent_to.clear()
        return unsent

    def _new_cursor(self) -> RawCursor[Row]:
        from psycopg import RawCursor

        return RawCursor(self._connection, row_factory=self._connection.row_factory)

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


def _fetched(cursor: RawCursor[Row]) -> list[Row]:
    return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


def _placed(sql: str, params: Row) -> tuple[str, tuple[Any, ...]]:
    """The same with PostgreSQL's placeholders, and their values. There is no text in our SQL that has a colon in it."""
    text, names = _numbered(sql)
    return text, tuple(params[name] for name in names)


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    return _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", sql), names
