"""Looking at somebody's screen, and waiting for something to appear on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.slack.page_client import NotDone, PageClient
from bot.sandbox.slack.plain import plain_screen
from bot.sandbox.slack.snapshot import SeenMessage, ViewSnapshot
from bot.sandbox.slack.wire import Json

T = TypeVar("T")

WAIT_TIMEOUT_SECONDS = 10.0
"""Seconds after which somebody who waits sees that something is wrong."""
LOOK_EVERY_SECONDS = 0.03


class Onlooker:
    """Somebody who looks and does nothing. Waiting has a deadline; NotDone then shows the screen."""

    def __init__(self, page: PageClient, user_id: str, name: str, patience: float = WAIT_TIMEOUT_SECONDS) -> None:
        self.id = user_id
        self.name = name
        self._page = page
        self._patience = patience

    def screen(self) -> Json:
        """Everything that this person sees now, as the page gets it."""
        return self._page.get(f"screen?as={self.id}")

    def screen_text(self) -> str:
        """The screen as plain text."""
        return plain_screen(self.screen())

    def wait_for(self, look: Callable[[Json], T | None], what: str, timeout: float | None = None) -> T:
        """Look at the screen until `look` finds something (not None, not False). NotDone after `timeout` seconds, or
        as many as this person waits for anything.
        """
        patience = self._patience if timeout is None else timeout
        deadline = time.monotonic() + patience
        while True:
            screen = self.screen()
            found = look(screen)
            if found is not None and found is not False:
                return found
            if time.monotonic() > deadline:
                text = f"{self.name} did not see {what} within {patience} s. The screen:\n{plain_screen(screen)}"
                raise NotDone(text)
            time.sleep(LOOK_EVERY_SECONDS)

    def messages(self, channel: str | None = None) -> list[SeenMessage]:
        """The messages of one conversation, or of all; oldest first within each."""
        return messages_on(self.screen(), channel)

    def message_with(self, text: str, channel: str | None = None, timeout: float | None = None) -> SeenMessage:
        """The newest message in which `text` stands (in what is shown, or in the text for notifications)."""
        return self.wait_for(lambda s: _newest(messages_on(s, channel), text), f"a message with {text!r}", timeout)

    def direct_message_with(self, text: str, timeout: float | None = None) -> SeenMessage:
        """The newest such message in the conversation with the app."""
        what = f"a direct message with {text!r}"
        return self.wait_for(lambda s: _newest(messages_on(s, _direct(s)), text), what, timeout)

    def ephemeral_with(self, text: str, channel: str | None = None, timeout: float | None = None) -> SeenMessage:
        """The newest such message that only this person sees."""
        what = f"a message for their eyes only with {text!r}"
        return self.wait_for(
            lambda s: _newest([m for m in messages_on(s, channel) if m.ephemeral], text), what, timeout
        )

    def modal(self, text: str = "", timeout: float | None = None) -> ViewSnapshot:
        """The top modal, once `text` stands in its title or body."""
        return self.wait_for(lambda s: _holding(top_modal(s), text), f"a modal with {text!r}", timeout)

    def no_modal(self, timeout: float | None = None) -> None:
        """Wait until no modal is open."""
        self.wait_for(lambda s: not s["modals"], "that no modal is open", timeout)

    def home(self, text: str = "", timeout: float | None = None) -> ViewSnapshot:
        """The home tab of the app, once `text` stands in it."""
        return self.wait_for(lambda s: _holding(home_tab(s), text), f"a home tab with {text!r}", timeout)

    def notice(self, text: str = "", timeout: float | None = None) -> str:
        """The last notice of something that did not work, once `text` stands in it."""
        return self.wait_for(lambda s: _notice(s, text), f"a notice with {text!r}", timeout)


def messages_on(screen: Json, channel: str | None) -> list[SeenMessage]:
    """The messages on a screen, of one conversation or of all, oldest first within each."""
    channels = [channel] if channel else list(screen["messages"])
    return [SeenMessage(body, one) for one in channels for body in screen["messages"].get(one, [])]


def _newest(messages: list[SeenMessage], text: str) -> SeenMessage | None:
    fitting = [message for message in messages if text in message.plain or text in message.text]
    return max(fitting, key=lambda message: float(message.ts), default=None)


def _direct(screen: Json) -> str:
    return next(str(known["id"]) for known in screen["conversations"] if known["kind"] == "im")


def top_modal(screen: Json) -> ViewSnapshot | None:
    """The modal that is in front; None when none is open."""
    if not screen["modals"]:
        return None
    view = screen["modals"][-1]
    return ViewSnapshot(view, screen["modal_errors"].get(view["id"], {}))


def home_tab(screen: Json) -> ViewSnapshot | None:
    """The app's home tab; None before the app has published one."""
    return ViewSnapshot(screen["home"], {}) if screen["home"] else None


def _holding(view: ViewSnapshot | None, text: str) -> ViewSnapshot | None:
    return view if view is not None and text in view.plain else None


def _notice(screen: Json, text: str) -> str | None:
    notice = screen["notice"]
    return str(notice["text"]) if notice and text in notice["text"] else None
