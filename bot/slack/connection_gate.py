"""Who comes in to HTTP mode, and how many at a time, so that strangers who come in numbers keep nobody else out.

aiohttp's server reads and answers; what it leaves open is who gets a connection at all. None of the servers that could
stand in its place counts connections by who they are from, or makes room for somebody new, so that is done here: where
it is full, whoever has been waited for longest without a signed request goes. Whoever has one in hand stays.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.slack.tally import WarningTally

SERVER = "pairec-access"
MAX_CONNECTIONS = 256
"""Connections at a time. Slack's requests are answered in milliseconds, and a load balancer keeps some tens open."""
MAX_CONNECTIONS_PER_ADDRESS = 128
"""From one address. Behind a load balancer all are from a few, which may have half of the places each."""
SHARE_OF_FILES = 4
"""A process that may open few files gives a quarter of them to connections."""
REQUEST_TIMEOUT_SECONDS = 10.0
"""Seconds from the opening of a connection to the end of the first request's headers."""
LOOK_INTERVAL_SECONDS = 0.5
NO_PLACE_PAUSE_SECONDS = 0.5
"""Seconds of rest where the machine has no place for another connection."""


@dataclass(slots=True)
class _Connection:
    transport: asyncio.Transport
    peer: str
    since: float
    """When it was last heard of: on the loop's clock."""
    asked: bool = field(default=False)
    """Whether a request has come, after which the server itself closes what is idle."""
    signed: bool = field(default=False)
    """Whether a signed request is in hand."""


class TerseHandler(web.RequestHandler):
    """Of whoever does not speak HTTP nothing is repeated, and which versions answer is nobody's concern."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The bare status, and the connection is closed after it."""
        super().handle_error(request, status, exc, message)
        answer = web.Response(status=status, headers={"Server": SERVER})
        answer.force_close()
        return answer


class ConnectionGate:
    """Belongs to one event loop."""

    def __init__(self, make_handler: Callable[[], web.RequestHandler], tally: WarningTally) -> None:
        """`make_handler` makes what speaks to somebody who came in."""
        self._make_handler = make_handler
        self._tally = tally
        self._connections: dict[asyncio.BaseTransport, _Connection] = {}
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = (
            MAX_CONNECTIONS
            if files == resource.RLIM_INFINITY
            else max(min(MAX_CONNECTIONS, files // SHARE_OF_FILES), 1)
        )

    async def accept(self, listening: socket.socket) -> None:
        """Let in whoever comes, until this is cancelled."""
        loop = asyncio.get_running_loop()
        listening.setblocking(False)
        while True:
            try:
                accepted, address = await loop.sock_accept(listening)
            except ConnectionError:
                continue
            except OSError as error:
                # Nothing to spare: whoever waits goes on waiting, and nothing turns round and round meanwhile.
                self._tally.note("nobody can be let in", type(error).__name__)
                await asyncio.sleep(NO_PLACE_PAUSE_SECONDS)
                continue
            await self._accept_one(accepted, str(address[0]))

    async def close_idle(self) -> None:
        """Show out whoever asks nothing, until this is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_INTERVAL_SECONDS)
            self._tally.flush()
            for connection in self._open():
                if not connection.asked and loop.time() - connection.since > REQUEST_TIMEOUT_SECONDS:
                    self._close(connection, "it asked nothing")

    def request_received(self, request: web.BaseRequest) -> None:
        """A request came."""
        if (connection := self._of(request)) is not None:
            connection.asked = True

    def mark_signed(self, request: web.BaseRequest, signed: bool) -> None:
        """It was found to be signed, or is answered."""
        if (connection := self._of(request)) is not None:
            connection.signed = signed
            connection.since = asyncio.get_running_loop().time()

    def _of(self, request: web.BaseRequest) -> _Connection | None:
        return self._connections.get(request.transport) if request.transport is not None else None

    async def _accept_one(self, accepted: socket.socket, peer: str) -> None:
        loop = asyncio.get_running_loop()
        if not self._has_room(peer):
            self._tally.note("a connection was closed", "there is no room for it", peer=peer)
            accepted.close()
            return
        try:
            transport, _ = await loop.connect_accepted_socket(self._make_handler, accepted)
        except OSError:
            # It has left already.
            accepted.close()
            return
        if isinstance(transport, asyncio.Transport):
            self._connections[transport] = _Connection(transport, peer, loop.time())

    def _has_room(self, peer: str) -> bool:
        here = self._open()
        of_each = Counter(connection.peer for connection in here)
        if of_each[peer] >= min(MAX_CONNECTIONS_PER_ADDRESS, self._most):
            return self._make_room([connection for connection in here if connection.peer == peer])
        if len(here) >= self._most:
            most = max(of_each.values())
            return self._make_room([connection for connection in here if of_each[connection.peer] == most])
        return True

    def _make_room(self, among: list[_Connection]) -> bool:
        idle = [connection for connection in among if not connection.signed]
        if not idle:
            return False
        self._close(min(idle, key=lambda connection: connection.since), "somebody else came")
        return True

    def _close(self, connection: _Connection, why: str) -> None:
        self._tally.note("a connection was closed", why, peer=connection.peer)
        connection.transport.abort()
        del self._connections[connection.transport]

    def _open(self) -> list[_Connection]:
        for transport in [each for each, connection in self._connections.items() if connection.transport.is_closing()]:
            del self._connections[transport]
        return list(self._connections.values())
