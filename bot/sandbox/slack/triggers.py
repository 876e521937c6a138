"""Trigger ids: the short-lived, one-time right to put a modal before the person who just did something."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.slack.wire import SlackError

REMEMBERED_SECONDS = 600.0


@dataclass
class _Trigger:
    user: str
    born: float
    used: bool = False


class Triggers:
    """Measured in real time: moving the sandbox's clock neither lengthens nor shortens a trigger."""

    def __init__(self, lifetime_seconds: float) -> None:
        self._lifetime = lifetime_seconds
        self._known: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        """A new id for somebody who just did something."""
        now = time.monotonic()
        self._known = {k: t for k, t in self._known.items() if now - t.born < REMEMBERED_SECONDS}
        trigger_id = f"{int(time.time() * 1000)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._known[trigger_id] = _Trigger(user, now)
        return trigger_id

    def check(self, trigger_id: object) -> str:
        """The person it belongs to. SlackError when it is unknown, spent or too old."""
        trigger = self._known.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self._lifetime:
            raise SlackError("expired_trigger_id")
        return trigger.user

    def spend(self, trigger_id: str) -> None:
        """From now on it is refused as spent."""
        self._known[trigger_id].used = True
