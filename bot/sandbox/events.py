"""A tiny bus that says "something changed", so that the page and the headless people need not poll blindly.

It carries no content: whoever hears of a change looks again. That keeps a missed or merged notice harmless.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator

from aiohttp import web

PING_SECONDS = 15.0


class Changes:
    """Counts changes and wakes those who listen. `bump` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = 0
        self._listeners: set[_Listener] = set()

    @property
    def version(self) -> int:
        """How many changes there were."""
        return self._version

    def bump(self, what: str) -> None:
        """Announce a change of "slack", "ram" or "clock"."""
        with self._lock:
            self._version += 1
            version, listeners = self._version, list(self._listeners)
        for listener in listeners:
            listener.hear(what, version)

    @contextlib.contextmanager
    def listening(self) -> Iterator[_Listener]:
        """A listener for the running event loop, hearing changes from now on."""
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)


class _Listener:
    """Changes not yet told, the newest version of each kind only: a slow reader never makes a queue grow."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._news: dict[str, int] = {}
        self._awake = asyncio.Event()

    def hear(self, what: str, version: int) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._note, what, version)

    def _note(self, what: str, version: int) -> None:
        self._news[what] = version
        self._awake.set()

    async def news(self) -> AsyncIterator[dict[str, int]]:
        """What changed, again and again; an empty dict when nothing did for a while."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), PING_SECONDS)
            news, self._news = self._news, {}
            self._awake.clear()
            yield news


def event_routes(changes: Changes) -> list[web.RouteDef]:
    """`/events`: Server-Sent Events for the page."""

    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        with changes.listening() as listener:
            await answer.prepare(request)
            await answer.write(b": listening\n\n")
            with contextlib.suppress(ConnectionError):
                async for news in listener.news():
                    await answer.write(_as_events(news))
        return answer

    return [web.get("/events", stream)]


def _as_events(news: dict[str, int]) -> bytes:
    if not news:
        return b": ping\n\n"
    lines = [f"data: {json.dumps({'what': what, 'version': version})}\n\n" for what, version in news.items()]
    return "".join(lines).encode()
