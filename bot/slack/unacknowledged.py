"""Clicks that Slack waits to have acknowledged: while many do, what earlier ones set off does not begin yet, so that it
takes the interpreter from nobody who waits.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

FEW = 4
"""So many wait no longer for what others set off; one click by itself begins at once."""
FORGOTTEN_SECONDS = 3.0
"""Seconds after which Slack waits no more."""
HELD_UP_SECONDS = 0.5
"""Seconds for which something may be held up by however many."""


class Unacknowledged:
    """Safe to share between threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._came: deque[float] = deque()
        self._fewer = threading.Condition()

    def came(self) -> None:
        """One more waits."""
        with self._fewer:
            self._came.append(self._monotonic())

    def answered(self) -> None:
        """One waits no more."""
        with self._fewer:
            if self._came:
                self._came.popleft()
            if len(self._came) <= FEW:
                self._fewer.notify_all()

    def wait(self) -> None:
        """Until few wait, or for half a second."""
        with self._fewer:
            self._fewer.wait_for(self._are_few, HELD_UP_SECONDS)

    def _are_few(self) -> bool:
        oldest = self._monotonic() - FORGOTTEN_SECONDS
        while self._came and self._came[0] < oldest:
            self._came.popleft()
        return len(self._came) <= FEW
