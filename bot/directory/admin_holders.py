"""Who holds the admin policy: read now where something is decided by it, and lately where it is only shown."""

from __future__ import annotations

from collections.abc import Callable

from approvals.evidence import Holders
from approvals.millis import MINUTE

RECENT_MS = MINUTE
"""Milliseconds of steady time for which what RAM said will do where nothing is decided by it."""


class AdminHolders:
    """Safe to share between threads."""

    def __init__(self, holders: Callable[[], Holders], steady: Callable[[], int]) -> None:
        """`holders` asks RAM. `steady`: milliseconds of a clock that nobody sets."""
        self._holders = holders
        self._steady = steady
        self._kept: tuple[Holders, int] | None = None

    def read(self) -> Holders:
        """Everybody who holds it now, directly or through a group.

        Raises:
            CloudError: RAM does not tell.
        """
        asked_at = self._steady()
        found = self._holders()
        kept = self._kept
        if kept is None or kept[1] <= asked_at:
            self._kept = found, asked_at
        return found

    def recent(self) -> Holders:
        """Whoever held it when RAM was last asked, if that was within a minute; read now otherwise.

        Raises:
            CloudError: RAM does not tell.
        """
        kept = self._kept
        return kept[0] if kept and self._steady() - kept[1] < RECENT_MS else self.read()
