"""The file of a ledger as it was before it was brought up to date: the way back to the program of before."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from approvals.errors import LedgerError
from approvals.ledger.draft import plainly, put_in_place, seal

log = logging.getLogger(__name__)


def copy_before(path: Path, step: int) -> Path:
    """Where it is kept, by the newest step that it has taken."""
    return path.with_name(f"{path.name}.step-{step}")


def keep_copy(path: Path, step: int) -> None:
    """Copy what is committed to beside the file, whole or not at all; one that an interrupted upgrade left is replaced.

    Raises:
        LedgerError: it cannot be written, and then nothing is to be brought up to date.
    """
    kept = copy_before(path, step)
    draft = kept.with_name(f"{kept.name}.part")
    with plainly(f"the ledger {path} is left as it is, since no copy can be kept beside it, in {kept}"):
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(path)) as original, closing(sqlite3.connect(draft)) as copy:
                original.backup(copy)
            seal(draft)
            put_in_place(draft, kept)
        except (OSError, sqlite3.Error, LedgerError):
            draft.unlink(missing_ok=True)
            raise
    log.info("the ledger is kept as it was", extra={"file": str(kept)})
