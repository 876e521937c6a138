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
class _Visit:
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

    def __init__(self, greet: Callable[[], web.RequestHandler], tally: WarningTally) -> None:
        """`greet` makes what speaks to somebody who came in."""
        self._greet = greet
        self._tally = tally
        self._visits: dict[asyncio.BaseTransport, _Visit] = {}
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
                came, address = await loop.sock_accept(listening)
            except ConnectionError:
                continue
            except OSError as error:
                # Nothing to spare: whoever waits goes on waiting, and nothing turns round and round meanwhile.
                self._tally.note("nobody can be let in", type(error).__name__)
                await asyncio.sleep(NO_PLACE_PAUSE_SECONDS)
                continue
            await self._let_in(came, str(address[0]))

    async def watch(self) -> None:
        """Show out whoever asks nothing, until this is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_INTERVAL_SECONDS)
            self._tally.tell()
            for visit in self._here():
                if not visit.asked and loop.time() - visit.since > REQUEST_TIMEOUT_SECONDS:
                    self._show_out(visit, "it asked nothing")

    def request_received(self, request: web.BaseRequest) -> None:
        """A request came."""
        if (visit := self._of(request)) is not None:
            visit.asked = True

    def mark_signed(self, request: web.BaseRequest, signed: bool) -> None:
        """It was found to be signed, or is answered."""
        if (visit := self._of(request)) is not None:
            visit.signed = signed
            visit.since = asyncio.get_running_loop().time()

    def _of(self, request: web.BaseRequest) -> _Visit | None:
        return self._visits.get(request.transport) if request.transport is not None else None

    async def _let_in(self, came: socket.socket, peer: str) -> None:
        loop = asyncio.get_running_loop()
        if not self._has_room(peer):
            self._tally.note("a connection was closed", "there is no room for it", peer=peer)
            came.close()
            return
        try:
            transport, _ = await loop.connect_accepted_socket(self._greet, came)
        except OSError:
            # It has left already.
            came.close()
            return
        if isinstance(transport, asyncio.Transport):
            self._visits[transport] = _Visit(transport, peer, loop.time())

    def _has_room(self, peer: str) -> bool:
        here = self._here()
        of_each = Counter(visit.peer for visit in here)
        if of_each[peer] >= min(MAX_CONNECTIONS_PER_ADDRESS, self._most):
            return self._make_room([visit for visit in here if visit.peer == peer])
        if len(here) >= self._most:
            most = max(of_each.values())
            return self._make_room([visit for visit in here if of_each[visit.peer] == most])
        return True

    def _make_room(self, among: list[_Visit]) -> bool:
        idle = [visit for visit in among if not visit.signed]
        if not idle:
            return False
        self._show_out(min(idle, key=lambda visit: visit.since), "somebody else came")
        return True

    def _show_out(self, visit: _Visit, why: str) -> None:
        self._tally.note("a connection was closed", why, peer=visit.peer)
        visit.transport.abort()
        del self._visits[visit.transport]

    def _here(self) -> list[_Visit]:
        for transport in [each for each, visit in self._visits.items() if visit.transport.is_closing()]:
            del self._visits[transport]
        return list(self._visits.values())
