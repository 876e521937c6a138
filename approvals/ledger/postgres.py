"""The ledger in a PostgreSQL database, for several processes on several machines.

Writers take turns by an advisory lock, as they do in SQLite by the file: an operation reads what others have pending
and then decides, across rows that row locks would not cover. Reads wait for nobody.

psycopg and its pool come with the extra `postgres`.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from approvals.errors import CommitUnknown, LedgerError
from approvals.ledger.postgres_schema import bring_up_to_date
from approvals.ledger.postgres_tx import TAKE_TURN, TIME, WRITERS, PostgresTx
from approvals.ledger.store import complaint
from approvals.transaction import Row

if TYPE_CHECKING:
    from psycopg import Connection

log = logging.getLogger(__name__)

BOT = "pairec-access"
"""What the server is told that connects to it."""
CONNECTIONS = 16
"""At most, for each process."""
CONNECT_TIMEOUT_SECONDS = 5
"""Seconds until a server that does not answer is said not to."""
CONNECTION_WAIT_SECONDS = 30.0
"""Seconds that a reader or writer waits for a connection, and a writer for its turn."""
GONE_AFTER: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds, and how often: a server whose machine vanished says nothing, and would be waited for for hours."""
SOCKET_TIMEOUT_MS = 20_000
"""Milliseconds after which the same is said of a server that does not take what was sent."""
CONNECT_RETRY_SECONDS = 2.0
"""Seconds after which whoever waits for a connection has the pool try anew: by itself it would wait longer and longer,
and go on waiting when the server is long back."""
MAX_HOLD_SECONDS = 60
"""Seconds after which the server ends a transaction whose process does nothing, such as one that was stopped: nobody
else could write meanwhile."""
CLOSE_TIMEOUT_SECONDS = 1.0
"""Seconds that closing waits for the pool's own threads."""
ASK_FOR = 2
"""Times its patience: how long a ledger asks after a commit whose answer was lost."""
MEASURE_INTERVAL_SECONDS = 1.0
"""Seconds after which a read asks for the server's time anew. In between, the time that passes here is added to it, by
a clock that nobody sets."""
MEASURE_TIMEOUT_SECONDS = 1.0
"""Seconds: an answer that was under way for longer, or lay unread, says nothing of the time now."""
BEGIN_WRITE = (
    "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(%(key)s)),"
    " mark AS (INSERT INTO write_marks (writer, token, at) SELECT %(writer)s, %(token)s, clock_timestamp() FROM turn"
    " ON CONFLICT (writer) DO UPDATE SET token = excluded.token, at = excluded.at)"
    f" SELECT {TIME} FROM turn"
)
"""Wait for one's turn and leave a mark, by which one can see later whether the rest was committed with it; the server's
time."""


