"""A backup of a ledger: one SQLite file with all of it, whichever engine keeps it.

It is made in one consistent view while bots work, read back, and there whole or not at all.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from approvals import audit
from approvals.errors import LedgerError
from approvals.ledger import identity, trail
from approvals.ledger.copying import Copied, check_same, contents, copied, fill
from approvals.ledger.draft import plainly, put_in_place, said_of, seal, working_in
from approvals.ledger.ledger_file import BESIDE
from approvals.ledger.sqlite import SqliteLedger
from approvals.ledger.store import complaint
from approvals.transaction import Ledger, Tx

OWN = ("", *BESIDE, "-journal", ".lock")
"""What the names of a ledger's own files end with."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What went into a backup."""

    copied: Copied
    broken: audit.Break | None
    """Where the chain of the ledger does not hold, and so neither does the copy's."""
    unnoted: str | None = None
    """Why the ledger does not know of it, where it took down nothing: it may be what a full disk is backed up for."""


def back_up(source: Ledger, file: Path, *, overwrite: bool = False) -> BackedUp:
    """A consistent copy in `file`, for its owner's eyes alone; bots may go on working. The ledger knows from then on
    when it was made.

    Raises:
        LedgerError: there is something at `file` already, or it cannot be written; `file` is as it was then.
    """
    with plainly(f"the backup {file} cannot be made"):
        if isinstance(source, SqliteLedger):
            _check_not_own(source.path, file)
        if file.exists() and not (overwrite and file.is_file()):
            raise LedgerError(f"{file} is there already")
    with working_in(file.parent) as folder, plainly(f"the backup {file} cannot be made"):
        draft = folder / "ledger.db"
        with said_of(file, draft):
            made_anew = SqliteLedger(draft)
        with (
            closing(made_anew) as copy,
            source.read() as original,
            copy.write() as tx,
        ):
            at = source.real()
            wanted = contents(original)
            fill(original, tx)
            check_same(tx, wanted, str(file), "try again")
            made = BackedUp(copied(tx, wanted), audit.verify(trail.entries(tx)))
            identity.put(tx, identity.BACKED_UP_AT, str(at))
        seal(draft)
        put_in_place(draft, file)
    return replace(made, unnoted=_note(source, at))


def last_backup(tx: Tx) -> int | None:
    """The moment that the last backup shows, in milliseconds of real time; None where none was made yet."""
    at = identity.get(tx, identity.BACKED_UP_AT)
    return int(at) if at else None


def _note(source: Ledger, at: int) -> str | None:
    try:
        with source.write() as tx:
            identity.put(tx, identity.BACKED_UP_AT, str(at))
    except source.engine_errors as error:
        return complaint(error)
    return None


def _check_not_own(ledger: Path, file: Path) -> None:
    if file.exists() and file.samefile(ledger):
        raise LedgerError(f"{file} is the ledger itself")
    if file.absolute() in {ledger.absolute().with_name(ledger.name + tail) for tail in OWN}:
        raise LedgerError(f"{file} is the ledger's own")
