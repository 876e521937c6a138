"""Move a ledger from a file to a server, with everything in it that is under way.

The order is what keeps a crash from leaving two ledgers, or none: the copy is announced at its destination, made and
read back in one transaction there, then the original is shut for good, and only then the copy may be worked from. Run
again, it goes on from wherever it was.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from approvals import audit
from approvals.errors import LedgerError
from approvals.ledger import trail
from approvals.ledger.moves import ARRIVED, ARRIVING, LEFT, Move, last_move, set_move
from approvals.ledger.store import Ledger
from approvals.ledger.tx import Row, Tx

TABLES = (
    "counters",
    "links",
    "requests",
    "claims",
    "decisions",
    "grants",
    "jobs",
    "slots",
    "cards",
    "homes",
    "audit",
    "status_runs",
    "status_findings",
    "status_changes",
    "status_boards",
    "status_watches",
)
"""Every table but those of the schema and the moves, each after those that it refers to."""
AT_ONCE = 200
"""Rows in one statement."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, whatever the order in which an engine gives its rows."""

    rows: int
    digest: int


@dataclass(frozen=True, slots=True)
class Copied:
    rows: dict[str, int]
    """By table."""
    head: tuple[int, str]
    """Number and hash of the last audit entry."""


def move(source: Ledger, destination: Ledger) -> Copied:
    """Copy all of `source` to `destination`, and shut `source` for good. Nobody else may work from either.

    Raises:
        LedgerError: nothing was shut, and why; or how to go on.
    """
    with source.read() as tx:
        left = last_move(tx)
    if left is None or left.state != LEFT:
        if not source.take_over():
            raise LedgerError(f"a bot works from the ledger {source.address}; stop it first")
        left = _leave(source, destination)
    elif left.place != destination.address:
        raise LedgerError(f"the ledger {source.address} was moved to {left.place} already")
    return _arrive(destination, left)


def _leave(source: Ledger, destination: Ledger) -> Move:
    with source.read() as tx:
        broken = audit.verify(trail.entries(tx))
    if broken:
        raise LedgerError(
            f"the audit trail of {source.address} does not hold: entry {broken.seq} {broken.problem};"
            " it is not carried over"
        )
    announced = _announce(source, destination)
    with source.read() as original, destination.write() as copy:
        contents = {table: _content(_rows(original, table)) for table in TABLES}
        if _is_new(copy):
            _fill(original, copy)
        _check_arrived(copy, contents, destination)
    left = Move(announced.token, LEFT, destination.address)
    with source.write() as tx:
        if {table: _content(_rows(tx, table)) for table in TABLES} != contents:
            raise LedgerError(
                f"somebody wrote to {source.address} meanwhile; it is still the one to work from."
                f" Empty the database {destination.address} and copy again"
            )
        set_move(tx, left)
        _shut(tx)
    return left


def _announce(source: Ledger, destination: Ledger) -> Move:
    """From now on nobody works from the destination."""
    with destination.write() as tx:
        known = last_move(tx)
        if known and known.state == ARRIVING and known.place == source.address:
            return known
        if known or not _is_new(tx):
            raise LedgerError(f"{destination.address} has a ledger of its own; the copy needs an empty database")
        announced = Move(secrets.token_hex(8), ARRIVING, source.address)
        set_move(tx, announced)
        return announced


def _arrive(destination: Ledger, left: Move) -> Copied:
    with destination.write() as tx:
        known = last_move(tx)
        if known is None or known.token != left.token:
            raise LedgerError(f"{destination.address} is not where this ledger was moved to")
        if known.state == ARRIVED:
            raise LedgerError(f"the ledger was moved to {destination.address} already; work from there")
        set_move(tx, Move(known.token, ARRIVED, known.place))
        rows = {table: _count(tx, table) for table in TABLES}
        last = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return Copied(rows, (last["seq"], last["hash"]) if last else (0, audit.GENESIS))


def _is_new(tx: Tx) -> bool:
    """Whether nobody ever worked from it: a bot that was started has work in it already."""
    return not any(_count(tx, table) for table in TABLES if table != "counters")


def _count(tx: Tx, table: str) -> int:
    found = tx.row(f"SELECT COUNT(*) AS number FROM {table}")
    return int(found["number"]) if found else 0


def _rows(tx: Tx, table: str) -> list[Row]:
    return tx.rows(f"SELECT * FROM {table}")


def _content(rows: list[Row]) -> Content:
    digest = 0
    for row in rows:
        text = json.dumps(row, sort_keys=True)
        digest = (digest + int.from_bytes(hashlib.sha256(text.encode()).digest())) % (1 << 256)
    return Content(len(rows), digest)


def _fill(original: Tx, copy: Tx) -> None:
    copy.run("DELETE FROM counters")
    for table in TABLES:
        for rows in _batches(_rows(original, table)):
            columns = sorted(rows[0])
            values = ", ".join(
                f"({', '.join(f':{column}_{number}' for column in columns)})" for number in range(len(rows))
            )
            copy.run(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}",
                **{f"{column}_{number}": row[column] for number, row in enumerate(rows) for column in columns},
            )


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


def _check_arrived(copy: Tx, contents: dict[str, Content], destination: Ledger) -> None:
    """Read it all back, before anybody can rely on it."""
    for table, content in contents.items():
        if _content(_rows(copy, table)) != content:
            raise LedgerError(
                f"the table {table} of {destination.address} is not what was copied; empty that database and copy again"
            )
    broken = audit.verify(trail.entries(copy))
    if broken:
        raise LedgerError(f"the audit trail did not arrive whole: entry {broken.seq} {broken.problem}")


def _shut(tx: Tx) -> None:
    """Not even a program that was open meanwhile, or an older one, writes here any more."""
    for table in TABLES:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            tx.run(
                f"CREATE TRIGGER {table}_left_{deed.lower()} BEFORE {deed} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'this ledger was moved'); END"
            )
