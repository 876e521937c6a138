"""Whether a transaction was committed whose commit was not answered: each leaves a mark, which is there if it was."""

from __future__ import annotations

import logging
import secrets
import threading
import time

from approvals.errors import CommitUnknown
from approvals.ledger import trail
from approvals.ledger.postgres_connections import PostgresConnections, roll_back
from approvals.ledger.postgres_tx import TAKE_TURN, TIME, WRITERS

log = logging.getLogger(__name__)

BEGIN_WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED;"
    " WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock({key})),"
    " mark AS (INSERT INTO write_marks (writer, token, at) SELECT '{writer}', '{token}', clock_timestamp() FROM turn"
    " ON CONFLICT (writer) DO UPDATE SET token = excluded.token, at = excluded.at)"
    f" SELECT {TIME} FROM turn; {trail.HEAD}"
)
"""Begin, wait for one's turn and leave a mark; the server's time, and the head of the trail as it is when it is one's
turn. In one text, so that it is one round trip; there is nothing in it but numbers and hex digits.
"""
END_WRITE = "; SET LOCAL transaction_timeout = '{seconds}s'"
"""What may follow it in the same text: so long from one's turn on, the server has the transaction ended."""
LOOKUP_PATIENCE_FACTOR = 2
"""Times its patience: how long a ledger asks after a commit whose answer was lost."""


class WriteMarks:
    """The marks of this process's threads, each under a name of its own: a thread makes no other write before it knows
    of the last.
    """

    def __init__(self, connections: PostgresConnections, patience: float) -> None:
        """`patience`: seconds that one look waits for a connection."""
        self._connections = connections
        self._patience = patience
        self._local = threading.local()

    def new(self) -> dict[str, str | int]:
        """A mark of this thread, as BEGIN_WRITE takes it."""
        return {"key": WRITERS, "writer": self._writer(), "token": secrets.token_hex(8)}

    def was_left(self, mark: dict[str, str | int]) -> bool:
        """Whether the transaction that was to leave this mark was committed.

        Raises:
            CommitUnknown: the server does not say.
        """
        deadline = time.monotonic() + LOOKUP_PATIENCE_FACTOR * self._patience
        while (left := deadline - time.monotonic()) > 0:
            try:
                found = self._found(mark, min(left, self._patience))
            except (self._connections.lost, self._connections.no_connection):
                log.warning("a commit was not answered, and the server is not there yet")
                time.sleep(0.2)
                continue
            log.warning("a commit was not answered", extra={"committed": found})
            return found
        raise CommitUnknown("nothing says what became of a transaction")

    def _found(self, mark: dict[str, str | int], patience: float) -> bool:
        """Looked for when it is a writer's turn again: whatever was under way is over then."""
        with self._connections.begun("BEGIN ISOLATION LEVEL READ COMMITTED", patience) as (connection, _):
            try:
                connection.execute(TAKE_TURN, {"key": WRITERS})
                row = connection.execute("SELECT token FROM write_marks WHERE writer = %(writer)s", mark).fetchone()
            finally:
                roll_back(connection)
        return row is not None and row["token"] == mark["token"]

    def _writer(self) -> str:
        name: str | None = getattr(self._local, "writer", None)
        if name is None:
            name = self._local.writer = secrets.token_hex(8)
        return name
