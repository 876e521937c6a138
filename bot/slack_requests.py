"""What may come in over HTTP: Slack's signed requests at one address, a load balancer's question at another.

Nothing is parsed before its signature was found to be right. Bolt checks it as well, but it reads the body first, and
what goes wrong meanwhile would be answered at an address that the body itself names.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_sdk.signature import SignatureVerifier

from bot.health import Health

log = logging.getLogger(__name__)

PATH = "/slack/events"
HEALTH_PATH = "/healthz"
MOST_BYTES = 1024 * 1024
"""Slack's largest, a view in the payload of a click, has 250 kB before its characters are escaped."""
BODY_WITHIN = 3.0
"""Seconds, after which Slack has given up as well."""
THREADS = 16
"""Each holds one request until it is acknowledged, which takes milliseconds."""
MOST_AGE = 300
"""Seconds between a request's time and ours."""
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
KEPT = ("Content-Type", SIGNATURE, TIMESTAMP, "X-Slack-Retry-Num", "X-Slack-Retry-Reason")
"""The headers that Bolt gets. None but the body and the time is signed, and Bolt obeys some that are not Slack's."""
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


class SlackRequests:
    def __init__(self, bolt: App, signing_secret: str, health: Health) -> None:
        self._bolt = bolt
        self._verifier = SignatureVerifier(signing_secret)
        self._health = health
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="request")
        self._stopping = False

    def application(self) -> web.Application:
        """Only these two addresses answer, each to its own method."""
        application = web.Application(client_max_size=MOST_BYTES)
        application.add_routes([web.post(PATH, self._receive), web.get(HEALTH_PATH, self._tell_health)])
        application.on_response_prepare.append(_anonymous)
        return application

    def stop(self) -> None:
        """Say no to whatever still comes over a connection that is open."""
        self._stopping = True

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._health.close()

    async def _tell_health(self, _: web.Request) -> web.Response:
        good = not self._stopping and await self._health.good()
        return web.Response(text="ok\n" if good else "no\n", status=200 if good else 503)

    async def _receive(self, request: web.Request) -> web.Response:
        if self._stopping:
            return web.Response(status=503)
        if (request.content_length or 0) > MOST_BYTES:
            return _refused(request, 413, "its body is too large")
        try:
            async with asyncio.timeout(BODY_WITHIN):
                body = (await request.read()).decode("utf-8")
        except TimeoutError:
            return _refused(request, 408, "its body took too long")
        except UnicodeDecodeError:
            return _refused(request, 400, "its body is no text")
        except (ConnectionError, web.RequestPayloadError):
            return _refused(request, 400, "its body broke off")
        except web.HTTPRequestEntityTooLarge:
            return _refused(request, 413, "its body is too large")
        fault = self._fault(request, body)
        if fault is not None:
            return _refused(request, 401, fault)
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._ask_bolt, body, headers)
        if answer is None:
            return _refused(request, 400, "its body cannot be read")
        return await to_aiohttp_response(answer)

    def _fault(self, request: web.Request, body: str) -> str | None:
        """What is wrong with the signature; None when it is Slack's, of this body and of now."""
        timestamp, signature = (_only(request, name) for name in (TIMESTAMP, SIGNATURE))
        # The SDK takes them for a number and for ASCII.
        if not re.fullmatch(r"[0-9]{1,12}", timestamp) or not re.fullmatch(r"v0=[0-9a-f]{64}", signature):
            return "it is not signed"
        if abs(time.time() - int(timestamp)) > MOST_AGE:
            return "its signature is old"
        return None if self._verifier.is_valid(body, timestamp, signature) else "its signature is wrong"

    def _ask_bolt(self, body: str, headers: dict[str, str]) -> BoltResponse | None:
        """Bolt's answer; None when it makes no sense of the body."""
        try:
            request = BoltRequest(body=body, headers={**headers})
        except MALFORMED:
            return None
        return self._bolt.dispatch(request)


def _only(request: web.Request, name: str) -> str:
    """The value of a header that is there once; of two, nobody could say which was checked."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else ""


def _refused(request: web.Request, status: int, why: str) -> web.Response:
    log.warning("a request was refused", extra={"why": why, "status": status, "peer": request.remote})
    response = web.Response(status=status)
    if status in (408, 413):
        # The rest of its body is not waited for.
        response.force_close()
    return response


async def _anonymous(_: web.Request, response: web.StreamResponse) -> None:
    """Which versions answer is nobody's concern."""
    response.headers["Server"] = "pairec-access"
