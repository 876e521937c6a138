"""Getting payloads to the app, with Slack's manners when it does not answer.

A command or an interaction is sent once: the person is told when nobody acknowledged it in time. An event is sent
again, up to three times, and says so.
"""

from __future__ import annotations

import asyncio

from bot.sandbox.slack.app_config import Timing
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.wire import Json


class Undelivered(Exception):
    """`args[0]` is Slack's word: "dispatch_failed" (nobody there) or "operation_timeout" (no acknowledgement)."""


class Deliveries:
    """The one way from the workspace to the app."""

    def __init__(self, sockets: Sockets, timing: Timing, faults: Faults) -> None:
        self._sockets = sockets
        self._timing = timing
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, kind: str, payload: Json) -> Json:
        """Send a "slash_commands" or "interactive" payload and return what came with its acknowledgement."""
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
        task = asyncio.create_task(self._tell(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, payload: Json) -> None:
        heard = await self._send_event(payload, 0)
        if heard and not self._faults.for_socket("redeliver"):
            return
        for attempt, delay in enumerate(self._timing.event_retry_delays, start=1):
            await asyncio.sleep(delay)
            if await self._send_event(payload, attempt):
                return

    async def _send_event(self, payload: Json, attempt: int) -> bool:
        answer = await self._sockets.deliver(
            "events_api",
            payload,
            accepts_response_payload=False,
            retry_attempt=attempt,
            retry_reason="timeout" if attempt else "",
        )
        if answer is None:
            return False
        try:
            await asyncio.wait_for(answer, self._timing.ack_seconds)
        except TimeoutError:
            return False
        return True
