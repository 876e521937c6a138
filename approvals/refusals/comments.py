"""Because a comment cannot be sent."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.millis import DomainMillis


@dataclass(eq=False)
class CommentMissing(Refusal):
    """There is nothing in it that anybody would see."""

    reason = "comment_missing"


@dataclass(eq=False)
class CommentTooLong(Refusal):
    """Nobody would read all of it."""

    reason = "comment_too_long"
    characters: int
    most: int


@dataclass(eq=False)
class TooManyComments(Refusal):
    """As many were written on this request within the hour as may be."""

    reason = "too_many_comments"
    request: str
    until: DomainMillis
    """Milliseconds since the epoch: when there may be another one."""
