"""Standing orders to misbehave, given through the control address and used up one by one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass

from aiohttp import web

from bot.sandbox.slack.wire import Json, SlackError

METHOD_FAULTS = ("ratelimited", "error", "http_500", "hang", "drop_answer", "cut_answer", "html", "answer")
SOCKET_FAULTS = ("redeliver", "lose_ack")
REPLY = "response_url"
"""What an order names as its method when it is about the address that came with a command or a click."""


BLOCKED_PAGE = (
    "<!DOCTYPE html><html><head><title>Blocked</title></head><body>Access to this site is blocked.</body></html>"
)


@dataclass
class SlackFault:
    """`times` None means until cleared. `seconds` is how long to hang, or the Retry-After of a rate limit. With a
    `channel` or a `user` it is about calls that name this one.

    `html` is the page of a proxy, with `status`; `answer` is anything that is not Slack's, with `status` and `body`:
    nothing at all, `{}`, `{"ok": true}` and no more.
    """

    fault: str
    method: str = "*"
    channel: str | None = None
    user: str | None = None
    error: str = "internal_error"
    seconds: float = 1.0
    times: int | None = 1
    status: int | None = None
    body: str = ""


class ReplacedAnswer(Exception):
    """What is answered in Slack's place; nothing was done."""

    def __init__(self, status: int, body: str, content_type: str) -> None:
        super().__init__(f"{status} {content_type}")
        self._status, self._body, self._type = status, body, content_type

    def response(self) -> web.Response:
        """What is answered, as aiohttp has it."""
        return web.Response(status=self._status, text=self._body, content_type=self._type)


class SlackFaults:
    """The orders that stand, oldest first."""

    def __init__(self) -> None:
        self._orders: list[SlackFault] = []

    def add(self, order: Json) -> None:
        """Take an order as JSON. ValueError with a sentence when it makes no sense."""
        self._orders.append(_order(order))

    def standing(self) -> list[Json]:
        """The orders that are not used up, in JSON's types."""
        return [asdict(order) for order in self._orders]

    def clear(self) -> None:
        """Forget all orders."""
        self._orders.clear()

    def for_method(self, method: str, channel: str | None, user: str | None = None) -> SlackFault | None:
        """The order that applies to this call, if any; it is used up by asking."""
        for order in self._orders:
            fits = order.fault in METHOD_FAULTS and order.method in ("*", method)
            if fits and order.channel in (None, channel) and order.user in (None, user):
                return self._use(order)
        return None

    def for_reply(self, channel: str | None) -> SlackFault | None:
        """The same for what is sent to a response_url, about which only an order is that names it."""
        for order in self._orders:
            if order.fault in METHOD_FAULTS and order.method == REPLY and order.channel in (None, channel):
                return self._use(order)
        return None

    def for_socket(self, fault: str) -> bool:
        """Whether to do "redeliver" or "lose_ack" now; the order is used up by asking."""
        return any(self._use(order) for order in list(self._orders) if order.fault == fault)

    def _use(self, order: SlackFault) -> SlackFault:
        if order.times is not None:
            order.times -= 1
            if order.times <= 0:
                self._orders.remove(order)
        return order


async def misbehave_before(order: SlackFault) -> None:
    """Before anything was done."""
    if order.fault == "hang":
        await asyncio.sleep(order.seconds)
    elif order.fault == "ratelimited":
        raise SlackError("ratelimited", status=429, retry_after=max(1, round(order.seconds)))
    elif order.fault == "error":
        raise SlackError(order.error)
    elif order.fault == "http_500":
        raise SlackError("internal_error", status=500)
    elif order.fault == "html":
        raise ReplacedAnswer(order.status or 403, BLOCKED_PAGE, "text/html")
    elif order.fault == "answer":
        raise ReplacedAnswer(order.status or 200, order.body, "application/json")


def drop_answer(request: web.Request) -> None:
    """Break the connection after the work was done, so that the caller cannot know."""
    if request.transport is not None:
        request.transport.abort()


async def cut_answer(request: web.Request, body: Json) -> web.StreamResponse:
    """Do the same in the middle of the answer."""
    text = json.dumps(body).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
    response.content_length = len(text)
    await response.prepare(request)
    await response.write(text[: len(text) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _order(values: Json) -> SlackFault:
    known = {"fault", "method", "channel", "user", "error", "seconds", "times", "status", "body"}
    if set(values) - known:
        raise ValueError(f"an order has no {', '.join(sorted(set(values) - known))}")
    fault = values.get("fault")
    if fault not in METHOD_FAULTS + SOCKET_FAULTS:
        raise ValueError(f"fault must be one of: {', '.join(METHOD_FAULTS + SOCKET_FAULTS)}, disconnect")
    order = SlackFault(**values)
    if not all(isinstance(text, str) for text in (order.method, order.error, order.body)):
        raise ValueError("method, error and body must be text")
    if order.status is not None and (not isinstance(order.status, int) or not 200 <= order.status <= 599):
        raise ValueError("status must be a whole number from 200 to 599")
    if not isinstance(order.seconds, int | float) or not 0 <= order.seconds <= 600:
        raise ValueError("seconds must be a number from 0 to 600")
    if order.times is not None and (not isinstance(order.times, int) or order.times < 1):
        raise ValueError("times must be a whole number above 0, or null for always")
    return order