class PostgresLedger:
    """Connects, brings the schema up to date and hands out transactions; safe to share between threads."""

    shared = True

    def __init__(
        self,
        url: str,
        *,
        make: bool = True,
        upgrade: bool = True,
        upgrade_in_use: bool = True,
        patience: float = CONNECTION_WAIT_SECONDS,
        hold_at_most: int = MAX_HOLD_SECONDS,
        called: str = BOT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`make`: an empty database becomes a ledger. `upgrade`: an older ledger that came from nowhere takes the newer
        steps; `upgrade_in_use`: it does even while a bot works from it. `patience`, `hold_at_most`: seconds, see
        CONNECTION_WAIT_SECONDS and MAX_HOLD_SECONDS. `called`: what the server is told that connects to it.
        `monotonic`: seconds that pass.

        Raises:
            LedgerError: no driver, no server, not let in, not a ledger, or newer than this program.
        """
        try:
            import psycopg
            from psycopg.rows import dict_row
            from psycopg_pool import ConnectionPool, PoolTimeout
        except ImportError:
            raise LedgerError("PostgreSQL needs the extra `postgres`: pip install 'pairec-access[postgres]'") from None
        self.address = _without_password(url)
        self.engine_errors: tuple[type[Exception], ...] = (psycopg.Error, PoolTimeout, CommitUnknown)
        self._patience = patience
        self._hold_at_most = hold_at_most
        self._monotonic = monotonic
        self._measured: tuple[int, float] | None = None
        self._lost, self._undone = psycopg.OperationalError, psycopg.InternalError
        self._local = threading.local()
        self._no_connection = PoolTimeout
        options: dict[str, Any] = {
            "autocommit": True,
            "row_factory": dict_row,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": called,
            "tcp_user_timeout": SOCKET_TIMEOUT_MS,
            **GONE_AFTER,
        }
        try:
            with psycopg.connect(url, **options) as connection:
                self.found = bring_up_to_date(
                    connection, self.address, make=make, upgrade=upgrade, upgrade_in_use=upgrade_in_use
                )
                self._measure(connection, f"SELECT {TIME}", {})
        except psycopg.Error as error:
            raise LedgerError(f"the ledger {self.address} cannot be used: {complaint(error)}") from None
        self._pool: ConnectionPool[Connection[Row]] = ConnectionPool(
            url,
            kwargs=options,
            min_size=1,
            max_size=CONNECTIONS,
            reconnect_timeout=CONNECT_RETRY_SECONDS,
            configure=self._limit,
            open=True,
        )

    @contextmanager
    def write(self) -> Iterator[PostgresTx]:
        """One transaction that commits when the block ends and leaves no trace when it raises.

        When the connection breaks in the commit, the mark that was written with the rest is looked for, so that nobody
        is told that something failed which was done.
        """
        writer, token = self._writer(), secrets.token_hex(8)
        with self._begun("BEGIN ISOLATION LEVEL READ COMMITTED", self._patience) as connection:
            try:
                self._measure(connection, BEGIN_WRITE, {"key": WRITERS, "writer": writer, "token": token})
                yield PostgresTx(connection)
            except BaseException:
                _roll_back(connection)
                raise
            try:
                done = connection.execute("COMMIT").statusmessage
                if done != "COMMIT":
                    # Somebody went on after an error that had undone it all.
                    raise self._undone(f"the server answers {done} to a commit")
            except self._lost:
                if not connection.closed or not self._committed(writer, token):
                    raise

    @contextmanager
    def read(self, within: float | None = None) -> Iterator[PostgresTx]:
        """One consistent view; nothing can be written through it."""
        patience = self._patience if within is None else min(within, self._patience)
        with self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", patience) as connection:
            try:
                if self._measured is None or self._monotonic() - self._measured[1] > MEASURE_INTERVAL_SECONDS:
                    self._measure(connection, f"SELECT {TIME}", {})
                yield PostgresTx(connection)
            finally:
                _roll_back(connection)

    @contextmanager
    def _begun(self, begin: str, patience: float) -> Iterator[Connection[Row]]:
        """A connection with a transaction begun on it. One that broke since it was last used is replaced by another.

        Raises:
            PoolTimeout: there was none for so many seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            left = deadline - time.monotonic()
            try:
                connection = self._pool.getconn(timeout=min(max(left, 0.001), CONNECT_RETRY_SECONDS))
            except self._no_connection:
                if left > CONNECT_RETRY_SECONDS:
                    continue
                raise
            try:
                connection.execute(begin)
            except self._lost:
                self._pool.putconn(connection)
                if left <= 0:
                    raise
                continue
            except BaseException:
                self._pool.putconn(connection)
                raise
            break
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    def real(self) -> int:
        """The server's, whatever is done to this machine's clock."""
        if self._measured is None:
            raise LedgerError(f"the server of {self.address} did not say what time it is")
        real, at = self._measured
        return real + round((self._monotonic() - at) * 1_000)

    def _measure(self, connection: Connection[Row], ask: str, params: dict[str, Any]) -> None:
        """`ask` answers with the server's time."""
        begun = self._monotonic()
        told = connection.execute(ask, params).fetchone()
        now = self._monotonic()
        if told and (self._measured is None or now - begun < MEASURE_TIMEOUT_SECONDS):
            self._measured = told["real"], now

    def lost(self) -> str | None:
        """A server that is away may come back, with everything."""
        return None

    def check_place(self) -> None:
        """Wherever the server is."""

    def take_over(self) -> bool:
        """Never alone: others may work from it, and their locks end by themselves."""
        return False

    def release(self) -> None:
        """Nothing was taken."""

    def close(self) -> None:
        """Close all connections; those in use have a moment to come back."""
        self._pool.close(timeout=CLOSE_TIMEOUT_SECONDS)

    def _writer(self) -> str:
        """A thread's own name, under which it leaves its marks: it makes no other write before it knows of the last."""
        name: str | None = getattr(self._local, "writer", None)
        if name is None:
            name = self._local.writer = secrets.token_hex(8)
        return name

    def _committed(self, writer: str, token: str) -> bool:
        """Whether a transaction whose commit was not answered left its mark.

        Raises:
            CommitUnknown: the server does not say.
        """
        deadline = time.monotonic() + ASK_FOR * self._patience
        while (left := deadline - time.monotonic()) > 0:
            try:
                found = self._mark_of(writer, min(left, self._patience))
            except (self._lost, self._no_connection):
                log.warning("a commit was not answered, and the server is not there yet")
                time.sleep(0.2)
                continue
            log.warning("a commit was not answered", extra={"committed": found == token})
            return found == token
        raise CommitUnknown("nothing says what became of a transaction")

    def _mark_of(self, writer: str, patience: float) -> str | None:
        """The mark that is there when it is a writer's turn again: whatever was under way is over then."""
        with self._begun("BEGIN ISOLATION LEVEL READ COMMITTED", patience) as connection:
            try:
                connection.execute(TAKE_TURN, {"key": WRITERS})
                found = connection.execute(
                    "SELECT token FROM write_marks WHERE writer = %(writer)s", {"writer": writer}
                ).fetchone()
            finally:
                _roll_back(connection)
        return found["token"] if found else None

    def _limit(self, connection: Connection[Row]) -> None:
        connection.execute(f"SET lock_timeout = '{self._patience * 1_000:.0f}ms'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{self._hold_at_most}s'")

    def others(self, tx: PostgresTx) -> int:
        """How many connections bots and commands have to this database, but for one that is `called` otherwise."""
        row = tx.row(
            "SELECT COUNT(*) AS number FROM pg_stat_activity"
            " WHERE datname = CURRENT_DATABASE() AND application_name = :bot",
            bot=BOT,
        )
        return int(row["number"]) if row else 0


def _roll_back(connection: Connection[Row]) -> None:
    # A connection that broke has nothing to roll back; the pool throws it away.
    with suppress(Exception):
        connection.execute("ROLLBACK")


def _without_password(url: str) -> str:
    """Of what follows the question mark, only where the server is."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    place = urlencode([each for each in parse_qsl(parts.query) if each[0] in ("host", "hostaddr", "port")], safe="/,:")
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{host}", parts.path, place, ""))
