"""RAM's flow control: so many writes a second to the account, so many reads a second of each action."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from bot.sandbox.ram.errors import throttled

WRITES_PER_SECOND = 10
READS_PER_SECOND = 100


class Throttle:
    """A sliding window of one real second; refused calls do not count against it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._admitted: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, action: str, *, writes: bool) -> None:
        """Raises `RamError` Throttling.User that says after how many milliseconds there is room again."""
        limit = WRITES_PER_SECOND if writes else READS_PER_SECOND
        with self._lock:
            now = self._monotonic()
            window = self._admitted["writes" if writes else action]
            while window and window[0] <= now - 1.0:
                window.popleft()
            if len(window) >= limit:
                raise throttled(max(1, math.ceil((window[0] + 1.0 - now) * 1000)))
            window.append(now)
