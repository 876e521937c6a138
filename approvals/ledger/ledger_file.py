"""The file of a ledger in SQLite: whether it is still the one that was opened, and who works from it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

BESIDE = ("-wal", "-shm")
"""What SQLite puts beside a ledger that is open, in the folder that the file itself is in."""


class LedgerFile:
    """The file, what stands beside it, and its lock, if this process has it."""

    def __init__(self, path: Path) -> None:
        """`path`: a file that is there. What it is now is what it has to stay.

        Raises:
            OSError: it is not there, or cannot be looked at.
        """
        self.path = path
        self._known = {path: _inode(path.stat())}
        """Device and inode of the file and of what stands beside it, as they were at first."""
        file = path.resolve()
        # Looked at twice in each transaction, so they are put together once.
        self._files = (path, *(file.with_name(file.name + tail) for tail in BESIDE))
        self._lock_path = lock_path(path)
        self._lock: IO[str] | None = None

    def lost(self) -> str | None:
        """A file that was deleted or replaced still takes all that is written to it, and nobody finds it again: says so
        of the first such file, or None.
        """
        for path in self._files:
            try:
                found = _inode(path.stat())
            except OSError:
                found = None
            if path not in self._known and found:
                self._known[path] = found
            elif found != self._known.get(path):
                return f"the file {path} was deleted or replaced"
        if self._lock and not _is_at(self._lock, self._lock_path):
            return f"the file {self._lock_path} was deleted or replaced"
        return None

    def lock(self) -> bool:
        """Have the lock, until `unlock`; False where another process has it.

        Raises:
            OSError: nothing can be written or locked beside the file.
        """
        if self._lock is None:
            self._lock = lock(self.path)
        return self._lock is not None

    def unlock(self) -> None:
        """Another process may have it."""
        if self._lock:
            self._lock.close()
            self._lock = None


def lock_path(path: Path) -> Path:
    """Whichever name leads there, it is one lock."""
    file = path.resolve()
    return file.with_name(f"{file.name}.lock")


def lock(path: Path) -> IO[str] | None:
    """The lock file beside a ledger, locked for as long as it is open; None when another process has it."""
    while True:
        held = lock_path(path).open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held.close()
            if isinstance(error, BlockingIOError):
                return None
            raise
        if _is_at(held, lock_path(path)):
            return held
        # Somebody deleted it since it was opened, and whoever comes next would lock another one.
        held.close()


def _is_at(held: IO[str], path: Path) -> bool:
    try:
        return _inode(os.fstat(held.fileno())) == _inode(path.stat())
    except OSError:
        return False


def _inode(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
