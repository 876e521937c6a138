"""How much of what strangers send is kept until it is known who sent it: so much in all, and half of it by one peer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MAX_UNREAD_BYTES = 16 * 1024 * 1024
MAX_UNREAD_BYTES_PER_PEER = MAX_UNREAD_BYTES // 2
"""Bytes. Slack's requests have some kilobytes each, and are known to be Slack's as soon as they are whole."""


class UnreadLimitExceeded(Exception):
    """There is no room for more of it now."""


class UnreadBytes:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    @contextmanager
    def of(self, peer: str) -> Iterator[UnreadBody]:
        """One body, which is forgotten when the block ends."""
        body = UnreadBody(self._of, peer)
        try:
            yield body
        finally:
            body.forget()


class UnreadBody:
    """What was kept so far of one request's body."""

    def __init__(self, of: Counter[str], peer: str) -> None:
        self._of = of
        self._peer = peer
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> None:
        """Keep a part of it too.

        Raises:
            UnreadLimitExceeded: the part is not kept.
        """
        if (
            self._of[self._peer] + len(part) > MAX_UNREAD_BYTES_PER_PEER
            or self._of.total() + len(part) > MAX_UNREAD_BYTES
        ):
            raise UnreadLimitExceeded
        self._parts.append(part)
        self.size += len(part)
        self._of[self._peer] += len(part)

    def content(self) -> bytes:
        """All parts together."""
        return b"".join(self._parts)

    def forget(self) -> None:
        """Give back the room that it takes."""
        self._of[self._peer] -= self.size
        if not self._of[self._peer]:
            del self._of[self._peer]
        self._parts, self.size = [], 0
