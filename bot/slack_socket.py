"""Socket Mode: the program calls Slack, and what people do comes back over that connection; no address of its own."""

from __future__ import annotations

import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.slack_start import asking_slack

PING_EVERY = 2
"""Seconds. A connection that was cut without a word is noticed after a few unanswered pings."""


class SlackSocket:
    """One connection, kept open by the SDK."""

    address = None

    def __init__(self, bolt: App, app_token: str, api_url: str, timeout: int) -> None:
        """`timeout` in seconds, for asking where to connect."""
        self._socket = SocketModeHandler(
            bolt,
            app_token,
            web_client=WebClient(base_url=api_url, timeout=timeout),
            ping_interval=PING_EVERY,
        )

    def connect(self) -> None:
        """The SDK would ask for the address itself, but it logs a refusal besides raising it, and sits out a limit.

        Raises:
            SettingsError: Slack opens no connection.
        """
        client = self._socket.client
        with asking_slack("SLACK_APP_TOKEN: Slack does not open a connection with it"):
            client.wss_uri = client.web_client.apps_connections_open(app_token=client.app_token)["url"]
            self._socket.connect()

    def hang_up(self, within: float) -> None:
        """Leave Slack, without waiting: the SDK takes seconds for its own threads, so it does that on one of ours."""
        self._socket.client.auto_reconnect_enabled = False
        threading.Thread(target=self._socket.close, name="socket-close", daemon=True).start()
