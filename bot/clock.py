"""Where the time comes from: the system, or in the sandbox the system plus an offset that a person can move."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from approvals.millis import DomainMillis, RealMillis
from approvals.ports import Clock

log = logging.getLogger(__name__)


class ClockError(Exception):
    """The movable clock cannot be read; the text says why."""


class SleepingClock(Clock, Protocol):
    """A clock that a thread can sleep by."""

    def wait(self, awake: threading.Event, seconds: float) -> None:
        """Sleep until the event is set or so many seconds of real time are over."""
        ...


def wall_clock_ms() -> int:
    """Milliseconds since the epoch, by this machine."""
    return time.time_ns() // 1_000_000


class SystemClock:
    """Domain time is real time."""

    def __init__(self, real: Callable[[], int] = wall_clock_ms) -> None:
        """`real` answers with milliseconds since the epoch, by the clock that all who share the ledger go by."""
        self._real = real

    def now(self) -> DomainMillis:
        """Domain time, which is real time here."""
        return DomainMillis(self.real())

    def real(self) -> RealMillis:
        """Milliseconds since the epoch."""
        return RealMillis(self._real())

    def steady(self) -> int:
        """Milliseconds of a clock that nobody can set; only differences between two readings mean anything."""
        return time.monotonic_ns() // 1_000_000

    def wait(self, awake: threading.Event, seconds: float) -> None:
        """Sleep until the event is set or so many seconds of real time are over."""
        awake.wait(seconds)

    def start(self, moved: Callable[[], None]) -> None:
        """Real time moves by itself; nobody needs to be woken."""

    def stop(self) -> None:
        """Nothing to stop."""


class FollowingClock(SystemClock):
    """Domain time is real time plus the offset that `url` serves; a thread waits there for it to be moved."""

    def __init__(self, url: str, real: Callable[[], int] = wall_clock_ms) -> None:
        """`real`: as for the system's clock.

        Raises:
            ClockError: nobody answers at `url`, or something that is not the clock.
        """
        super().__init__(real)
        self._url = url
        self._open = build_opener(ProxyHandler({})).open
        self._stopped = threading.Event()
        self._version = -1
        self._offset = 0
        self._read()

    def now(self) -> DomainMillis:
        """Domain time: real time plus the offset as it was read last."""
        return DomainMillis(self.real() + self._offset)

    def start(self, moved: Callable[[], None]) -> None:
        """Call `moved` after each move of the clock."""
        threading.Thread(target=self._follow, args=(moved,), name="clock", daemon=True).start()

    def stop(self) -> None:
        """Follow no longer. The thread ends with the request that it waits for, after 30 s at most."""
        self._stopped.set()

    def _follow(self, moved: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            before = self._version
            try:
                self._read()
            except ClockError as error:
                log.debug("the clock cannot be read", extra={"error": str(error)})
                self._stopped.wait(0.5)
                continue
            if self._version != before:
                moved()

    def _read(self) -> None:
        try:
            with self._open(f"{self._url}?after={self._version}", timeout=30) as answer:
                body = json.load(answer)
            offset, version = round(float(body["offset_seconds"]) * 1_000), int(body["version"])
        except (HTTPError, HTTPException, LookupError, TypeError, ValueError, OverflowError):
            raise ClockError("what answers there is not the sandbox's clock") from None
        except OSError:
            raise ClockError("nobody answers there") from None
        self._offset, self._version = offset, version
