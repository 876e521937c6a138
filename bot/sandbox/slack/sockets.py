"""Socket Mode: tickets, open sockets, and envelopes that each go to one of them.

An acknowledgement is matched by its envelope id alone, so an app that reconnects between receiving and acknowledging
is still heard. A socket that was asked to reconnect gets no more envelopes unless it is the only one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.slack.app_config import AppConfig, Timing
from bot.sandbox.slack.faults import SlackFaults
from bot.sandbox.slack.wire import Json

MAX_SOCKETS = 10
TICKET_SECONDS = 30.0
REASONS = ("refresh_requested", "warning", "link_disabled", "too_many_websockets")

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Socket:
    """One connection. `leaving`: it was asked to reconnect. `delivered`: how many envelopes it got."""

    wire: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False
    delivered: int = 0
    id: str = field(default_factory=lambda: secrets.token_hex(4))


class Sockets:
    """Every open socket of the one app."""

    def __init__(self, app: AppConfig, timing: Timing, faults: SlackFaults) -> None:
        self._app = app
        self._timing = timing
        self._faults = faults
        self._tickets: dict[str, float] = {}
        self._open: list[Socket] = []
        self._turns = itertools.count()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def issue_ticket(self) -> str:
        """A one-time pass for one socket."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        return ticket

    def open_sockets(self) -> list[Socket]:
        """Those that are open now, oldest first."""
        return list(self._open)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket until either side leaves."""
        if self._tickets.pop(request.match_info["ticket"], 0.0) < time.monotonic():
            raise web.HTTPForbidden(text="this ticket was used, is too old, or never was one")
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        if len(self._open) >= MAX_SOCKETS:
            await wire.send_json(_disconnect("too_many_websockets"))
            await wire.close()
            return wire
        socket = Socket(wire, request.transport)
        self._open.append(socket)
        pings = asyncio.create_task(self._ping(socket))
        try:
            await wire.send_json(self._hello())
            await self._receive(socket)
        except ConnectionError:
            log.debug("socket %s was lost", socket.id)
        finally:
            pings.cancel()
            self._forget(socket)
        return wire

    async def deliver(self, kind: str, payload: Json, **more: Any) -> asyncio.Future[Json] | None:
        """Send one envelope to one socket; its acknowledgement's payload comes in the future. None: nobody is there."""
        loop = asyncio.get_running_loop()
        while (socket := self._next()) is not None:
            envelope_id = str(uuid4())
            body = {"envelope_id": envelope_id, "type": kind, "payload": payload, **more}
            answer: asyncio.Future[Json] = loop.create_future()
            self._waiting[envelope_id] = answer
            answer.add_done_callback(functools.partial(self._no_longer_waiting, envelope_id))
            try:
                await socket.wire.send_str(json.dumps(body))
            except ConnectionError:
                answer.cancel()
                self._forget(socket)
                continue
            socket.delivered += 1
            return answer
        return None

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to reconnect; those still here after the grace period are closed."""
        for socket in self.open_sockets():
            socket.leaving = True
            with contextlib.suppress(ConnectionError):
                await socket.wire.send_json(_disconnect(reason))
                if reason == "link_disabled":
                    await socket.wire.close()
                else:
                    asyncio.get_running_loop().call_later(self._timing.refresh_grace_seconds, self._cut, socket)

    def drop(self) -> None:
        """Cut every socket without a word, as a lost network would."""
        for socket in self.open_sockets():
            self._cut(socket)

    def _cut(self, socket: Socket) -> None:
        self._forget(socket)
        if socket.transport is not None:
            socket.transport.abort()

    def _next(self) -> Socket | None:
        ready = [socket for socket in self._open if not socket.leaving] or self._open
        return ready[next(self._turns) % len(ready)] if ready else None

    def _forget(self, socket: Socket) -> None:
        if socket in self._open:
            self._open.remove(socket)

    def _no_longer_waiting(self, envelope_id: str, _: object) -> None:
        self._waiting.pop(envelope_id, None)

    async def _receive(self, socket: Socket) -> None:
        async for message in socket.wire:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                body = json.loads(message.data)
            except ValueError:
                log.warning("socket %s sent something that is not JSON", socket.id)
                continue
            self._acknowledge(body)

    def _acknowledge(self, body: Any) -> None:
        envelope_id = body.get("envelope_id") if isinstance(body, dict) else None
        answer = self._waiting.get(envelope_id) if isinstance(envelope_id, str) else None
        if answer is None or answer.done():
            log.debug("an acknowledgement that nobody waits for: %s", envelope_id)
        elif not self._faults.for_socket("lose_ack"):
            answer.set_result(body.get("payload") or {})

    async def _ping(self, socket: Socket) -> None:
        # The payload matters: slack_sdk's own client waits for a third byte after an empty ping.
        with contextlib.suppress(ConnectionError):
            while True:
                await asyncio.sleep(self._timing.ping_seconds)
                await socket.wire.ping(f"Ping from sandbox-{socket.id}".encode())

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._app.app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
