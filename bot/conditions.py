"""What keeps the program from doing its work right now, by name: for whoever asks how it is, and for the log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


BLOCKING = frozenset(("ledger", "ram", "slack", "connection", "account", "clock"))
"""Conditions under which nobody can decide, or nothing can be taken back. While another one holds, most can be done."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is wrong, since when."""

    since: int
    """Real time in milliseconds."""
    message: str
    """One line, without secrets, that says what is wrong and what helps."""


class Conditions:
    """Those that hold now; safe to share between threads. Each change is logged once, however often it is reported."""

    def __init__(self, real: Callable[[], int]) -> None:
        """`real` tells real time in milliseconds."""
        self._real = real
        self._lock = threading.Lock()
        self._current: dict[str, Condition] = {}

    def report(self, name: str, message: str) -> None:
        """It is so, and was so since it was first reported."""
        with self._lock:
            known = self._current.get(name)
            if known is not None and known.message == message:
                return
            self._current[name] = Condition(known.since if known else self._real(), message)
        log.warning("condition", extra={"condition": name, "why": message})

    def clear(self, name: str) -> None:
        """It is not so any more."""
        with self._lock:
            known = self._current.pop(name, None)
        if known is not None:
            log.info("condition is over", extra={"condition": name, "since": known.since})

    def since(self) -> dict[str, int]:
        """Since when each holds, in milliseconds of real time."""
        return {name: condition.since for name, condition in self.current().items()}

    def current(self) -> dict[str, Condition]:
        """Those that hold now, by name."""
        with self._lock:
            return dict(self._current)
