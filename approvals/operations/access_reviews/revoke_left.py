"""After the end of a review an approver has something end that nobody reviewed, and that stayed."""

from __future__ import annotations

from approvals.access_review import ReviewVerdict
from approvals.evidence import Holders
from approvals.ledger import Ledger, access_reviews
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.by_requests import end_requests
from approvals.operations.access_reviews.decide import RevokedItem
from approvals.people import Person
from approvals.queries.access_reviews import approver_of, is_own
from approvals.refusals.access_review import ItemDecided, UnknownItemOfReview
from approvals.refusals.drift import OwnDrift


def revoke_left(
    ledger: Ledger, team_id: str, item_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> RevokedItem:
    """All that its requests gave ends, by the approver's word. What came of the review stays as it was signed off.

    Raises:
        Refusal: the actor may not approve, or it is theirs; no review that is over left it, or not to be revoked by
            requests; nothing of it can be revoked.
    """
    with ledger.write() as tx:
        approver = approver_of(tx, team_id, actor, admins)
        item = access_reviews.item(tx, item_id)
        review = access_reviews.get(tx, item.review_id) if item else None
        if item is None or review is None or review.closed_at is None or not item.access.requests:
            raise UnknownItemOfReview()
        if is_own(item, approver, actor):
            raise OwnDrift()
        if item.verdict is not None:
            raise ItemDecided()
        ended, stays = end_requests(tx, team_id, item, actor, admins, now)
        verdict = None if stays else ReviewVerdict.REVOKE if ended else ReviewVerdict.GONE
        return RevokedItem(item, verdict, ended, stays)
