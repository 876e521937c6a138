"""Of which version a ledger is, and what bringing it up to date would do; nothing is written to it to find out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from approvals.errors import LedgerError, NoLedger
from approvals.ledger.opening import POSTGRES, SQLITE
from approvals.ledger.postgres import address_without_password
from approvals.ledger.postgres_connections import PostgresConnections
from approvals.ledger.postgres_tx import PostgresTx
from approvals.ledger.sqlite_connection import SqliteTx
from approvals.ledger.sqlite_copy import copy_before
from approvals.ledger.store import missing_steps
from approvals.transaction import Tx

COUNTED = ("requests", "grants", "audit")
PATIENCE_SECONDS = 10.0
STEPS_A_SECOND = 100_000
"""Requests, with all that belongs to each, that the costliest step goes through (docs/performance.md)."""


@dataclass(frozen=True, slots=True)
class Version:
    """A ledger as it is found."""

    address: str
    step: tuple[int, str]
    """The newest step that it has taken, and its name."""
    missing: tuple[tuple[int, str], ...]
    """What this program would have it take, in order."""
    rows: dict[str, int]
    """How many there are of what is counted."""
    copy: Path | None
    """Where the file would be kept as it is now; None for one on a server."""

    @property
    def seconds(self) -> int:
        """About how long the missing steps take."""
        return self.rows["requests"] // STEPS_A_SECOND


def read_version(url: str) -> Version:
    """The version of the ledger at this address.

    Raises:
        LedgerError: there is none, it cannot be read, or it is newer than this program.
    """
    if url.startswith(POSTGRES):
        return _of_server(url)
    return _of_file(Path(url.removeprefix(SQLITE)))


def _of_file(path: Path) -> Version:
    try:
        if not path.is_file():
            raise NoLedger(f"there is no ledger at {path}")
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
            tx = SqliteTx(connection)
            if not tx.row("SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'schema_steps'"):
                raise LedgerError(f"{path} is not a pairec-access ledger")
            return _read(tx, "sqlite", str(path), path)
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be used: {error.strerror}") from None
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"the ledger {path} cannot be used: {error}") from None


def _of_server(url: str) -> Version:
    address = address_without_password(url)
    connections = PostgresConnections(url, address, patience=PATIENCE_SECONDS, hold_at_most=60, called="pairec-access")
    with connections.first() as connection, connection.transaction():
        connection.execute("SET TRANSACTION READ ONLY")
        tx = PostgresTx(connection)
        if not tx.row(
            "SELECT 1 AS one FROM pg_tables WHERE schemaname = CURRENT_SCHEMA AND tablename = 'schema_steps'"
        ):
            raise NoLedger(f"there is no ledger at {address}")
        return _read(tx, "postgres", address, None)


def _read(tx: Tx, engine: str, address: str, path: Path | None) -> Version:
    done = {row["number"]: row["name"] for row in tx.rows("SELECT number, name FROM schema_steps")}
    missing = missing_steps(set(done), engine, address)
    counts = {table: tx.row(f"SELECT COUNT(*) AS number FROM {table}") for table in COUNTED}
    return Version(
        address,
        max(done.items()),
        tuple((number, name) for number, (name, _) in missing.items()),
        {table: int(row["number"]) if row else 0 for table, row in counts.items()},
        copy_before(path, max(done)) if path else None,
    )
