"""The page of a sandbox in this process: what people only look at is not sent through HTTP, since tests look many times
a second.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.page_client import PageClient
from bot.sandbox.slack.screen import screen_of
from tests.harness.timeouts import PATIENCE

SCREEN = "screen?as="


class NearPage(PageClient):
    """A screen is drawn again once something has changed, which the sandbox tells its page too."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox.page_url)
        self._sandbox = sandbox
        self._screens: dict[str, tuple[int, dict[str, Any]]] = {}

    def get(self, path: str) -> dict[str, Any]:
        if path == "account":
            return self._drawn(self._sandbox.view_account)
        if path.startswith(SCREEN):
            return self._screen(path.removeprefix(SCREEN))
        return super().get(path)

    def _screen(self, user_id: str) -> dict[str, Any]:
        # Read first: what changes while it is drawn is looked at again.
        version = self._sandbox.changes.version
        known, screen = self._screens.get(user_id, (None, {}))
        if known != version:
            workspace = self._sandbox.workspace
            screen = self._drawn(lambda: screen_of(workspace, workspace.people[user_id]))
            self._screens[user_id] = version, screen
        return screen

    def _drawn(self, draw: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """As it arrives through HTTP."""
        drawn: dict[str, Any] = json.loads(self._sandbox.call(lambda: json.dumps(draw())))
        return drawn


class NearClient(SandboxClient):
    """The people of a sandbox in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox.page_url, PATIENCE)
        self._page = NearPage(sandbox)
