"""An event loop on a thread of its own, for a server beside the program's threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
JOIN_TIMEOUT_SECONDS = 1.0
"""Seconds for the loop to end once nothing is to be done in it."""


class LoopThread:
    """`loop` runs from `start` to `stop`, which are called once each."""

    def __init__(self, name: str) -> None:
        """`name`: of the thread."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=name, daemon=True)

    @property
    def started(self) -> bool:
        """Whether something can be done in the loop."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Run the loop."""
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T], within: float) -> T:
        """What `work` returns, done in the loop while the caller waits for it.

        Raises:
            concurrent.futures.TimeoutError: it did not return within so many seconds; it goes on.
        """
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(within)

    def stop(self) -> None:
        """End the loop, also one that was never started."""
        if self.started:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(JOIN_TIMEOUT_SECONDS)
        if not self.started:
            self.loop.close()
