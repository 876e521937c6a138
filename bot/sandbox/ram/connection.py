"""What a server can do to a connection short of answering properly."""

from __future__ import annotations

import asyncio
import socket
import struct

from aiohttp import web

from bot.sandbox.ram.wire import WireAnswer

_LINGER_ZERO = struct.pack("ii", 1, 0)


def reset(request: web.Request) -> web.Response:
    """Break the connection off with a TCP reset. The response is only what the framework has to be given."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        transport.abort()
    return web.Response(status=500)


async def drip(request: web.Request, answer: WireAnswer, seconds: float, stop: asyncio.Event) -> web.StreamResponse:
    """Send the body a byte at a time over `seconds`: no single read is slow, but the whole is."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    pause = seconds / max(1, len(answer.body))
    for index in range(len(answer.body)):
        await response.write(answer.body[index : index + 1])
        if stop.is_set():
            return reset(request)
        await asyncio.sleep(pause)
    await response.write_eof()
    return response
