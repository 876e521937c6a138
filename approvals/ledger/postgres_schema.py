"""Which steps of the schema a database has taken, whether it is a ledger at all, and taking those that it has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from approvals.errors import LedgerError, NoLedger, OlderLedger
from approvals.ledger.postgres_tx import OPENERS, TAKE_TURN, TIME, WRITERS, PostgresTx
from approvals.ledger.replicas import check_none_works
from approvals.ledger.store import REPLICAS_STEP, missing_steps, tables, take
from approvals.transaction import Row

if TYPE_CHECKING:
    from psycopg import Connection

STEPS_TABLE = "CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL)"


def bring_up_to_date(
    connection: Connection[Row], address: str, *, make: bool, upgrade: bool, upgrade_in_use: bool
) -> bool:
    """Take the steps that are missing, under a lock, so that several processes may start together; whether there was a
    ledger before.

    Args:
        connection: outside of a transaction.
        address: without a password, for what is said.
        make: an empty database becomes a ledger.
        upgrade: an older ledger that came from nowhere takes the newer steps.
        upgrade_in_use: it does even while a bot works from it.

    Raises:
        LedgerError: not a ledger, none that may be made or upgraded, one in use, or newer than this program.
    """
    with connection.transaction():
        connection.execute(TAKE_TURN, {"key": OPENERS})
        tx = PostgresTx(connection)
        there = {
            row["tablename"] for row in tx.rows("SELECT tablename FROM pg_tables WHERE schemaname = CURRENT_SCHEMA")
        }
        if there and "schema_steps" not in there:
            raise LedgerError(f"{address} is a PostgreSQL database, but not a pairec-access ledger")
        if not there and not make:
            raise NoLedger(f"there is no ledger at {address}")
        tx.run(STEPS_TABLE)
        done = {row["number"] for row in tx.rows("SELECT number FROM schema_steps")}
        missing = missing_steps(done, "postgres", address)
        if done and missing and not upgrade and not ("moves" in there and tx.row("SELECT token FROM moves")):
            raise OlderLedger(f"{address} has a ledger of its own, of an older program")
        if done and missing:
            # A step may change rows that a writer of the version before is in the middle of.
            connection.execute(TAKE_TURN, {"key": WRITERS})
            if not upgrade_in_use and REPLICAS_STEP in done:
                check_none_works(tx, int((tx.row(f"SELECT {TIME}") or {"real": 0})["real"]), address)
        _take_steps(tx, missing, upgrade=bool(done))
        tx.run("DELETE FROM write_marks WHERE at < clock_timestamp() - INTERVAL '1 day'")
    return bool(done)


def begin_anew(tx: PostgresTx, aside: str, address: str) -> None:
    """Move all that a ledger is made of to a schema of that name, and make a new one."""
    tx.run(f"CREATE SCHEMA {aside}")
    for table in ("schema_steps", *tables("postgres")):
        tx.run(f"ALTER TABLE {table} SET SCHEMA {aside}")
    for row in tx.rows(
        "SELECT pg_proc.oid::regprocedure::text AS name FROM pg_proc"
        " JOIN pg_namespace ON pg_namespace.oid = pronamespace"
        " WHERE nspname = CURRENT_SCHEMA AND (proname LIKE 'audit%' OR proname LIKE 'ledger%')"
    ):
        tx.run(f"ALTER FUNCTION {row['name']} SET SCHEMA {aside}")
    tx.run(STEPS_TABLE)
    _take_steps(tx, missing_steps(set(), "postgres", address), upgrade=False)


def _take_steps(tx: PostgresTx, steps: Mapping[int, tuple[str, list[str]]], *, upgrade: bool) -> None:
    note = "INSERT INTO schema_steps (number, name) VALUES (:number, :name)"
    take(steps, "postgres", tx.script, lambda number, name: tx.run(note, number=number, name=name), upgrade=upgrade)
