"""HTTP mode: Slack calls the program, at a load balancer that hands each request to any one of the replicas.

The server is aiohttp's, on an event loop in a thread of its own, so that a client that sends slowly, or nothing, holds
no thread.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as NotInTime
from functools import partial
from types import MappingProxyType
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.listening import address_of, listen
from bot.loop_thread import LoopThread
from bot.slack.connection_gate import ConnectionGate, TerseHandler
from bot.slack.signed_requests import SlackRequests
from bot.slack.tally import WarningTally

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 75.0
"""Seconds for which an idle connection is kept: longer than a load balancer's usual minute, so that it is the one to
hang up, and never sends a request into a connection that is being closed."""
FINISH_TIMEOUT_SECONDS = 2.0
"""Seconds for requests in hand when the program stops; they are acknowledged in a fraction of that."""
LINGER_SECONDS = 1.0
"""Seconds for which the rest of a refused body is thrown away, so that its sender may read the answer."""
BUFFER_BYTES = 65_536
"""Bytes."""
HANDLER_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "access_log": None,
        "auto_decompress": False,
        "keepalive_timeout": KEEP_ALIVE_SECONDS,
        "lingering_time": LINGER_SECONDS,
        "read_bufsize": BUFFER_BYTES // 4,
    }
)
"""How aiohttp's server speaks to whoever comes."""
START_TIMEOUT_SECONDS = 10.0


class SlackHttp:
    """Listens for Slack. `host` and `port` are of this machine; port 0 is any free one."""

    connections = 0
    hello = None
    """It is Slack that calls, and says nothing of how many it might."""

    def __init__(self, requests: SlackRequests, host: str, port: int) -> None:
        self._requests = requests
        self._wanted = (host, port)
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: socket.socket | None = None
        self._thread = LoopThread("slack-http")
        self.address: str | None = None
        """Host and port, once it listens."""

    def connect(self) -> None:
        """Begin to listen.

        Raises:
            SettingsError: the port is taken, or the address is not this machine's.
        """
        listening = listen("PAIREC_HTTP_LISTEN", *self._wanted)
        self._thread.start()
        self._thread.call(self._serve(listening), START_TIMEOUT_SECONDS)
        self.address = address_of(listening)
        log.info("listening", extra={"address": self.address})

    def on_hello(self, call: Callable[[], None]) -> None:
        """There is no connection that Slack would greet on."""

    def reconnect(self) -> None:
        """Nor one to be made anew."""

    @property
    def connected(self) -> bool:
        """Whether it listens for clicks; whether Slack finds it, only Slack knows."""
        return self.address is not None

    def disconnect(self, within: float) -> None:
        """Take no new connection, finish what is in hand, up to so many seconds, and close the rest."""
        if self._thread.started:
            self._requests.stop()
            try:
                self._thread.call(self._shut_down(), within)
            except NotInTime:
                log.warning("not every request was answered")
        self._thread.stop()
        self._requests.close()

    async def _serve(self, listening: socket.socket) -> None:
        # What the kernel takes in for somebody is nothing that counts against them yet.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        runner = web.AppRunner(self._requests.application(), access_log=None, shutdown_timeout=FINISH_TIMEOUT_SECONDS)
        await runner.setup()
        self._runner = runner
        if runner.server is not None:
            server_log = _server_log(self._requests.tally)
            make_handler = partial(
                TerseHandler, runner.server, loop=self._thread.loop, logger=server_log, **HANDLER_OPTIONS
            )
            gate = ConnectionGate(make_handler, self._requests.tally)
            self._requests.use_gate(gate)
            self._tasks = [asyncio.create_task(gate.accept(listening)), asyncio.create_task(gate.close_idle())]
            self._listening = listening

    async def _shut_down(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._listening is not None:
            self._listening.close()
        if self._runner is not None:
            await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _server_log(tally: WarningTally) -> logging.Logger:
    """The server's own log, in which somebody who does not speak HTTP is no error of the program and fills nothing."""

    def plainly(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            # Its text has the bytes that came.
            tally.note("what came in was not HTTP", type(error).__name__)
            return False
        return True

    server_log = logging.getLogger("bot.slack.http_mode.server")
    server_log.filters[:] = [plainly]
    return server_log
