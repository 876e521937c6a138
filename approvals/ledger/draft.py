"""A ledger's file in the making: beside its place, whole and on the disk before it gets there."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from approvals.errors import LedgerError


@contextmanager
def working_in(folder: Path) -> Iterator[Path]:
    """A folder in this one that is gone afterwards, and that nobody else looks into.

    Raises:
        LedgerError: nothing can be written there.
    """
    with (
        plainly(f"nothing can be written to {folder}"),
        tempfile.TemporaryDirectory(dir=folder, prefix=".ledger-") as name,
    ):
        yield Path(name)


@contextmanager
def plainly(what: str) -> Iterator[None]:
    """Full disks, names that no file can have, files that lack what a ledger has.

    Raises:
        LedgerError: `what`, and why.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(f"{what}: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def said_of(file: Path, draft: Path) -> Iterator[None]:
    """What is wrong with the draft is said of the file.

    Raises:
        LedgerError: there is something.
    """
    try:
        yield
    except LedgerError as error:
        raise LedgerError(str(error).replace(str(draft), str(file))) from None


def seal(draft: Path) -> None:
    """One file, that needs no other beside it, and is on the disk.

    Raises:
        LedgerError: it is not.
    """
    with plainly("the copy cannot be finished"), closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise LedgerError(f"the copy is damaged: {' '.join(found.split())}")
    draft.chmod(0o600)
    _sync(draft)


def put_in_place(draft: Path, file: Path) -> None:
    """In the place of whatever is there, at one moment, and on the disk before this returns."""
    draft.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
