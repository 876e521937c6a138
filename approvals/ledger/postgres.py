"""The ledger in a PostgreSQL database, for several processes on several machines.

Writers take turns by an advisory lock, as they do in SQLite by the file: an operation reads what others have pending
and then decides, across rows that row locks would not cover. Reads wait for nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from approvals.errors import CommitUnknown, LedgerError
from approvals.ledger import trail
from approvals.ledger.postgres_connections import PostgresConnections, roll_back
from approvals.ledger.postgres_schema import bring_up_to_date
from approvals.ledger.postgres_tx import PostgresTx
from approvals.ledger.server_time import ServerTime
from approvals.ledger.write_marks import BEGIN_WRITE, END_WRITE, WriteMarks
from approvals.transaction import Row

if TYPE_CHECKING:
    from psycopg import Cursor

BOT = "pairec-access"
"""What the server is told that connects to it."""
CONNECTION_WAIT_SECONDS = 30.0
"""Seconds that a reader or writer waits for a connection, and a writer for its turn."""
MAX_HOLD_SECONDS = 60
"""Seconds after which the server ends a transaction whose process does nothing, such as one that was stopped: nobody
else could write meanwhile."""
MAX_WRITE_FACTOR = 10
"""Times that, after which the server (PostgreSQL 17 and newer) ends a transaction that writes, whatever its process
does: of one that was stopped in the middle of what it sent, it does not say that it does nothing."""
TRANSACTION_TIMEOUT_SINCE = 170_000
"""The version of the server that has it (PostgreSQL 17, release notes)."""


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
        at_length: bool = False,
        called: str = BOT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`make`: an empty database becomes a ledger. `upgrade`: an older ledger that came from nowhere takes the newer
        steps; `upgrade_in_use`: it does even while a bot works from it. `patience`, `hold_at_most`: seconds, see
        CONNECTION_WAIT_SECONDS and MAX_HOLD_SECONDS. `at_length`: a transaction takes as long as it takes, such as
        one that copies a whole ledger. `called`: what the server is told that connects to it. `monotonic`: seconds
        that pass.

        Raises:
            LedgerError: no driver, no server, not let in, not a ledger, or newer than this program.
        """
        self.address = address_without_password(url)
        self._patience = patience
        self._connections = PostgresConnections(
            url, self.address, patience=patience, hold_at_most=hold_at_most, called=called
        )
        self.engine_errors: tuple[type[Exception], ...] = (*self._connections.errors, CommitUnknown)
        self._marks = WriteMarks(self._connections, patience)
        self._time = ServerTime(monotonic)
        with self._connections.first() as connection:
            self.found = bring_up_to_date(
                connection, self.address, make=make, upgrade=upgrade, upgrade_in_use=upgrade_in_use
            )
            self._time.measure(connection)
            ends = not at_length and connection.info.server_version >= TRANSACTION_TIMEOUT_SINCE
        self._begin_write = BEGIN_WRITE + (END_WRITE.format(seconds=hold_at_most * MAX_WRITE_FACTOR) if ends else "")
        self._connections.open()

    @contextmanager
    def write(self) -> Iterator[PostgresTx]:
        """One transaction that commits when the block ends and leaves no trace when it raises.

        When the connection breaks in the commit, the mark that was written with the rest is looked for, so that nobody
        is told that something failed which was done.
        """
        mark = self._marks.new()
        asked = self._time.ask()
        with self._connections.begun(self._begin_write.format(**mark), self._patience) as (connection, answers):
            tx = PostgresTx(connection, remembers=True, gathers=True)
            try:
                [turn], head = _answer(answers), _answer(answers)
                self._time.answered(turn["real"], asked)
                tx.know(trail.HEAD, head)
                yield tx
            except BaseException:
                roll_back(connection)
                raise
            try:
                done = tx.commit()
                if done != "COMMIT":
                    # Somebody went on after an error that had undone it all.
                    raise self._connections.undone(f"the server answers {done} to a commit")
            except self._connections.lost:
                if not connection.closed or not self._marks.was_left(mark):
                    roll_back(connection)
                    raise
            except BaseException:
                roll_back(connection)
                raise
        tx.committed()

    @contextmanager
    def read(self, within: float | None = None) -> Iterator[PostgresTx]:
        """One consistent view; nothing can be written through it."""
        patience = self._patience if within is None else min(within, self._patience)
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._connections.begun(begin, patience) as (connection, _):
            try:
                if self._time.is_due():
                    self._time.measure(connection)
                yield PostgresTx(connection, remembers=True)
            finally:
                roll_back(connection)

    def real(self) -> int:
        """The server's, whatever is done to this machine's clock."""
        real = self._time.real()
        if real is None:
            raise LedgerError(f"the server of {self.address} did not say what time it is")
        return real

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
        self._connections.close()

    def others(self, tx: PostgresTx) -> int:
        """How many connections bots and commands have to this database, but for one that is `called` otherwise."""
        row = tx.row(
            "SELECT COUNT(*) AS number FROM pg_stat_activity"
            " WHERE datname = CURRENT_DATABASE() AND application_name = :bot",
            bot=BOT,
        )
        return int(row["number"]) if row else 0


def _answer(answers: Cursor[Row]) -> list[Row]:
    """To the next of several statements."""
    answers.nextset()
    return answers.fetchall()


def address_without_password(url: str) -> str:
    """As it is shown. Of what follows the question mark, only where the server is."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    place = urlencode([each for each in parse_qsl(parts.query) if each[0] in ("host", "hostaddr", "port")], safe="/,:")
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{host}", parts.path, place, ""))
