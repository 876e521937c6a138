"""Whether Slack counts more connections to the app than those who work from this ledger keep open, and for how long."""

from __future__ import annotations

from approvals.millis import MINUTE

SURPLUS_AFTER_MS = 10 * MINUTE
"""So long it may be a replica that is being replaced, or one whose end Slack has not noticed."""
LOOK_INTERVAL_MS = SURPLUS_AFTER_MS
"""Slack tells the number only when a connection is made, so a new one is made, but no oftener than that: for a moment
nobody hears what comes over it."""
TURN = MINUTE
"""Between the looks of replicas that suspect the same: a connection that is being replaced counts twice, and two that
are replaced at once would look like somebody else's."""


class Surplus:
    """It is told of when it was so for ten minutes, and then until it was not so for as long. Times are those of a
    clock that nobody sets.
    """

    def __init__(self, *, known: bool = False, now: int = 0) -> None:
        """`known`: it was told of before this process began."""
        self._since: int | None = now if known else None
        self._over_since: int | None = None
        self._looked = now
        self._turn = 0
        self.lasting = known

    def counted(self, connections: int, ours: int, now: int, turn: int = 0) -> None:
        """What Slack said just now, and how many of these are accounted for; `turn`: this replica's, from 0."""
        self._looked = now
        self._turn = turn
        if connections > ours:
            self._over_since = None
            self._since = now if self._since is None else self._since
            self.lasting = self.lasting or now - self._since >= SURPLUS_AFTER_MS
            return
        self._over_since = now if self._over_since is None else self._over_since
        if not self.lasting or now - self._over_since >= SURPLUS_AFTER_MS:
            self._since = self._over_since = None
            self.lasting = False

    def asked(self, now: int) -> None:
        """Slack was asked, and has not answered yet."""
        self._looked = now

    @property
    def suspected(self) -> bool:
        """Whether Slack counted too many the last time, however short a while ago."""
        return self._since is not None

    def look_due(self, now: int) -> bool:
        """Whether Slack should be asked again."""
        return self.suspected and now - self._looked >= LOOK_INTERVAL_MS + self._turn * TURN
