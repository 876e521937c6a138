"""Reads of one product of the cloud: paced, tried again when they are too many, and made side by side where one answer
takes several.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.errors import translated
from bot.cloud.pace import Paces, Rate

T = TypeVar("T")
K = TypeVar("K")

MAX_PARALLEL_READS = 36
"""The SDK keeps 40 connections to a host."""
TRIES = 4
MAX_WAIT_SECONDS = 1.0
"""Seconds before a read that was throttled is made again; whoever waits for it has five in all."""
LOST_AT_ONCE = 0.5
"""Seconds within which an answer is lost with its connection; one that only takes long is not asked for again."""


def _wait(error: CloudError, attempt: int, took: float) -> float | None:
    """Seconds before the read is made again; None where it is not."""
    if error.kind is CloudErrorKind.THROTTLED:
        asked = (error.retry_after or 0) / 1_000
        return max(asked, 0.05 * attempt) if asked <= MAX_WAIT_SECONDS else None
    if error.kind is CloudErrorKind.SILENT and took < LOST_AT_ONCE:
        return 0.05 * attempt
    return None


class Reading:
    """Safe to share between threads. What is read by `read_parallel` may not itself read anything side by side."""

    def __init__(self, product: str, rate: Rate) -> None:
        """`product` as `bot.cloud.codes` names it."""
        self._product = product
        self._paces = Paces(rate)
        self._pool = ThreadPoolExecutor(max_workers=MAX_PARALLEL_READS, thread_name_prefix=product)

    def read(self, action: str, call: Callable[[], T]) -> T:
        """What `call` returns, at the pace of `action`. What was throttled, or lost at once with its connection, is
        read again up to three times.

        Raises:
            CloudError: what the cloud said instead of an answer.
        """
        pace = self._paces.of(action)
        for attempt in range(1, TRIES + 1):
            pace.await_turn()
            begun = time.monotonic()
            try:
                with translated(action, self._product):
                    answer = call()
            except CloudError as error:
                if error.kind is CloudErrorKind.THROTTLED:
                    pace.throttled()
                wait = _wait(error, attempt, time.monotonic() - begun)
                if attempt == TRIES or wait is None:
                    raise
                time.sleep(wait)
            else:
                pace.answered()
                return answer
        raise AssertionError("the last attempt returns or raises")

    def pages(self, action: str, page: Callable[[K], T]) -> Callable[[K], T]:
        """`page` as it reads one page, made a read of its own."""
        return lambda which: self.read(action, partial(page, which))

    def submit(self, read: Callable[[], T]) -> Future[T]:
        """Beside what else is read; it may not itself read anything side by side."""
        return self._pool.submit(read)

    def read_parallel(self, read: Callable[[K], T], of: Iterable[K]) -> list[T]:
        """In the order of what was asked about; the first that fails fails them all.

        Raises:
            CloudError: what the cloud said instead of an answer.
        """
        begun = [self._pool.submit(read, each) for each in of]
        try:
            return [each.result() for each in begun]
        finally:
            for each in begun:
                each.cancel()

    def stop(self) -> None:
        """What nobody waits for any more is not begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)
