"""How fast the cloud is asked: as many reads a second as it takes of one kind, and fewer for a while when it says
that it is too many.

Additive increase, multiplicative decrease: several processes that share an account come to share its limit without
knowing of each other. Each process has its own; what is written has lanes in the ledger instead.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable

READS_A_SECOND = 95.0
"""RAM takes 100 of each action (api-ram-2015-05-01-quota)."""
FEWEST = 5.0
MORE_AFTER_EACH = 0.5
"""By so much a second the pace rises with each answer."""
LESS_AFTER_EACH = 0.9
"""By so much it is multiplied with each refusal: where one in ten is refused, it stays at half of what RAM takes."""
ONE_EVENT = 1.0
"""Seconds in which no more than half of the pace is lost: most of their refusals were on their way already."""


class Pace:
    """One kind of call. Safe to share between threads."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._a_second = READS_A_SECOND
        self._next = 0.0
        self._slowed_at = float("-inf")
        self._at_least = FEWEST

    @property
    def a_second(self) -> float:
        return self._a_second

    def await_turn(self) -> None:
        """Wait until the next call may be made. Calls that come one by one do not wait at all."""
        with self._lock:
            now = self._monotonic()
            turn = max(self._next, now)
            self._next = turn + 1.0 / self._a_second
        if turn > now:
            self._sleep(turn - now)

    def answered(self) -> None:
        with self._lock:
            self._a_second = min(self._a_second + MORE_AFTER_EACH, READS_A_SECOND)

    def throttled(self) -> None:
        """It was too many: fewer from now on."""
        with self._lock:
            now = self._monotonic()
            if now - self._slowed_at >= ONE_EVENT:
                self._at_least = max(self._a_second / 2, FEWEST)
                self._slowed_at = now
            self._a_second = max(self._a_second * LESS_AFTER_EACH, self._at_least)


class Paces:
    """A pace for each action."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: defaultdict[str, Pace] = defaultdict(Pace)

    def of(self, action: str) -> Pace:
        with self._lock:
            return self._of[action]
