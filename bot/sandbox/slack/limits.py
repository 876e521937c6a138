"""Slack's rate limits, in real time.

`chat.postMessage` goes about once a second to a channel, and Slack tolerates short bursts: here three at once. Other
methods have a number of calls a minute by their tier, and may use a whole minute's worth at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

POST_BURST = 3.0
POSTS_PER_SECOND = 1.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.history": 3,
    "conversations.replies": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.update": 4,
    "views.push": 4,
    "views.publish": 4,
    "bots.info": 3,
    "usergroups.users.list": 2,
}


class Bucket:
    """Lets `size` calls through at once and refills at `per_second`."""

    def __init__(self, size: float, per_second: float) -> None:
        self._size = size
        self._per_second = per_second
        self._left = size
        self._at = time.monotonic()

    def take(self) -> float:
        """0 when the call may go, else the seconds until one may."""
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._per_second


class RateLimits:
    """One bucket for each method, and one for each channel that is posted to."""

    def __init__(self, *, enabled: bool = True, tiers: Mapping[int, int] | None = None) -> None:
        self._enabled = enabled
        self._tiers = tiers or TIERS
        self._buckets: dict[str, Bucket] = {}

    def retry_after(self, method: str, channel: str | None) -> int | None:
        """Whole seconds to wait before this call may be made, or None when it may be made now."""
        if not self._enabled:
            return None
        bucket = self._bucket(method, channel)
        wait = bucket.take() if bucket else 0.0
        return max(1, math.ceil(wait)) if wait else None

    def _bucket(self, method: str, channel: str | None) -> Bucket | None:
        if method == "chat.postMessage":
            return self._buckets.setdefault(f"{method} {channel}", Bucket(POST_BURST, POSTS_PER_SECOND))
        tier = METHOD_TIERS.get(method)
        if tier is None:
            return None
        a_minute = self._tiers[tier]
        return self._buckets.setdefault(method, Bucket(a_minute, a_minute / 60))
