"""A process's connections to a PostgreSQL server.

psycopg and its pool come with the extra `postgres`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from approvals.errors import LedgerError
from approvals.ledger.store import complaint
from approvals.transaction import Row

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

CONNECTIONS = 16
"""At most, for each process."""
CONNECT_TIMEOUT_SECONDS = 5
"""Seconds until a server that does not answer is said not to."""
STATEMENTS = 512
"""How many a connection keeps prepared: more than there are in this program, so that none is given up for another."""
KEEPALIVE: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds, and how often: a server whose machine vanished says nothing, and would be waited for for hours."""
SOCKET_TIMEOUT_MS = 20_000
"""Milliseconds after which the same is said of a server that does not take what was sent."""
CONNECT_RETRY_SECONDS = 2.0
"""Seconds after which whoever waits for a connection has the pool try anew: by itself it would wait longer and longer,
and go on waiting when the server is long back."""
CLOSE_TIMEOUT_SECONDS = 1.0
"""Seconds that closing waits for the pool's own threads."""


class PostgresConnections:
    """Safe to share between threads, once `open` was called."""

    def __init__(self, url: str, address: str, *, patience: float, hold_at_most: int, called: str) -> None:
        """`address`: the URL without its password, for what is said. `patience`: seconds that a writer waits for its
        turn. `hold_at_most`: seconds after which the server ends a transaction whose process does nothing. `called`:
        what the server is told that connects to it.

        Raises:
            LedgerError: there is no driver.
        """
        try:
            import psycopg
            from psycopg.rows import dict_row
            from psycopg_pool import ConnectionPool, PoolTimeout
        except ImportError:
            raise LedgerError("PostgreSQL needs the extra `postgres`: pip install 'pairec-access[postgres]'") from None
        self._psycopg = psycopg
        self.no_connection = PoolTimeout
        """The pool had none to give in time."""
        self.lost = psycopg.OperationalError
        """The connection broke, or the server does not answer."""
        self.undone = psycopg.InternalError
        """The transaction was undone by an error before."""
        self.errors: tuple[type[Exception], ...] = (psycopg.Error, PoolTimeout)
        self._url, self._address = url, address
        self._patience, self._hold_at_most = patience, hold_at_most
        self._options: dict[str, Any] = {
            "autocommit": True,
            "row_factory": dict_row,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": called,
            "tcp_user_timeout": SOCKET_TIMEOUT_MS,
            **KEEPALIVE,
        }
        self._pool: ConnectionPool[Connection[Row]] = ConnectionPool(
            url,
            kwargs=self._options,
            min_size=1,
            max_size=CONNECTIONS,
            reconnect_timeout=CONNECT_RETRY_SECONDS,
            configure=self._set_up,
            open=False,
        )

    @contextmanager
    def first(self) -> Iterator[Connection[Row]]:
        """One outside of the pool, before that is open.

        Raises:
            LedgerError: no server, or not let in.
        """
        try:
            with self._psycopg.connect(self._url, **self._options) as connection:
                yield connection
        except self._psycopg.Error as error:
            raise LedgerError(f"the ledger {self._address} cannot be used: {complaint(error)}") from None

    def open(self) -> None:
        """Begin to keep connections."""
        self._pool.open()

    def close(self) -> None:
        """Close all of them; those in use have a moment to come back."""
        self._pool.close(timeout=CLOSE_TIMEOUT_SECONDS)

    @contextmanager
    def begun(self, begin: str, patience: float) -> Iterator[tuple[Connection[Row], Cursor[Row]]]:
        """A connection with a transaction begun on it, by a text that begins with BEGIN, and the answers to that. One
        that broke since it was last used is replaced by another.

        Raises:
            PoolTimeout: there was none for so many seconds.
            OperationalError: it was not one's turn for so many.
        """
        deadline = time.monotonic() + patience
        while True:
            left = deadline - time.monotonic()
            try:
                connection = self._pool.getconn(timeout=min(max(left, 0.001), CONNECT_RETRY_SECONDS))
            except self.no_connection:
                if left > CONNECT_RETRY_SECONDS:
                    continue
                raise
            try:
                # Of several statements none can be prepared.
                answers = connection.execute(begin, prepare=False)
            except self.lost:
                there = not connection.closed
                roll_back(connection)
                self._pool.putconn(connection)
                if there or left <= 0:
                    raise
                continue
            except BaseException:
                roll_back(connection)
                self._pool.putconn(connection)
                raise
            break
        try:
            yield connection, answers
        finally:
            self._pool.putconn(connection)

    def _set_up(self, connection: Connection[Row]) -> None:
        connection.prepared_max = STATEMENTS
        connection.execute(f"SET lock_timeout = '{self._patience * 1_000:.0f}ms'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{self._hold_at_most}s'")


def roll_back(connection: Connection[Row]) -> None:
    """A connection that broke has nothing to roll back; the pool throws it away."""
    with suppress(Exception):
        connection.execute("ROLLBACK")
