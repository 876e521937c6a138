"""An approver says of what somebody has that it stays, or goes."""

from __future__ import annotations

from collections.abc import Collection

from approvals.access_review import ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, access_reviews
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.ask_another import REASON, ask_another, check_asked_for
from approvals.operations.access_reviews.judge import check_no_other, judged_item, record_word
from approvals.operations.revoke import revoke_in
from approvals.outbox.access_reviews import close_if_done
from approvals.people import Person
from approvals.queries.access_reviews import approver_of, of_part
from approvals.refusals.access_review import ReviewOver
from approvals.refusals.grant import BeingTakenAway, NothingToRevoke

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


def revoke_reviewed(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    item_id: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> tuple[ReviewItem, ReviewVerdict]:
    """What requests gave ends; of what was granted elsewhere another approver is asked. The verdict is GONE where
    neither is there any more.

    Raises:
        Refusal: the actor may not approve, or it is theirs, or another approver's part; unknown, decided otherwise, or
            the review is over; it cannot be revoked from here, is given by another request by now, or to be adopted.
    """
    with ledger.write() as tx:
        approver, review, item = judged_item(tx, team_id, item_id, actor, admins, REVOKED)
        if item.verdict is not None:
            check_asked_for(tx, item, DriftAction.REVOKE, None)
            return item, item.verdict
        if item.access.requests:
            verdict = _end_requests(tx, team_id, item, actor, admins, now)
        else:
            verdict = ask_another(tx, catalog, team_id, item, DriftAction.REVOKE, None, actor, admins, now)
        record_word(tx, item, verdict, approver, actor.user_id, now)
        close_if_done(tx, review, now)
        return item, verdict


def _end_requests(
    tx: Tx, team_id: str, item: ReviewItem, actor: Person, admins: Holders, now: DomainMillis
) -> ReviewVerdict:
    """Raises:
    Refusal: HeldBefore, or GrantedMeanwhile where another request gives it by now.
    """
    refusals = [revoke_in(tx, team_id, each, actor, admins, now, REASON) for each in item.access.requests]
    for refusal in refusals:
        if refusal is not None and not isinstance(refusal, (BeingTakenAway, NothingToRevoke)):
            raise refusal
    check_no_other(tx, item)
    gone = all(isinstance(refusal, NothingToRevoke) for refusal in refusals)
    return ReviewVerdict.GONE if gone else ReviewVerdict.REVOKE
