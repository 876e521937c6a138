"""Getting payloads to the app, with Slack's manners when it does not answer.

A command or an interaction is sent once: the person is told when nobody acknowledged it in time. An event is sent
again, up to three times, and says so. All go over a socket, or to a request URL where the app has any.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.sandbox.slack.app_config import Timing
from bot.sandbox.slack.faults import SlackFaults
from bot.sandbox.slack.request_calls import TIMEOUT, DeliveryNotTaken
from bot.sandbox.slack.request_urls import RequestUrls
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.wire import Json


class Undelivered(Exception):
    """`args[0]` is Slack's word: "dispatch_failed" (nobody there) or "operation_timeout" (no acknowledgement)."""


class Deliveries:
    """The one way from the workspace to the app."""

    def __init__(self, sockets: Sockets, urls: RequestUrls, timing: Timing, faults: SlackFaults) -> None:
        self._sockets = sockets
        self._urls = urls
        self._timing = timing
        self._faults = faults
        self._tasks: set[asyncio.Task[Any]] = set()

    async def ask(self, kind: str, payload: Json) -> Json:
        """Send a "slash_commands" or "interactive" payload and return what came with its acknowledgement."""
        if self._urls.in_use:
            return await self._ask_url(kind, payload)
        answer = await self._sockets.deliver(kind, payload, accepts_response_payload=True)
        if answer is None:
            raise Undelivered("dispatch_failed")
        if self._faults.for_socket("redeliver"):
            await self._sockets.deliver(kind, payload, accepts_response_payload=True)
        try:
            return await asyncio.wait_for(answer, self._timing.ack_seconds)
        except TimeoutError:
            raise Undelivered("operation_timeout") from None

    def tell(self, payload: Json) -> None:
        """Send an event in the background, again and again if nobody acknowledges it."""
        self._behind(self._tell(payload))

    async def stop(self) -> None:
        """Give up on what is under way, and on events that were still to be sent again."""
        self._urls.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ask_url(self, kind: str, payload: Json) -> Json:
        if self._faults.for_socket("redeliver"):
            self._behind(self._urls.deliver(kind, payload))
        try:
            return await self._urls.deliver(kind, payload)
        except DeliveryNotTaken as failure:
            late = failure.args[0] == TIMEOUT
            raise Undelivered("operation_timeout" if late else "dispatch_failed") from None

    def _behind(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # Nobody waits for a second copy; what became of it is not asked either.
        if not task.cancelled():
            task.exception()

    async def _tell(self, payload: Json) -> None:
        why = await self._send_event(payload, 0, "")
        if why is None:
            if not self._faults.for_socket("redeliver"):
                return
            why = TIMEOUT if self._urls.in_use else "timeout"
        for attempt, delay in enumerate(self._timing.event_retry_delays, start=1):
            await asyncio.sleep(delay)
            why = await self._send_event(payload, attempt, why)
            if why is None:
                return

    async def _send_event(self, payload: Json, attempt: int, reason: str) -> str | None:
        """None once it was heard; otherwise why not, which is the next attempt's reason."""
        if self._urls.in_use:
            try:
                await self._urls.deliver("events_api", payload, attempt, reason)
            except DeliveryNotTaken as failure:
                return str(failure.args[0])
            return None
        more = {"retry_attempt": attempt, "retry_reason": reason}
        answer = await self._sockets.deliver("events_api", payload, accepts_response_payload=False, **more)
        if answer is None:
            return "timeout"
        try:
            await asyncio.wait_for(answer, self._timing.ack_seconds)
        except TimeoutError:
            return "timeout"
        return None
