"""Domain time for the sandbox: the real clock plus an offset that only moves forward.

A grant that ends in eight hours can be watched ending now. Only domain time moves; signatures, trigger ids, rate
limits and everything else that guards a wire stay on real time.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

MAX_JUMP_SECONDS = 400 * 86400.0
LONG_POLL_SECONDS = 20.0


class SandboxClock:
    """Real time plus an offset. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = 0.0
        self._version = 0
        self._listeners: list[Callable[[], object]] = []

    @property
    def version(self) -> int:
        """How many times the clock was moved."""
        return self._version

    @property
    def offset_seconds(self) -> float:
        """How far domain time is ahead of real time."""
        return self._offset

    def now(self) -> float:
        """Domain time, in seconds since 1970."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward. ValueError unless `seconds` is finite, not negative and at most 400 days."""
        if not math.isfinite(seconds) or not 0 <= seconds <= MAX_JUMP_SECONDS:
            raise ValueError("advance_seconds must be a number from 0 to 400 days' worth of seconds")
        with self._lock:
            self._offset += seconds
            self._version += 1
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def listen(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` after each move, on the thread that moved it. Returns how to stop listening."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def snapshot(self) -> dict[str, Any]:
        """Offset, version and domain time in seconds since 1970, of one moment."""
        with self._lock:
            return {
                "offset_seconds": self._offset,
                "version": self._version,
                "now": time.time() + self._offset,
            }


def clock_routes(clock: SandboxClock) -> list[web.RouteDef]:
    """`/clock`: read it, wait for it to move (`?after=N`), move it."""

    async def read(request: web.Request) -> web.Response:
        after = request.query.get("after")
        if after is not None:
            if not after.lstrip("-").isdigit():
                raise web.HTTPBadRequest(text="after must be a whole number")
            await _wait_beyond(clock, int(after))
        return web.json_response(clock.snapshot())

    async def move(request: web.Request) -> web.Response:
        order = await request.json()
        seconds = order.get("advance_seconds") if isinstance(order, dict) else None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise web.HTTPBadRequest(text="advance_seconds must be a number")
        try:
            clock.advance(float(seconds))
        except (ValueError, OverflowError) as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response(clock.snapshot())

    return [web.get("/clock", read), web.post("/clock", move)]


async def _wait_beyond(clock: SandboxClock, version: int) -> None:
    loop = asyncio.get_running_loop()
    moved = asyncio.Event()
    stop = clock.listen(lambda: loop.call_soon_threadsafe(moved.set))
    try:
        if clock.version <= version:
            await asyncio.wait_for(moved.wait(), LONG_POLL_SECONDS)
    except TimeoutError:
        return
    finally:
        stop()
