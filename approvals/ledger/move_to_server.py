"""Move a ledger from a file to a server, with everything in it that is under way.

The order is what keeps a crash from leaving two ledgers, or none: the copy is announced at its destination, made and
read back in one transaction there, then the original is shut for good, and only then the copy may be worked from. Run
again, it goes on from wherever it was.
"""

from __future__ import annotations

import secrets

from approvals import audit
from approvals.errors import LedgerError
from approvals.ledger import trail
from approvals.ledger.copying import FILLED_AT_BIRTH, TABLES, Content, Copied, check_same, contents, copied, fill
from approvals.ledger.moves import ARRIVED, ARRIVING, LEFT, LedgerMove, last_move, set_move
from approvals.transaction import Ledger, Tx

MAX_CLOCK_DIFFERENCE_MS = 60_000
"""Milliseconds by which the server's clock may differ from this machine's: access would end so much too late."""


def prepare(source: Ledger) -> None:
    """See that it can leave: until it is closed, nobody else may begin to work from it. One that left already can.

    Raises:
        LedgerError: a bot works from it, or somebody changed its audit trail.
    """
    if _has_left(source):
        return
    if not source.take_over():
        raise LedgerError(f"a bot works from the ledger {source.address}; stop it first")
    with source.read() as tx:
        broken = audit.verify(trail.entries(tx))
    if broken:
        raise LedgerError(
            f"the audit trail of {source.address} does not hold: entry {broken.seq} {broken.problem};"
            " it is not carried over"
        )


def move(source: Ledger, destination: Ledger) -> Copied:
    """Copy all of `source`, a file that was prepared, to `destination`, a server, and shut `source` for good.

    Raises:
        LedgerError: nothing was shut, and why; or how to go on.
    """
    left = _has_left(source)
    if left is None:
        left = _leave(source, destination)
    elif left.place != destination.address:
        raise LedgerError(f"the ledger {source.address} was moved to {left.place} already")
    return _arrive(source, destination, left)


def _has_left(source: Ledger) -> LedgerMove | None:
    with source.read() as tx:
        known = last_move(tx)
    return known if known and known.state == LEFT else None


def _leave(source: Ledger, destination: Ledger) -> LedgerMove:
    announced = _announce(source, destination)
    with source.read() as original:
        wanted = contents(original)
        with destination.write() as copy:
            if _is_new(copy):
                fill(original, copy)
            check_arrived(copy, wanted, destination, "empty that database and copy again")
    left = LedgerMove(announced.token, LEFT, destination.address)
    with source.write() as tx:
        if contents(tx) != wanted:
            raise LedgerError(
                f"somebody wrote to {source.address} meanwhile; it is still the one to work from."
                f" Empty the database {destination.address} and copy again"
            )
        set_move(tx, left)
        _shut(tx)
    return left


def _announce(source: Ledger, destination: Ledger) -> LedgerMove:
    """From now on nobody works from the destination."""
    with destination.write() as tx:
        apart = abs(destination.real() - source.real())
        if apart > MAX_CLOCK_DIFFERENCE_MS:
            raise LedgerError(
                f"the clocks of this machine and of {destination.address} are {apart // 1_000} seconds apart,"
                " and access would end so much too early or too late; set them right first"
            )
        known = last_move(tx)
        if known and known.state == ARRIVING and known.place == source.address:
            return known
        if known or not _is_new(tx):
            raise LedgerError(f"{destination.address} has a ledger of its own; the copy needs an empty database")
        announced = LedgerMove(secrets.token_hex(8), ARRIVING, source.address)
        set_move(tx, announced)
        return announced


def _arrive(source: Ledger, destination: Ledger, left: LedgerMove) -> Copied:
    """Let the copy be worked from, once it is seen to be whole: a server may have lost what it had taken."""
    with source.read() as original, destination.write() as tx:
        known = last_move(tx)
        if known is None or known.token != left.token:
            raise LedgerError(f"{destination.address} is not where this ledger was moved to")
        if known.state == ARRIVED:
            raise LedgerError(f"the ledger was moved to {destination.address} already; work from there")
        if _is_new(tx):
            fill(original, tx)
        wanted = contents(original)
        check_arrived(tx, wanted, destination, "put that database back as it was, and copy again")
        set_move(tx, LedgerMove(known.token, ARRIVED, known.place))
        return copied(tx, wanted)


def _is_new(tx: Tx) -> bool:
    """Whether nobody ever worked from it: a bot that was started has work in it already."""
    return not any(tx.row(f"SELECT 1 AS one FROM {table} LIMIT 1") for table in TABLES if table not in FILLED_AT_BIRTH)


def check_arrived(copy: Tx, wanted: dict[str, Content], destination: Ledger, way_on: str) -> None:
    """Read it all back, before anybody can rely on it.

    Raises:
        LedgerError: it is not what was copied, or nothing that anybody could rely on.
    """
    check_same(copy, wanted, destination.address, way_on)
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
