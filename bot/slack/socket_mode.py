"""Socket Mode: the program calls Slack, and what people do comes back over that connection; no address of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.egress import Egress
from bot.settings import SettingsError
from bot.slack.errors import SLACK_FAILURES
from bot.slack.startup_checks import asking_slack, unreachable_reason
from bot.slack.unacknowledged import Unacknowledged
from bot.slack.web_client import ToldWebClient

log = logging.getLogger(__name__)
_sdk = logging.getLogger("slack_sdk.socket_mode")

PING_INTERVAL_SECONDS = 2
"""Seconds. A connection that was cut without a word is noticed after a few unanswered pings."""
GREETING_TIMEOUT_SECONDS = 10.0
"""Seconds from the opening of a connection to Slack's hello, from which on it is one of those that clicks go to."""


ENVELOPE = "envelope_id"
"""What everything has that is to be acknowledged."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What Slack says first on a connection."""

    number: int
    """How many there were so far."""
    connections: int
    """To the app, from wherever, this one among them."""


class SlackSocket:
    """One connection, kept open by the SDK."""

    address = None
    connections = 1

    def __init__(
        self,
        bolt: App,
        app_token: str,
        api_url: str,
        timeout: int,
        egress: Egress,
        unacknowledged: Unacknowledged,
    ) -> None:
        """`timeout` in seconds, for asking where to connect; `unacknowledged` is told of what comes in."""
        self._bolt = bolt
        self._timeout = timeout
        self._greeted = threading.Event()
        self._error: Exception | None = None
        self._client = _Client(
            egress,
            unacknowledged,
            app_token=app_token,
            web_client=ToldWebClient(
                egress.told,
                base_url=api_url,
                timeout=timeout,
                proxy=egress.proxy_for(api_url),
                ssl=egress.tls,
            ),
            logger=_sdk,
            ping_interval=PING_INTERVAL_SECONDS,
            on_error_listeners=[self._on_error],
        )
        self._client.socket_mode_request_listeners.append(self._handle)
        self._client.message_listeners.append(self._on_message)
        self.hello: Hello | None = None
        """The last one."""
        self._on_hello: Callable[[], None] = lambda: None

    def connect(self) -> None:
        """Open the connection, and wait until Slack greets. The SDK would ask for the address itself, but it logs a
        refusal besides raising it, and sits out a limit.

        Raises:
            SettingsError: Slack opens no connection.
        """
        client = self._client
        # Until then it is told in the one line that ends the start.
        _sdk.setLevel(logging.CRITICAL)
        with asking_slack("SLACK_APP_TOKEN: Slack does not open a connection with it"):
            client.wss_uri = client.web_client.apps_connections_open(app_token=client.app_token)["url"]
            client.connect()
        try:
            self._wait()
        finally:
            _sdk.setLevel(logging.NOTSET)

    def _wait(self) -> None:
        client = self._client
        deadline = time.monotonic() + GREETING_TIMEOUT_SECONDS
        while not self._greeted.wait(0.05):
            if not client.is_connected() or time.monotonic() > deadline:
                raise SettingsError(unreachable_reason(self._error or TimeoutError()))

    def on_hello(self, call: Callable[[], None]) -> None:
        """`call` is called after each hello."""
        self._on_hello = call

    def reconnect(self) -> None:
        """Have the SDK replace the connection, as it does when Slack asks for it: the new one begins with a hello. Not
        once it was hung up: a connection made after that would take clicks away from whoever goes on.
        """
        if not self._client.auto_reconnect_enabled:
            return
        try:
            self._client.connect_to_new_endpoint(force=True)
        except SLACK_FAILURES as error:
            log.warning("the connection to Slack was not made anew", extra={"error": type(error).__name__})

    @property
    def connected(self) -> bool:
        """Whether clicks come in."""
        return bool(self._client.is_connected())

    def disconnect(self, within: float) -> None:
        """Leave Slack, without waiting: the SDK takes seconds for its own threads, so it does that on one of ours."""
        self._client.auto_reconnect_enabled = False
        threading.Thread(target=self._client.close, name="socket-close", daemon=True).start()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """As Bolt's own handler does it, which makes a client that it cannot be told the proxy of."""
        began = time.time()
        answer: BoltResponse = run_bolt_app(self._bolt, request)
        send_response(client, request, answer, began)

    def _on_message(self, _client: object, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") != "hello":
            return
        self._greeted.set()
        count = message.get("num_connections")
        if isinstance(count, int):
            self.hello = Hello(self.hello.number + 1 if self.hello else 1, count)
            self._on_hello()

    def _on_error(self, error: Exception) -> None:
        self._error = error


class _Client(SocketModeClient):
    """Slack says anew each time where to connect, so that it is seen each time which way leads there."""

    def __init__(self, egress: Egress, unacknowledged: Unacknowledged, **options: Any) -> None:
        self._unacknowledged = unacknowledged
        super().__init__(**options)
        self._egress = egress

    def enqueue_message(self, message: str) -> None:
        """What came in, before anything reads it."""
        if message and f'"{ENVELOPE}"' in message:
            self._unacknowledged.came()
        super().enqueue_message(message)

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """It is acknowledged when this returns, or will not be."""
        try:
            super().run_message_listeners(message, raw_message)
        finally:
            if ENVELOPE in message:
                self._unacknowledged.answered()

    def connect(self) -> None:
        if self.wss_uri is None:
            self.wss_uri = self.issue_new_wss_url()
        self.proxy = self._egress.proxy_for(self.wss_uri)
        super().connect()
