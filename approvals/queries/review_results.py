"""What came of access reviews: how many of what, who decided, and what nobody reviewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.ids import SlackUserId
from approvals.ledger import Tx, access_reviews

NOT_REVIEWED = (None, ReviewVerdict.REVOKE_UNREVIEWED)
"""Verdicts of what nobody said anything of."""


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """One review as it stands, or as it ended."""

    review: AccessReview
    came: Mapping[ReviewVerdict | None, int]
    """How many items came to each; None is what has no verdict."""
    said: Mapping[SlackUserId, int]
    """Of how many an approver said what becomes of them, the most first."""
    unreviewed: tuple[ReviewItem, ...]
    """What nobody reviewed, or has reviewed yet, by what it is about."""


def review_results(tx: Tx, most: int) -> list[ReviewResult]:
    """The newest first, so many at most."""
    return [_result(tx, review) for review in access_reviews.every_one(tx)[:most]]


def _result(tx: Tx, review: AccessReview) -> ReviewResult:
    items = access_reviews.items(tx, review.id)
    return ReviewResult(
        review,
        Counter(item.verdict for item in items),
        dict(Counter(item.said_by for item in items if item.said_by is not None).most_common()),
        tuple(item for item in items if item.verdict in NOT_REVIEWED),
    )
