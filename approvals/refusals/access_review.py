"""Because of an access review."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId


class ReviewRuns(Refusal):
    """One is open already."""

    reason = "review_runs"


@dataclass(eq=False)
class BadReviewTime(Refusal):
    """A review takes a day at least, and half a year at most."""

    reason = "bad_review_time"
    shortest: int
    """Milliseconds."""
    longest: int
    """Milliseconds."""


class NoReview(Refusal):
    """None is open."""

    reason = "no_review"


@dataclass(eq=False)
class OthersPart(Refusal):
    """It is another approver's part, who can decide."""

    reason = "others_part"
    by: SlackUserId


class ReviewOver(Refusal):
    """It is over, or never was."""

    reason = "review_over"


class UnknownItemOfReview(Refusal):
    """No review has this."""

    reason = "unknown_review_item"


class ItemDecided(Refusal):
    """Somebody decided on it."""

    reason = "item_decided"
