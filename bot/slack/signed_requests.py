"""What may come in over HTTP: Slack's signed requests at one address, a load balancer's question at another.

Nothing is read unless its headers may be Slack's, and nothing is parsed before its signature was found to be right.
Bolt checks it as well, but it reads the body first, and what goes wrong meanwhile would be answered at an address that
the body itself names.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_sdk.signature import SignatureVerifier

from bot.health import Health
from bot.slack.connection_gate import SERVER, ConnectionGate
from bot.slack.tally import WarningTally
from bot.slack.unread import UnreadBody, UnreadBytes, UnreadLimitExceeded

log = logging.getLogger(__name__)

PATH = "/slack/events"
HEALTH_PATH = "/healthz"
MAX_BODY_BYTES = 256 * 1024
"""Slack's own are smaller, and those about the views that this program shows have some tens of kilobytes."""
BODY_TIMEOUT_SECONDS = 3.0
"""Seconds, after which Slack has given up as well."""
WORKER_THREADS = 16
"""Each holds one request until it is acknowledged, which takes milliseconds."""
MAX_AGE_SECONDS = 300
"""Seconds between a request's time and ours."""
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
KEPT = ("Content-Type", SIGNATURE, TIMESTAMP, "X-Slack-Retry-Num", "X-Slack-Retry-Reason")
"""The headers that Bolt gets. None but the body and the time is signed, and Bolt obeys some that are not Slack's."""
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


class SlackRequests:
    """The application behind HTTP mode's gate. Bolt runs on threads, so that neither it nor the ledger holds up the
    loop.
    """

    def __init__(self, bolt: App, signing_secret: str, health: Health) -> None:
        self.tally = self._tally = WarningTally(log)
        self._gate: ConnectionGate | None = None
        self._unread = UnreadBytes()
        self._bolt = bolt
        self._verifier = SignatureVerifier(signing_secret)
        self._health = health
        self._threads = ThreadPoolExecutor(max_workers=WORKER_THREADS, thread_name_prefix="request")
        self._stopping = False

    def application(self) -> web.Application:
        """Only these two addresses answer, each to its own method."""
        application = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[self._hear])
        application.add_routes(
            [
                web.post(PATH, self._receive, expect_handler=self._expect),
                web.get(HEALTH_PATH, self._tell_health),
            ]
        )
        application.on_response_prepare.append(_anonymous)
        return application

    def use_gate(self, gate: ConnectionGate) -> None:
        """Tell `gate` of each request that comes, and while one that is signed is in hand."""
        self._gate = gate

    @web.middleware
    async def _hear(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._gate is not None:
            self._gate.request_received(request)
        return await handler(request)

    def _mark_signed(self, request: web.Request, signed: bool) -> None:
        if self._gate is not None:
            self._gate.mark_signed(request, signed)

    def stop(self) -> None:
        """Say no to whatever still comes over a connection that is open."""
        self._stopping = True

    def close(self) -> None:
        """Begin no further requests, and wait for none."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._health.close()

    async def _tell_health(self, _: web.Request) -> web.Response:
        good = not self._stopping and await self._health.is_healthy()
        return web.Response(text="ok\n" if good else "no\n", status=200 if good else 503)

    async def _receive(self, request: web.Request) -> web.Response:
        if self._stopping:
            return web.Response(status=503)
        fault = _fault_before_body(request)
        if fault is not None:
            return self._refused(request, *fault)
        try:
            with self._unread.of(request.remote or "") as unread:
                async with asyncio.timeout(BODY_TIMEOUT_SECONDS):
                    await _read(request, unread)
                body = unread.content().decode("utf-8")
        except TimeoutError:
            return self._refused(request, 408, "its body took too long")
        except UnicodeDecodeError:
            return self._refused(request, 400, "its body is no text")
        except UnreadLimitExceeded:
            return self._refused(request, 503, "too much is waiting to be read")
        except (ConnectionError, web.RequestPayloadError):
            return self._refused(request, 400, "its body broke off")
        if not self._verifier.is_valid(body, _only(request, TIMESTAMP), _only(request, SIGNATURE)):
            return self._refused(request, 401, "its signature is wrong")
        self._mark_signed(request, True)
        try:
            return await self._answer(request, body)
        finally:
            self._mark_signed(request, False)

    async def _answer(self, request: web.Request, body: str) -> web.Response:
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._ask_bolt, body, headers)
        if answer is None:
            return self._refused(request, 400, "its body cannot be read")
        return await to_aiohttp_response(answer)

    def _ask_bolt(self, body: str, headers: dict[str, str]) -> BoltResponse | None:
        """Bolt's answer; None when it makes no sense of the body."""
        try:
            request = BoltRequest(body=body, headers={**headers})
        except MALFORMED:
            return None
        return self._bolt.dispatch(request)

    def _refused(self, request: web.Request, status: int, why: str) -> web.Response:
        self._tally.note("a request was refused", why, status=status, peer=request.remote)
        response = web.Response(status=status)
        if request.can_read_body and not request.content.is_eof():
            # The rest of its body is not waited for.
            response.force_close()
        return response

    async def _expect(self, request: web.Request) -> web.StreamResponse | None:
        """Nobody is told to go on with a body that would not be read."""
        fault = None if self._stopping else _fault_before_body(request)
        if fault is not None:
            return self._refused(request, *fault)
        if request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None


async def _read(request: web.Request, unread: UnreadBody) -> None:
    async for part in request.content.iter_any():
        unread.add(part)


def _fault_before_body(request: web.Request) -> tuple[int, str] | None:
    """What is wrong with a request as far as its headers tell, and the status that says so."""
    length = request.content_length
    if length is None:
        return 411, "it does not say how long its body is"
    if length > MAX_BODY_BYTES:
        return 413, "its body is too large"
    # The SDK takes them for a number and for ASCII.
    timestamp, signature = (_only(request, name) for name in (TIMESTAMP, SIGNATURE))
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or not re.fullmatch(r"v0=[0-9a-f]{64}", signature):
        return 401, "it is not signed"
    if abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
        return 401, "its signature is old"
    return None


def _only(request: web.Request, name: str) -> str:
    """The value of a header that is there once; of two, nobody could say which was checked."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else ""


async def _anonymous(_: web.Request, response: web.StreamResponse) -> None:
    """Which versions answer is nobody's concern."""
    response.headers["Server"] = SERVER
