"""Which steps of the schema a file has taken, whether it is a ledger at all, and taking those that it has not."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from approvals.errors import LedgerError, OlderLedger
from approvals.ledger.replicas import check_none_works
from approvals.ledger.sqlite_connection import SqliteTx
from approvals.ledger.sqlite_copy import keep_copy
from approvals.ledger.store import REPLICAS_STEP, missing_steps, take


def check_is_ledger(path: Path, patience: float, *, older: bool = True) -> None:
    """Whether it is a ledger of this program's, before anything is changed in it: to put even another program's
    database into WAL mode would be a change. `older`: one of an older version is as good.

    Raises:
        LedgerError: it is not, or cannot be written.
    """
    for needed in (path, path.parent):
        if not os.access(needed, os.W_OK):
            # SQLite finds out at the first row that is written, and leaves files beside it until then.
            raise LedgerError(f"the ledger {path} cannot be used: nothing can be written to {needed}")
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        done = _steps_taken(connection, path)
        if missing_steps(done, "sqlite", str(path)) and done and not older:
            raise OlderLedger(f"the ledger {path} is of an older version (schema step {max(done)})")


def take_steps(db: sqlite3.Connection, path: Path, *, unless_used_at: int | None = None) -> bool:
    """Take the steps that are missing, in the transaction that is under way; whether there were any. An older ledger is
    kept as it was, beside the file.

    Args:
        unless_used_at: real time now, where none is to be taken while a bot works from it.

    Raises:
        LedgerError: it is not a ledger, newer than this program, a bot works from it, or it cannot be kept.
    """
    tx = SqliteTx(db)
    done = _steps_taken(db, path)
    missing = missing_steps(done, "sqlite", str(path))
    if missing and unless_used_at is not None and REPLICAS_STEP in done:
        check_none_works(tx, unless_used_at, str(path))
    if missing and done:
        keep_copy(path, max(done))
    tx.run("CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
    note = "INSERT INTO schema_steps (number, name) VALUES (:number, :name)"
    take(missing, "sqlite", tx.run, lambda number, name: tx.run(note, number=number, name=name), upgrade=bool(done))
    return bool(missing)


def _steps_taken(db: sqlite3.Connection, path: Path) -> set[int]:
    tx = SqliteTx(db)
    tables = {row["name"] for row in tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "schema_steps" not in tables:
        raise LedgerError(f"{path} is a SQLite file, but not a pairec-access ledger")
    return {row["number"] for row in tx.rows("SELECT number FROM schema_steps")} if tables else set()
