"""What nobody reviewed until the end of an access review, that stays, and that requests give still: to be acted on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from approvals.access_review import AccessReview, ReviewItem
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, access_reviews
from approvals.people import Person, Principal
from approvals.queries.access_reviews import SHOWN, approver_of, as_now, goes_on, is_own
from approvals.refusals.access_review import UnknownItemOfReview

READ_AT_ONCE = 200
"""Items."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A page of it, for one approver."""

    review: AccessReview
    items: tuple[ReviewItem, ...]
    """Without what they have themselves."""
    after: str
    """The id of the item after which the page begins; empty for the first page."""
    more: bool
    """Whether another page follows."""


def left_over(ledger: Ledger, team_id: str, review_id: str, after: str, actor: Person, admins: Holders) -> LeftOver:
    """Raises:
    Refusal: the actor may not approve, or there is no such review that is over.
    """
    with ledger.read() as tx:
        approver = approver_of(tx, team_id, actor, admins)
        review = access_reviews.get(tx, review_id)
        if review is None or review.closed_at is None:
            raise UnknownItemOfReview()
        found = [*islice(_left(tx, review, after, approver, actor), SHOWN + 1)]
        items = tuple(as_now(tx, item) for item in found[:SHOWN])
        return LeftOver(review, items, after, more=len(found) > SHOWN)


def _left(tx: Tx, review: AccessReview, after: str, approver: Principal, actor: Person) -> Iterator[ReviewItem]:
    item = access_reviews.item(tx, after)
    about = item.access.about if item else ""
    while page := access_reviews.open_after(tx, review.id, about, READ_AT_ONCE):
        about = page[-1].access.about
        yield from (each for each in page if not is_own(each, approver, actor) and goes_on(tx, each.access))
