"""The line by which somebody who waits sees that it goes on, and how far it is."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from typing import Self

EVERY = 10.0
"""Seconds."""


class Progress:
    """Says every few seconds what is being tried, and what was counted so far."""

    def __init__(self, seconds: float | None = None) -> None:
        """`seconds` for which it is to go on; None is until it is done."""
        self._seconds = seconds
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._say, name="progress", daemon=True)
        self.counted: Counter[str] = Counter()
        self.trying = "starting"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def left(self) -> float:
        """Seconds."""
        return (self._seconds or 0.0) - (time.monotonic() - self._began)

    def line(self) -> str:
        counted = ", ".join(f"{number} {what}" for what, number in list(self.counted.items()))
        spent = _clock(time.monotonic() - self._began)
        whole = spent if self._seconds is None else f"{spent} of {_clock(self._seconds)}"
        return f"{whole} · {self.trying} · {counted or 'nothing yet'}"

    def _say(self) -> None:
        while not self._over.wait(EVERY):
            sys.stderr.write(self.line() + "\n")
            sys.stderr.flush()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
