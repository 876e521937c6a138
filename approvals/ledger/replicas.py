"""The programs that work from this ledger right now: each says so every while, and when it leaves. Real time."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import LedgerError
from approvals.ledger.columns import known
from approvals.millis import MINUTE
from approvals.transaction import Tx

ALIVE_FOR_MS = 2 * MINUTE
"""Milliseconds of real time for which a program that said so is taken to be at work."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A program that works from this ledger."""

    id: str
    started: int
    seen: int
    connections: int
    """How many connections to Slack it keeps open: none where Slack calls it."""


def beat(tx: Tx, replica: Replica) -> None:
    """A program runs; it says so again and again."""
    tx.run(
        "INSERT INTO replicas (id, started, seen, connections) VALUES (:id, :started, :seen, :connections)"
        " ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, connections = excluded.connections",
        id=replica.id,
        started=replica.started,
        seen=replica.seen,
        connections=replica.connections,
    )


def seen_since(tx: Tx, since: int) -> list[Replica]:
    """Those that said so at that moment of real time or later, the first that started first."""
    rows = tx.rows("SELECT * FROM replicas WHERE seen >= :since ORDER BY started, id", since=since)
    return [Replica(**known(row, Replica)) for row in rows]


def leave(tx: Tx, replica_id: str) -> None:
    """A program was stopped."""
    tx.run("DELETE FROM replicas WHERE id = :id", id=replica_id)


def forget(tx: Tx, before: int, after: int) -> None:
    """Those that died without a word; or by a clock that was wrong, and then those that live say it again soon."""
    tx.run("DELETE FROM replicas WHERE seen < :before OR seen > :after", before=before, after=after)


def check_none_works(tx: Tx, real: int, address: str) -> None:
    """Check that no bot works from a ledger that is to take further steps: one of the version before may not find the
    work that waits in it then, as long as no bot of the new version does it.

    Raises:
        LedgerError: one does, or did a moment ago.
    """
    if any(replica.seen <= real + ALIVE_FOR_MS for replica in seen_since(tx, real - ALIVE_FOR_MS)):
        raise LedgerError(
            f"a bot of an earlier version works from the ledger {address}; upgrade and start it first, and then use the"
            " commands of this version"
        )
