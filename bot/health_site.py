"""How the program is, for whoever runs it: `/healthz` says whether it lives, `/readyz` whether it can do its work, and
`/metrics` what it does, as Prometheus asks for it.

At an address of its own and in a thread of its own, in every mode, so that neither what Slack sends nor what strangers
send to HTTP mode is in its way. Whoever can reach it is told; by default that is this machine alone. A connection is
for one question, which Python's own parser reads: aiohttp, by which HTTP mode is served, would take a tenth of the
memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import NamedTuple

from approvals.audit import iso
from bot.conditions import BLOCKING, Conditions
from bot.health import Health
from bot.listening import address_of, listen
from bot.loop_thread import LoopThread
from bot.metrics.page import MetricsPage

log = logging.getLogger(__name__)

START_TIMEOUT_SECONDS = 10.0
STOP_TIMEOUT_SECONDS = 1.0
ASK_TIMEOUT_SECONDS = 10.0
"""Seconds from the opening of a connection to the end of the question."""
TEXT, JSON = "text/plain; charset=utf-8", "application/json; charset=utf-8"


class AdminPage(NamedTuple):
    """What is answered."""

    body: bytes
    content_type: str = TEXT
    status: HTTPStatus = HTTPStatus.OK


class AdminSite:
    """`alive` says whether the program's own loops go round."""

    def __init__(
        self,
        host: str,
        port: int,
        alive: Callable[[], bool],
        conditions: Conditions,
        health: Health,
        metrics: MetricsPage,
    ) -> None:
        self._wanted = (host, port)
        self._alive = alive
        self._health = health
        self._conditions = conditions
        self._metrics = metrics
        self._server: asyncio.Server | None = None
        self._in_hand: set[asyncio.Task[None]] = set()
        self._thread = LoopThread("admin")
        self.address: str | None = None
        """Host and port, once it listens."""

    def start(self) -> None:
        """Listen, on a thread of its own; returns once it does.

        Raises:
            SettingsError: the port is taken, or the address is not this machine's.
        """
        listening = listen("PAIREC_ADMIN_LISTEN", *self._wanted)
        self._thread.start()
        self._server = self._thread.call(asyncio.start_server(self._speak, sock=listening), START_TIMEOUT_SECONDS)
        self.address = address_of(listening)
        log.info("health is served", extra={"address": self.address})

    def stop(self) -> None:
        """Close it. Questions in hand have a second to be answered."""
        if self._server is not None:
            try:
                self._thread.call(self._leave(self._server), STOP_TIMEOUT_SECONDS)
            except NotInTime:
                log.warning("not every question about health was answered")
        self._thread.stop()
        self._health.close()
        self._metrics.close()

    async def _leave(self, server: asyncio.Server) -> None:
        server.close()
        await asyncio.gather(*self._in_hand, return_exceptions=True)

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one question and answer it; somebody who asks none is shown out."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ASK_TIMEOUT_SECONDS)
            answer = asyncio.ensure_future(self._answer(writer, _Question(head)))
            self._in_hand.add(answer)
            answer.add_done_callback(self._in_hand.discard)
            await answer
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("somebody came to the admin address and asked nothing")
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, question: _Question) -> None:
        page = await self._page(question)
        writer.write(
            f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\nContent-Type: {page.content_type}\r\n"
            f"Content-Length: {len(page.body)}\r\nConnection: close\r\n\r\n".encode("latin-1")
        )
        if question.command != "HEAD":
            writer.write(page.body)
        await writer.drain()

    async def _page(self, question: _Question) -> AdminPage:
        if question.refused is not None:
            return _plain(question.refused)
        pages = {"/healthz": self._tell_health, "/readyz": self._tell_readiness, "/metrics": self._tell_metrics}
        tell = pages.get(question.path.partition("?")[0])
        if tell is None:
            return _plain(HTTPStatus.NOT_FOUND)
        if question.command not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        return await tell(question.headers.get("Accept", ""))

    async def _tell_health(self, _: str) -> AdminPage:
        return AdminPage(b"ok\n") if self._alive() else AdminPage(b"no\n", status=HTTPStatus.SERVICE_UNAVAILABLE)

    async def _tell_readiness(self, _: str) -> AdminPage:
        await self._health.is_healthy()
        now = self._conditions.current()
        ready = not BLOCKING & now.keys()
        conditions = [
            {"name": name, "blocks": name in BLOCKING, "since": iso(each.since), "message": each.message}
            for name, each in now.items()
        ]
        body = json.dumps({"ready": ready, "conditions": conditions}).encode()
        return AdminPage(body, JSON, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _tell_metrics(self, accept: str) -> AdminPage:
        return AdminPage(*await self._metrics.body(accept))


class _Question(BaseHTTPRequestHandler):
    """The head of a request, as `http.server` reads it, without a server."""

    def __init__(self, head: bytes) -> None:
        self.rfile = BytesIO(head)
        self.raw_requestline = self.rfile.readline()
        self.refused: HTTPStatus | None = None
        """What it is answered when it is none."""
        self.path = ""
        if not self.parse_request() and self.refused is None:
            self.refused = HTTPStatus.BAD_REQUEST

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Of whoever does not speak HTTP nothing is repeated."""
        self.refused = HTTPStatus(code)

    def send_response_only(self, code: int, message: str | None = None) -> None:
        """Nobody is told to go on: what comes after the head is not read."""

    def end_headers(self) -> None:
        """None were sent."""


def _plain(status: HTTPStatus) -> AdminPage:
    return AdminPage(f"{status.value}: {status.phrase}\n".encode(), status=status)
