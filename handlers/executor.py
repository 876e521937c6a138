"""Threads of our own for what a click sets off, so that Bolt's few are free to acknowledge the next one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

WORKER_THREADS = 32
EXCUSING_THREADS = 2
MAX_PENDING_WORK = 256
"""Pieces of work under way and waiting; beyond it, people are asked to try again."""


class Busy(Exception):
    """Too much is waiting already."""


class Executor:
    """Up to `threads` pieces of work at a time, and `bound` of them under way or waiting; each begins when `before`
    has returned.
    """

    def __init__(
        self,
        threads: int = WORKER_THREADS,
        bound: int = MAX_PENDING_WORK,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._before = before
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="person")
        self._places = threading.Semaphore(bound)
        self._excuses = ThreadPoolExecutor(max_workers=EXCUSING_THREADS, thread_name_prefix="excuse")
        self._excuse_places = threading.Semaphore(bound)
        self._idle = threading.Condition()
        self._running = 0

    def submit(self, work: Callable[[], None]) -> None:
        """Have a piece of work done on one of the threads. What it raises is logged.

        Raises:
            Busy: the bound is reached, or the program is stopping.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        with self._idle:
            self._running += 1
        try:
            self._pool.submit(self._do, work)
        except RuntimeError as error:
            self._done()
            raise Busy from error

    def excuse(self, work: Callable[[], None]) -> None:
        """Tell somebody that nothing was taken up; beyond the bound even that is left out, and logged."""
        if not self._excuse_places.acquire(blocking=False):
            log.error("too busy to say so")
            return

        def run() -> None:
            try:
                work()
            finally:
                self._excuse_places.release()

        self._excuses.submit(run)

    def stop(self, within: float) -> None:
        """Take nothing more, and wait up to so many seconds for what is in hand."""
        deadline = time.monotonic() + within
        with self._idle:
            while self._running and (left := deadline - time.monotonic()) > 0:
                self._idle.wait(left)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._excuses.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            self._before()
            work()
        except Exception:
            log.exception("nobody was answered")
        finally:
            self._done()

    def _done(self) -> None:
        self._places.release()
        with self._idle:
            self._running -= 1
            self._idle.notify_all()
