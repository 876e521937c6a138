"""The turns that this process's writers of one file take, in the order in which they came.

SQLite lets a writer that finds another one at work look again after pauses that get longer and longer, so that whoever
comes by at the right moment goes first, and the file is free for longer than anybody writes.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class WriterTurns:
    """One turn at a time; whoever ends theirs hands it to whoever has waited longest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for theirs."""
        return len(self._waiting)

    @contextmanager
    def turn(self, patience: float) -> Iterator[float]:
        """Wait for one's turn, and have it; the seconds that are left of `patience`.

        Raises:
            sqlite3.OperationalError: it did not come in time, as SQLite itself says it.
        """
        deadline = time.monotonic() + patience
        if not self._take(patience):
            raise _locked()
        try:
            yield max(deadline - time.monotonic(), 0.0)
        finally:
            self._hand_on()

    def _take(self, patience: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        try:
            mine.wait(patience)
        except BaseException:
            if self._withdraw(mine):
                self._hand_on()
            raise
        return self._withdraw(mine)

    def _withdraw(self, mine: threading.Event) -> bool:
        """Wait no more; whether it was one's turn by then, be it at the last moment."""
        with self._guard:
            if not mine.is_set():
                self._waiting.remove(mine)
            return mine.is_set()

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


def _locked() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error.sqlite_errorname = "SQLITE_BUSY"
    return error
