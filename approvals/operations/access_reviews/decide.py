"""An approver says of what somebody has that it stays, or goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from approvals.access_review import ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.evidence import Holders
from approvals.ledger import Ledger, access_reviews
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.ask_another import ask_another, check_asked_for
from approvals.operations.access_reviews.by_requests import StillGiving, end_requests
from approvals.operations.access_reviews.judge import judged_item, record_word
from approvals.outbox.access_reviews import close_if_done
from approvals.people import Person
from approvals.queries.access_reviews import approver_of, of_part
from approvals.refusals.access_review import ReviewOver

KEPT = (ReviewVerdict.KEEP,)
REVOKED = (ReviewVerdict.REVOKE, ReviewVerdict.ASKED, ReviewVerdict.GONE)


def keep(ledger: Ledger, team_id: str, item_id: str, actor: Person, admins: Holders, now: DomainMillis) -> ReviewItem:
    """It stays as it is.

    Raises:
        Refusal: the actor may not approve, or it is theirs; unknown, decided otherwise, or the review is over.
    """
    with ledger.write() as tx:
        approver, review, item = judged_item(tx, team_id, item_id, actor, admins, KEPT)
        if item.verdict is None:
            record_word(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
            close_if_done(tx, review, now)
        return item


def keep_harmless(
    ledger: Ledger,
    team_id: str,
    review_id: str,
    item_ids: Collection[str],
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> int:
    """Of these, which the actor was shown, all that a request granted, that takes one approval and that is still the
    actor's to decide stays; how many that were.

    Raises:
        Refusal: the actor may not approve, or the review is over.
    """
    with ledger.write() as tx:
        approver = approver_of(tx, team_id, actor, admins)
        review = access_reviews.open_one(tx)
        if review is None or review.id != review_id or not review.open:
            raise ReviewOver()
        named = [access_reviews.item(tx, each) for each in sorted(set(item_ids))]
        left = [item for item in named if item and item.review_id == review.id and item.verdict is None]
        kept = [item for item in of_part(tx, team_id, left, approver, actor, admins) if item.harmless]
        for item in kept:
            record_word(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
        close_if_done(tx, review, now)
        return len(kept)


class RevokedItem(NamedTuple):
    """What came of it."""

    item: ReviewItem
    verdict: ReviewVerdict | None
    """REVOKE, ASKED or GONE; None where it is to be decided yet, since something gives it all the same."""
    ended: tuple[int, ...] = ()
    """Requests of which all ends that they gave."""
    stays: tuple[StillGiving, ...] = ()


def revoke_reviewed(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    item_id: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> RevokedItem:
    """What requests gave ends; of what was granted elsewhere another approver is asked. The verdict is GONE where
    neither is there any more. What speaks against one request keeps none of the others.

    Raises:
        Refusal: the actor may not approve, or it is theirs, or another approver's part; unknown, decided otherwise, or
            the review is over; nothing of it can be revoked from here, it is given by another request by now, or to be
            adopted.
    """
    with ledger.write() as tx:
        approver, review, item = judged_item(tx, team_id, item_id, actor, admins, REVOKED)
        if item.verdict is not None:
            check_asked_for(tx, item, DriftAction.REVOKE, None)
            return RevokedItem(item, item.verdict)
        if item.access.requests:
            ended, stays = end_requests(tx, team_id, item, actor, admins, now)
            if stays:
                return RevokedItem(item, None, ended, stays)
            verdict = ReviewVerdict.REVOKE if ended else ReviewVerdict.GONE
        else:
            verdict = ask_another(tx, catalog, team_id, item, DriftAction.REVOKE, None, actor, admins, now)
        record_word(tx, item, verdict, approver, actor.user_id, now)
        close_if_done(tx, review, now)
        return RevokedItem(item, verdict)
