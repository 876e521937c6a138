"""Access reviews in a ledger, as if people had gone through them."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.entitlements import policy
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, access_reviews
from approvals.millis import DAY, DomainMillis
from approvals.people import Principal

REVIEWERS = tuple(SlackUserId(f"U0REVIEWER{number}") for number in range(3))
ITEMS = 24
SAID = 18


def add_reviews(ledger: Ledger, now: DomainMillis) -> None:
    """One of a quarter ago, signed off, in which a few things were not reviewed, and one that is open."""
    before = AccessReview("a" * 32, DomainMillis(now - 90 * DAY), "schedule", DomainMillis(now - 60 * DAY))
    with ledger.write() as tx:
        items = _begin(tx, replace(before, unreviewed=Unreviewed.REVOKE))
        verdicts = cycle([ReviewVerdict.KEEP, ReviewVerdict.KEEP, ReviewVerdict.REVOKE, ReviewVerdict.GONE])
        for item, verdict in zip(items[:SAID], verdicts, strict=False):
            access_reviews.say(tx, item, verdict, item.reviewer or REVIEWERS[0], before.started_at)
        for item, stays in zip(items[SAID:], cycle([None, *Stays]), strict=False):
            access_reviews.end_item(tx, item, None if stays else ReviewVerdict.REVOKE_UNREVIEWED, stays)
        access_reviews.close(tx, before, before.due_at)
        access_reviews.sign(tx, before, REVIEWERS[0], DomainMillis(before.due_at + DAY))
        _begin(tx, AccessReview("b" * 32, now, "schedule", DomainMillis(now + 30 * DAY), complete=False))


def _begin(tx: Tx, review: AccessReview) -> list[ReviewItem]:
    access_reviews.add(tx, review)
    items = [
        ReviewItem(
            f"{review.id[:16]}{number:016x}",
            review.id,
            ReviewedAccess(Principal(RamUserId(f"20{number}"), f"engineer-{number}"), policy("PaiRecEngineAccess")),
            True,
            REVIEWERS[number % len(REVIEWERS)],
        )
        for number in range(ITEMS)
    ]
    access_reviews.collect(tx, replace(review, collected_at=review.started_at), items)
    return items
