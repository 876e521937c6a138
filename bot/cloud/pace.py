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
from dataclasses import dataclass

from approvals.backoff import KEPT_AFTER_REFUSAL

MIN_RATE_PER_SECOND = 5.0
QUARTER_SECOND = 0.25
"""Of what a product takes; its pace does not fall below that, nor below FEWEST where that is less."""
MORE_AFTER_EACH = 0.5
"""By so much a second the pace rises with each answer, or by a tenth of what the product takes where that is less."""
ONE_EVENT = 1.0
"""Seconds in which no more than half of the pace is lost: most of their refusals were on their way already."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a product takes from one account."""

    per_second: float
    burst: int = 1
    """How many do not wait for each other, after a pause; in no second is it more than both numbers together."""
    shared: bool = False
    """Whether that is for all of its actions together, instead of for each."""


class Pace:
    """One kind of call. Safe to share between threads."""

    def __init__(
        self,
        rate: Rate,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._most = self._per_second = rate.per_second
        self._more = min(MORE_AFTER_EACH, rate.per_second / 10)
        self._ahead = rate.burst - 1
        self._next = 0.0
        self._slowed_at = float("-inf")
        self._fewest = self._at_least = min(MIN_RATE_PER_SECOND, rate.per_second * QUARTER_SECOND)

    @property
    def per_second(self) -> float:
        """Calls a second, as things stand."""
        return self._per_second

    def await_turn(self) -> None:
        """Wait until the next call may be made. Calls that come one by one do not wait at all."""
        with self._lock:
            now = self._monotonic()
            apart = 1.0 / self._per_second
            turn = max(self._next - self._ahead * apart, now)
            self._next = max(self._next, turn) + apart
        if turn > now:
            self._sleep(turn - now)

    def answered(self) -> None:
        """It was not too many: a little more from now on, up to what the product takes."""
        with self._lock:
            self._per_second = min(self._per_second + self._more, self._most)

    def throttled(self) -> None:
        """It was too many: fewer from now on."""
        with self._lock:
            now = self._monotonic()
            if now - self._slowed_at >= ONE_EVENT:
                self._at_least = max(self._per_second / 2, self._fewest)
                self._slowed_at = now
            self._per_second = max(self._per_second * KEPT_AFTER_REFUSAL, self._at_least)


class Paces:
    """A pace for each action of a product, or one for all of them."""

    def __init__(self, rate: Rate) -> None:
        self._shared = rate.shared
        self._lock = threading.Lock()
        self._of: defaultdict[str, Pace] = defaultdict(lambda: Pace(rate))

    def of(self, action: str) -> Pace:
        """The pace that a call to this action keeps to."""
        with self._lock:
            return self._of["" if self._shared else action]
