"""Signature nonces that were used, kept as long as a replay of their request could still pass the time check."""

from __future__ import annotations

import threading
from collections import OrderedDict

# A request stamped 15 minutes ahead stays acceptable for 30 minutes.
REMEMBERED_SECONDS = 1900.0


class Nonces:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._used: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, key: str, nonce: str, real_now: float) -> bool:
        """True the first time that this access key shows this nonce."""
        with self._lock:
            while self._used and next(iter(self._used.values())) < real_now - REMEMBERED_SECONDS:
                self._used.popitem(last=False)
            if (key, nonce) in self._used:
                return False
            self._used[key, nonce] = real_now
            return True
