"""Open a ledger by its address."""

from __future__ import annotations

from pathlib import Path

from approvals.errors import LedgerError, NoLedger
from approvals.ledger import moves
from approvals.ledger.postgres import PostgresLedger
from approvals.ledger.sqlite import SqliteLedger
from approvals.transaction import Ledger, Tx

SQLITE, POSTGRES = "sqlite:///", ("postgresql://", "postgres://")
OPEN_TIMEOUT_SECONDS = 30.0
"""Seconds."""


def open_ledger(
    url: str,
    *,
    make: bool = True,
    moving: bool = False,
    upgrade: bool = True,
    upgrade_in_use: bool = True,
    patience: float = OPEN_TIMEOUT_SECONDS,
) -> Ledger:
    """`sqlite:///` and the path of a file, or `postgresql://user@host/database`.

    Args:
        make: whether one that is not there yet is made.
        moving: whether it may be one that was moved away, or that has not quite arrived.
        upgrade: whether one of an older version is brought up to date at all.
        upgrade_in_use: whether one of an older version is brought up to date although a bot works from it.
        patience: seconds that one waits for one's turn to write, or for a server that is away.

    Raises:
        LedgerError: it cannot be used; the text is one line. NoLedger and OlderLedger where that is why.
    """
    ledger = _opened(url, make, upgrade, moving, upgrade_in_use, patience)
    if not moving:
        try:
            moves.check_here(ledger)
        except LedgerError:
            ledger.close()
            raise
    return ledger


def is_blank(tx: Tx) -> bool:
    """Whether nothing was ever recorded in it, and nobody is linked."""
    return not any(tx.row(f"SELECT 1 AS one FROM {table} LIMIT 1") for table in ("audit", "links"))


def _opened(url: str, make: bool, upgrade: bool, moving: bool, upgrade_in_use: bool, patience: float) -> Ledger:
    if url.startswith(POSTGRES):
        return PostgresLedger(
            url,
            make=make,
            upgrade=upgrade and not moving,
            upgrade_in_use=upgrade_in_use,
            patience=patience,
            at_length=moving,
        )
    path = Path(url.removeprefix(SQLITE))
    try:
        there = path.is_file()
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be used: {error.strerror}") from None
    if not there and not make:
        raise NoLedger(f"there is no ledger at {path}")
    return SqliteLedger(path, patience=patience, upgrade=upgrade, upgrade_in_use=upgrade_in_use)
