"""Where a site is reached, and how it is shut for a while: whoever connects then is refused, as if nobody listened."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack

from aiohttp import web


class SiteEndpoint:
    """Belongs to the event loop on which it is opened."""

    def __init__(self, runner: web.AppRunner) -> None:
        """`runner` is set up already, and has no site of its own."""
        self._runner = runner
        self._place: socket.socket | None = None
        self._listening: asyncio.Server | None = None
        self._opens_again: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen on a port (0: any free one) and return it. OSError when it is taken."""
        with ExitStack() as unless_it_listens:
            # Bound and never listening, it keeps the port for us while the door is shut.
            self._place = socket.socket()
            unless_it_listens.callback(self._place.close)
            self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self._place.bind((host, port))
            await self._listen()
            unless_it_listens.pop_all()
        return self._address[1]

    def shut(self, seconds: float) -> None:
        """Refuse connections for so long, and cut off those that there are."""
        self._wait_no_more()
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for connection in self._runner.server.connections if self._runner.server else ():
            if connection.transport is not None:
                connection.transport.abort()
        self._opens_again = asyncio.get_running_loop().call_later(seconds, self.reopen)

    def reopen(self) -> None:
        """Before its time, if it is shut."""
        self._wait_no_more()
        if self._listening is None and self._place is not None and self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._listen())

    def close(self) -> None:
        """For good."""
        self._wait_no_more()
        if self._listening is not None:
            self._listening.close()
        if self._place is not None:
            self._place.close()
            self._place = None

    @property
    def _address(self) -> tuple[str, int]:
        assert self._place is not None
        host, port = self._place.getsockname()
        return host, port

    async def _listen(self) -> None:
        assert self._runner.server is not None
        host, port = self._address
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._runner.server, host, port, reuse_port=True)
        self._opening = None

    def _wait_no_more(self) -> None:
        if self._opens_again is not None:
            self._opens_again.cancel()
            self._opens_again = None
