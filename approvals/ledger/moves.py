"""Where a ledger came from and where it went, so that nobody works from two copies of one.

At any moment at most one of the two can be worked from: the copy only once the original takes nothing more.
"""

from __future__ import annotations

from typing import NamedTuple

from approvals.errors import LedgerError
from approvals.ledger.store import complaint
from approvals.transaction import Ledger, Tx

LEFT, ARRIVING, ARRIVED = "left", "arriving", "arrived"


class LedgerMove(NamedTuple):
    """A ledger that was moved to another place, as either end remembers it."""

    token: str
    """The same at both ends of one move."""
    state: str
    place: str
    """The other end's address, without a password."""


def last_move(tx: Tx) -> LedgerMove | None:
    """Where the ledger was moved to; or else where it came from, or None."""
    row = tx.row("SELECT token, state, place FROM moves ORDER BY CASE state WHEN 'left' THEN 0 ELSE 1 END LIMIT 1")
    return LedgerMove(row["token"], row["state"], row["place"]) if row else None


def set_move(tx: Tx, move: LedgerMove) -> None:
    """Record a move, or how far it is by now."""
    tx.run(
        "INSERT INTO moves (token, state, place) VALUES (:token, :state, :place)"
        " ON CONFLICT (token) DO UPDATE SET state = excluded.state, place = excluded.place",
        **move._asdict(),
    )


def check_here(ledger: Ledger) -> None:
    """See that this is where bots are to work from.

    Raises:
        LedgerError: it was moved away, has not quite arrived, or cannot be read.
    """
    try:
        with ledger.read() as tx:
            move = last_move(tx)
    except ledger.engine_errors as error:
        raise LedgerError(f"the ledger {ledger.address} cannot be used: {complaint(error)}") from None
    if move and move.state == LEFT:
        raise LedgerError(f"the ledger {ledger.address} was moved to {move.place}; work from there")
    if move and move.state == ARRIVING:
        raise LedgerError(
            f"the ledger {ledger.address} has not arrived yet from {move.place}; run `pairec-access ledger copy` again"
        )
