"""Because nobody can be away like that."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


@dataclass(eq=False)
class AwayTooLong(Refusal):
    """It is further off than anybody knows."""

    reason = "away_too_long"
    longest: int
    """Milliseconds."""


@dataclass(eq=False)
class BadAway(Refusal):
    """It can be read neither as a moment nor as a duration."""

    reason = "bad_away"
    text: str
