"""Follow an order to misbehave on one call, whichever product it is made to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.ram.caller import new_request_id
from bot.sandbox.ram.connection import drip, reset
from bot.sandbox.ram.errors import RamError, throttled
from bot.sandbox.ram.faults import RamFault
from bot.sandbox.ram.signature import nonce_used
from bot.sandbox.ram.wire import WireAnswer

_NOT_OURS = {"message": "The request is blocked by a policy.", "incident": "4711"}
_HTML = b"<html><head><title>Bad gateway</title></head><body><h1>The upstream did not answer</h1></body></html>"


async def misbehave(
    request: web.Request,
    order: RamFault,
    carry_out: Callable[[float], Awaitable[WireAnswer]],
    denied: RamError,
    closing: asyncio.Event,
) -> web.StreamResponse:
    """`carry_out` makes the call, on the account as it was so many seconds ago; `denied` is the refusal for want of
    permission. Raises the RamError that the order asks for. A call that hangs is let go, undone, on `closing`.
    """
    if order.done:
        await carry_out(0.0)
    match order.fault:
        case "throttle":
            raise throttled(round(order.seconds * 1000) or None, order.status)
        case "error":
            raise RamError(order.status, order.code, order.message)
        case "no_permission":
            raise denied
        case "html" | "empty" | "no_code" | "unsuccessful":
            return _odd_answer(order)
        case "twice":
            await carry_out(0.0)
            raise nonce_used()
        case "repeated":
            await carry_out(0.0)
            return respond(await carry_out(0.0))
        case "reset":
            return reset(request)
        case "hang":
            if await _closes_within(closing, order.seconds):
                return reset(request)
            return respond(await carry_out(0.0))
        case "drip":
            return await drip(request, await carry_out(0.0), order.seconds, closing)
        case "drop_answer":
            await carry_out(0.0)
            return reset(request)
        case _:
            return respond(await carry_out(order.seconds))


def _odd_answer(order: RamFault) -> web.Response:
    """What a proxy answers, or a product that forgets to say why not."""
    match order.fault:
        case "html":
            return web.Response(status=order.status, body=_HTML, content_type="text/html")
        case "no_code":
            return web.json_response(_NOT_OURS, status=order.status)
        case "unsuccessful":
            return web.json_response({"RequestId": new_request_id(), "Success": False}, status=order.status)
        case _:
            return web.Response(status=order.status)


def respond(answer: WireAnswer) -> web.Response:
    """What goes back, as aiohttp has it."""
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


async def _closes_within(closing: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return False
    return True
