"""How long the machine kept a test waiting, so that a promise in seconds is not broken by a busy machine."""

from __future__ import annotations

import threading
import time
from typing import Self

TICK = 0.01


class Stalls:
    """While it is open, a thread naps again and again; what it overslept, so did everybody else."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._nap, name="stalls", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _nap(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            time.sleep(TICK)
            self.seconds += time.monotonic() - began - TICK
