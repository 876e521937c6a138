"""Who is on call, as Slack's user groups say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnCall:
    """Which of the user groups that the catalogue names somebody is in, by the names that it gives them."""

    names: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Those of which Slack does not say who is in them."""

    @property
    def all_names(self) -> tuple[str, ...] | None:
        """All that they are in; None where Slack does not say it of each."""
        return None if self.unread else self.names
