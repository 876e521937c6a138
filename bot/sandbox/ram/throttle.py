"""Flow control: so many writes a second of an account, so many reads. RAM's own unless said otherwise."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.ram.errors import throttled


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls a second. `apart`: of each action by itself, instead of all together."""

    reads: int
    writes: int
    reads_apart: bool = True
    writes_apart: bool = False


RAM = Limits(reads=100, writes=10)


class Throttle:
    """A sliding window of one real second; refused calls do not count against it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, limits: Limits = RAM) -> None:
        self._monotonic = monotonic
        self._limits = limits
        self._lock = threading.Lock()
        self._admitted: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, action: str, *, writes: bool) -> None:
        """Raises `RamError` Throttling.User that says after how many milliseconds there is room again."""
        limit = self._limits.writes if writes else self._limits.reads
        apart = self._limits.writes_apart if writes else self._limits.reads_apart
        with self._lock:
            now = self._monotonic()
            window = self._admitted[action if apart else "writes" if writes else "reads"]
            while window and window[0] <= now - 1.0:
                window.popleft()
            if len(window) >= limit:
                raise throttled(max(1, math.ceil((window[0] + 1.0 - now) * 1000)))
            window.append(now)
