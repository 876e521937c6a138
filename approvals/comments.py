"""What somebody says about a request that waits, and to whom. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from approvals.ids import SlackUserId

MAX_CHARACTERS = 1_000
MOST_AN_HOUR = 10
"""Comments on one request, whoever writes them."""


class Addressee(StrEnum):
    """Whom a comment is for, as the trail has it."""

    REQUESTER = "requester"
    APPROVERS = "approvers"


@dataclass(frozen=True, slots=True)
class Comment:
    """One of them."""

    key: str
    """What it was sent with: the same once more is no other comment."""
    by: SlackUserId
    to: Addressee
    text: str
