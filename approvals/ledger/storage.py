"""What a ledger takes up, and what is left for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from approvals.ledger.ledger_file import BESIDE
from approvals.ledger.sqlite import SqliteLedger
from approvals.transaction import Ledger, Tx


@dataclass(frozen=True, slots=True)
class Storage:
    """In bytes."""

    size: int
    """Of the file with what stands beside it, or of the database on its server."""
    free: int | None
    """On the disk of the file, for whoever is not root; None where the ledger is on a server, which alone knows it."""


def storage(ledger: Ledger, tx: Tx) -> Storage:
    """As it is now. `tx` is of that ledger.

    Raises:
        OSError: the file is not there any more.
    """
    if isinstance(ledger, SqliteLedger):
        parts = [ledger.path, *(ledger.path.with_name(ledger.path.name + tail) for tail in BESIDE)]
        size = sum(part.stat().st_size for part in parts if part.exists())
        return Storage(size, shutil.disk_usage(ledger.path.parent).free)
    row = tx.row("SELECT pg_database_size(current_database()) AS size")
    return Storage(int(row["size"]) if row else 0, None)
