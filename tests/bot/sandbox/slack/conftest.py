"""A sandbox with short deadlines, and apps that talk to it over real HTTP and real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.app_config import Timing
from bot.sandbox.slack.limits import RateLimits
from tests.bot.sandbox.slack.raw_app import RawApp
from tests.harness.timeouts import workshop_at

QUICK = Timing(
    ack_seconds=0.7,
    trigger_seconds=1.0,
    response_url_seconds=1.0,
    event_retry_delays=(0.0, 0.4, 0.4),
    ping_seconds=0.5,
    refresh_grace_seconds=0.5,
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(timing=QUICK, limits=RateLimits(enabled=False)) as running:
        yield running


@pytest.fixture(scope="module")
def env(sandbox: Sandbox) -> dict[str, str]:
    return sandbox.env()


@pytest.fixture(scope="module")
def client(env: dict[str, str]) -> WebClient:
    return WebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["PAIREC_SLACK_API_URL"])


@pytest.fixture
def workshop(sandbox: Sandbox) -> Iterator[SandboxClient]:
    workshop = workshop_at(sandbox.page_url)
    yield workshop
    workshop.clear_faults()


@pytest.fixture(scope="module")
def _socket(env: dict[str, str]) -> Iterator[RawApp]:
    app = RawApp(env)
    yield app
    app.close()


@pytest.fixture
def raw(_socket: RawApp) -> RawApp:
    """The one open socket of this module's sandbox, with nothing received yet."""
    _socket.forget()
    return _socket
