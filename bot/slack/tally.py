"""A log of what strangers do, which they cannot fill: the first few of a minute by themselves, the rest as a number."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

LINES_PER_WINDOW = 10
"""By themselves, in a window."""
WINDOW_SECONDS = 60.0
"""Seconds."""


class WarningTally:
    """Safe to share between threads. Nothing of it waits: what was only counted is told with the next that is noted, or
    by `tell`, once its window is over.
    """

    def __init__(self, log: logging.Logger, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._began = monotonic()
        self._lines = 0
        self._counted: Counter[str] = Counter()

    def note(self, event: str, why: str, **extra: object) -> None:
        """`why` is one of few, by which they are counted."""
        self.flush()
        with self._lock:
            self._lines += 1
            if self._lines > LINES_PER_WINDOW:
                self._counted[f"{event}: {why}"] += 1
                return
        self._log.warning(event, extra={"why": why, **extra})

    def flush(self) -> None:
        """Say how many there were besides, if the window is over."""
        with self._lock:
            now = self._monotonic()
            if now - self._began < WINDOW_SECONDS:
                return
            counted, self._counted, self._lines, self._began = self._counted, Counter(), 0, now
        if counted:
            self._log.warning("so many more in a minute", extra={"counts": dict(counted)})
