"""What was granted since a backup was made: what a program that goes back to it would know nothing of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from approvals.audit_events import AuditEvent
from approvals.errors import LedgerError
from approvals.grant import Grant
from approvals.ledger import Tx, grants, trail

GIVEN = (AuditEvent.ACTIVE, AuditEvent.COMES_WITH)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a trail."""

    seq: int
    hash: str


def head_of_backup(file: Path) -> Head:
    """Of a ledger in a file, of whichever version; it is only read.

    Raises:
        LedgerError: it is none.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as backup:
            found = backup.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise LedgerError(f"{file} is no backup that can be read: {error}") from None
    if found is None:
        raise LedgerError(f"there is nothing in {file}")
    return Head(*found)


def granted_since(tx: Tx, head: Head, file: Path) -> list[Grant]:
    """What came to be there after that entry, as it stands now, oldest first.

    Raises:
        LedgerError: the backup is of another ledger.
    """
    if not tx.row("SELECT seq FROM audit WHERE seq = :seq AND hash = :hash", seq=head.seq, hash=head.hash):
        raise LedgerError(f"{file} is no backup of this ledger")
    found = [entry.fields for entry in trail.entries(tx, after=head.seq)]
    numbers = {each["grant"] for each in found if each["event"] in GIVEN and "grant" in each}
    return [grant for number in sorted(numbers) if (grant := grants.get(tx, number)) is not None]
