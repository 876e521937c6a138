"""Request URLs: where an app without Socket Mode is called, by signed requests that it has to answer in three seconds.

Slack knows one address, and a load balancer stands behind it. Here there may be several, and the workspace is the load
balancer too: each delivery goes to the next in turn, past those at which nobody listens. What was sent to one and not
answered is not sent to another, since it may have been done.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError

from bot.loopback import is_loopback
from bot.sandbox.slack.app_config import Timing, Tokens
from bot.sandbox.slack.faults import SlackFaults
from bot.sandbox.slack.request_calls import (
    FAILED,
    TIMEOUT,
    Answer,
    DeliveryNotTaken,
    encoded,
    is_answered,
    post,
    understood,
)
from bot.sandbox.slack.wire import Json

MAX_URLS = 10
ASK_RETRY_SECONDS = 0.2
"""Seconds between two challenges to an address that is expected to answer soon."""


class RequestUrls:
    """The addresses of the one app; none at all while it uses Socket Mode."""

    def __init__(self, tokens: Tokens, timing: Timing, faults: SlackFaults) -> None:
        self._tokens = tokens
        self._timing = timing
        self._faults = faults
        self._accepted: list[str] = []
        self._expecting: set[asyncio.Task[None]] = set()
        self._under_way: set[asyncio.Task[Answer]] = set()
        self._turns = itertools.count()
        self.in_use = False

    def accepted(self) -> list[str]:
        """The addresses that are in use now."""
        return list(self._accepted)

    async def accept(self, urls: Sequence[str]) -> None:
        """Use these from now on; none is Socket Mode again.

        Raises:
            ValueError: one is no address, or does not answer Slack's challenge; all stays as it was.
        """
        checked = checked_urls(urls)
        for url in checked:
            if not await self._answers_challenge(url):
                raise ValueError(f"{url} does not answer the challenge")
        self._forget_expected()
        self._accepted, self.in_use = checked, bool(checked)

    def expect(self, urls: Sequence[str]) -> None:
        """Use each of these as soon as it answers the challenge; ValueError when one is no address."""
        checked = checked_urls(urls)
        self._forget_expected()
        self._accepted, self.in_use = [], bool(checked)
        self._expecting = {asyncio.create_task(self._expect(url)) for url in checked}

    async def deliver(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Json:
        """Send a "slash_commands", "interactive" or "events_api" payload, and return what was answered.

        Raises:
            DeliveryNotTaken: nobody is there, or the answer is not one, or too late.
        """
        content, body = encoded(kind, payload)
        headers = {"Content-Type": content}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        accepted, turn = self._accepted, next(self._turns)
        for place in range(len(accepted)):
            try:
                answer = await self._one(accepted[(turn + place) % len(accepted)], body, headers)
            except ClientConnectorError:
                continue
            return understood(kind, answer)
        raise DeliveryNotTaken(FAILED)

    def drop(self) -> None:
        """Cut every delivery that is under way, as a lost network would."""
        for task in self._under_way:
            task.cancel()

    def stop(self) -> None:
        """Expect no further address, and cut what is under way."""
        self._forget_expected()
        self.drop()

    async def _one(self, url: str, body: str, headers: dict[str, str]) -> Answer:
        task = asyncio.create_task(post(url, body, headers, self._tokens.signing_secret))
        self._under_way.add(task)
        try:
            async with asyncio.timeout(self._timing.ack_seconds):
                answer = await task
                if self._faults.for_socket("lose_ack"):
                    await asyncio.sleep(self._timing.ack_seconds)
                return answer
        except TimeoutError:
            raise DeliveryNotTaken(TIMEOUT) from None
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            raise DeliveryNotTaken(FAILED) from None
        finally:
            self._under_way.discard(task)

    async def _answers_challenge(self, url: str) -> bool:
        challenge = secrets.token_urlsafe(39)
        asked = {"token": self._tokens.verification, "challenge": challenge, "type": "url_verification"}
        try:
            answer = await self._one(url, json.dumps(asked), {"Content-Type": "application/json"})
        except (DeliveryNotTaken, ClientConnectorError):
            return False
        return is_answered(challenge, answer)

    async def _expect(self, url: str) -> None:
        while not await self._answers_challenge(url):
            await asyncio.sleep(ASK_RETRY_SECONDS)
        self._accepted.append(url)

    def _forget_expected(self) -> None:
        for task in self._expecting:
            task.cancel()
        self._expecting = set()


def checked_urls(urls: Sequence[str]) -> list[str]:
    """The same, if all are addresses on loopback, beyond which the sandbox sends nothing; ValueError otherwise."""
    if len(urls) > MAX_URLS or len(set(urls)) != len(urls):
        raise ValueError(f"request URLs must be at most {MAX_URLS}, and none twice")
    for url in urls:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except (ValueError, AttributeError):
            usable = False
        if not usable or not is_loopback(url):
            raise ValueError("a request URL must be an http:// or https:// address on loopback")
    return list(urls)
