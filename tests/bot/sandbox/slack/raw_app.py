"""An app that speaks Socket Mode by hand, so that tests see every envelope and decide on every acknowledgement."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Callable
from typing import Any

import aiohttp
import requests

Json = dict[str, Any]
DEADLINE_SECONDS = 5.0


def api(env: dict[str, str], method: str, token: str | None = None, **args: Any) -> requests.Response:
    """One Web API call without an SDK in between."""
    session = requests.Session()
    session.trust_env = False
    headers = {"Authorization": f"Bearer {token or env['SLACK_BOT_TOKEN']}"}
    return session.post(env["PAIREC_SLACK_API_URL"] + method, json=args, headers=headers, timeout=DEADLINE_SECONDS)


class RawApp:
    """One open socket. `answer(envelope)` gives the acknowledgement's payload, or None for no acknowledgement."""

    def __init__(self, env: dict[str, str], answer: Callable[[Json], Json | None] = lambda _: {}) -> None:
        self.url = api(env, "apps.connections.open", env["SLACK_APP_TOKEN"]).json()["url"]
        self.answer = answer
        self.envelopes: queue.Queue[Json] = queue.Queue()
        self.notes: queue.Queue[Json] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)
        self._leave = asyncio.Event()
        self._thread.start()
        self.hello = self.notes.get(timeout=DEADLINE_SECONDS)

    def envelope(self, kind: str) -> Json:
        """The next envelope of this type."""
        while True:
            found = self.envelopes.get(timeout=DEADLINE_SECONDS)
            if found["type"] == kind:
                return found

    def payload(self, kind: str) -> Json:
        found: Json = self.envelope(kind)["payload"]
        return found

    def forget(self) -> None:
        """Start a test with nothing received yet, and polite."""
        self.answer = lambda _: {}
        while not self.envelopes.empty():
            self.envelopes.get()

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._leave.set)
            self._thread.join(DEADLINE_SECONDS)

    async def _run(self) -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(self.url) as wire:
            leaving = asyncio.create_task(self._leave.wait())
            receiving = asyncio.create_task(self._receive(wire))
            await asyncio.wait([leaving, receiving], return_when=asyncio.FIRST_COMPLETED)
            for task in (leaving, receiving):
                task.cancel()

    async def _receive(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        async for message in wire:
            body = json.loads(message.data)
            if "envelope_id" not in body:
                self.notes.put(body)
                continue
            self.envelopes.put(body)
            answer = self.answer(body)
            if answer is not None:
                await wire.send_json({"envelope_id": body["envelope_id"], "payload": answer})
