"""Whether anything is to be sent to Slack at all.

Where one conversation after the other takes nothing, it is the app that is refused or the network that is down, and
everything waits a moment before one more is tried.
"""

from __future__ import annotations

import threading

from approvals.millis import SECOND
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import NotSent

CONDITION = "slack messages"
FIRST_PAUSE_MS, MAX_PAUSE_MS = SECOND // 2, 30 * SECOND


class CircuitBreaker:
    """What came of the last messages. Safe to share between threads."""

    def __init__(self, clock: Clock, conditions: Conditions) -> None:
        self._clock = clock
        self._conditions = conditions
        self._lock = threading.Lock()
        self._failing: set[str] = set()
        """Conversations that took nothing since something was taken anywhere."""
        self._pauses = 0
        self._open_until = 0
        self._latest: list[tuple[str, int]] = []
        """The last two conversations that took a message, and when in steady time."""

    @property
    def is_open(self) -> bool:
        """Whether nothing is to be tried now."""
        return self._clock.steady() < self._open_until

    def failed(self, conversation: str, error: NotSent) -> None:
        """It did not take something, which proves nothing."""
        if error.kind is SlackErrorKind.RATE_LIMITED:
            return
        self._conditions.report(CONDITION, f"Slack does not take messages: {error.code}")
        with self._lock:
            self._failing.add(conversation)
            now = self._clock.steady()
            if len(self._failing) > 1 and not self.is_open:
                self._open_until = now + min(FIRST_PAUSE_MS << self._pauses, MAX_PAUSE_MS)
                self._pauses = min(self._pauses + 1, 10)

    def refused(self) -> None:
        """Slack says of one message that it does not take that: it takes the app's."""
        self._conditions.clear(CONDITION)
        with self._lock:
            self._failing.clear()
            self._pauses, self._open_until = 0, 0

    def took(self, conversation: str) -> None:
        """It took a message."""
        self.refused()
        with self._lock:
            others = [(name, at) for name, at in self._latest if name != conversation]
            self._latest = [*others[-1:], (conversation, self._clock.steady())]

    def took_elsewhere(self, conversation: str, since: int) -> bool:
        """Whether some other conversation took a message after that moment of steady time."""
        with self._lock:
            return any(at >= since for name, at in self._latest if name != conversation)
