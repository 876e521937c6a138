"""What an app called, and how often: for those who count."""

from __future__ import annotations

import threading
from collections import Counter, deque

MAX_CALLS = 100_000
"""The oldest are forgotten."""


class CallLog:
    """The calls of one service in the order in which they came, refused ones too. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: deque[str] = deque(maxlen=MAX_CALLS)

    def add(self, name: str) -> None:
        """A call came; a method's name, or an action's."""
        with self._lock:
            self._names.append(name)

    def take(self) -> Counter[str]:
        """How often each was called since this was asked last."""
        with self._lock:
            counted = Counter(self._names)
            self._names.clear()
        return counted
