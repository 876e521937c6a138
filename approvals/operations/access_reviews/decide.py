"""An approver says of what somebody has that it stays, or goes."""

from __future__ import annotations

from typing import Any

from approvals import rules
from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, access_reviews, drift_rows, trail
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.finish import close_in
from approvals.operations.drift.propose import propose_in
from approvals.operations.revoke import revoke_in
from approvals.people import Person, Principal
from approvals.queries.access_reviews import is_own
from approvals.queries.actor import standing
from approvals.refusals.access_review import ItemDecided, ReviewOver, UnknownItemOfReview
from approvals.refusals.drift import DriftBarred, DriftPending, OwnDrift
from approvals.refusals.people import NotLinked
from approvals.rules import Act

REASON = "Access review"
"""What the audit trail has as the reason of what a review revokes."""


def keep(ledger: Ledger, team_id: str, item_id: str, actor: Person, admins: Holders, now: DomainMillis) -> ReviewItem:
    """It stays as it is.

    Raises:
        Refusal: the actor may not approve, or it is theirs; unknown, decided otherwise, or the review is over.
    """
    with ledger.write() as tx:
        approver, review, item = _judged(tx, team_id, item_id, ReviewVerdict.KEEP, actor, admins)
        if item.verdict is None:
            _say(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
            _close_if_done(tx, review, now)
        return item


def keep_harmless(
    ledger: Ledger, team_id: str, review_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> int:
    """All that is the actor's part, was granted by a request and takes one approval stays; how many that were.

    Raises:
        Refusal: the actor may not approve, or the review is over.
    """
    with ledger.write() as tx:
        approver = _approver(tx, team_id, actor, admins)
        review = access_reviews.get(tx, review_id)
        if review is None or not review.open:
            raise ReviewOver()
        kept = [
            item
            for item in access_reviews.open_items(tx, review.id)
            if item.harmless and item.reviewer in actor.ids and not is_own(item, approver, actor)
        ]
        for item in kept:
            _say(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
        _close_if_done(tx, review, now)
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
        Refusal: the actor may not approve, or it is theirs; unknown, decided otherwise, or the review is over; it
            cannot be revoked from here.
    """
    with ledger.write() as tx:
        approver, review, item = _judged(tx, team_id, item_id, ReviewVerdict.REVOKE, actor, admins)
        if item.verdict is not None:
            return item, item.verdict
        if item.access.requests:
            done = [revoke_in(tx, team_id, each, actor, admins, now, REASON) for each in item.access.requests]
            verdict = ReviewVerdict.REVOKE if any(done) else ReviewVerdict.GONE
        else:
            verdict = _ask_to_revoke(tx, catalog, team_id, item, actor, admins, now)
        _say(tx, item, verdict, approver, actor.user_id, now)
        _close_if_done(tx, review, now)
        return item, verdict


def _ask_to_revoke(
    tx: Tx, catalog: Catalog, team_id: str, item: ReviewItem, actor: Person, admins: Holders, now: DomainMillis
) -> ReviewVerdict:
    if item.access.barred is not None:
        raise DriftBarred()
    kept = drift_rows.every_one(tx).get(item.access.about)
    if kept is None:
        return ReviewVerdict.GONE
    try:
        propose_in(tx, catalog, team_id, kept.id, DriftAction.REVOKE, None, REASON, actor, admins, now)
    except DriftPending:
        """Somebody asked for it already, and another one decides."""
    return ReviewVerdict.REVOKE


def _judged(
    tx: Tx, team_id: str, item_id: str, wanted: ReviewVerdict, actor: Person, admins: Holders
) -> tuple[Principal, AccessReview, ReviewItem]:
    approver = _approver(tx, team_id, actor, admins)
    item = access_reviews.item(tx, item_id)
    review = access_reviews.get(tx, item.review_id) if item else None
    if item is None or review is None:
        raise UnknownItemOfReview()
    if is_own(item, approver, actor):
        raise OwnDrift()
    if item.verdict is not None and (item.verdict is not wanted or item.said_by not in actor.ids):
        raise ItemDecided()
    if item.verdict is None and not review.open:
        raise ReviewOver()
    return approver, review, item


def _approver(tx: Tx, team_id: str, actor: Person, admins: Holders) -> Principal:
    approver = rules.authorise(Act.ACCESS_REVIEW, actor, standing(tx, team_id, actor, admins))
    if approver is None:
        raise NotLinked()
    return approver


def _say(
    tx: Tx, item: ReviewItem, verdict: ReviewVerdict, approver: Principal, by: SlackUserId, now: DomainMillis
) -> None:
    access_reviews.say(tx, item, verdict, by, now)
    access = item.access
    said: dict[str, Any] = {"review": item.review_id, "item": item.id, "verdict": verdict.value}
    trail.append_event(
        tx,
        now,
        AuditEvent.ACCESS_REVIEWED,
        **said,
        entitlement=str(access.entitlement),
        ram_user_id=access.principal.user_id,
        ram_user=access.principal.name,
        requests=list(access.requests),
        by_slack=by,
        by_ram_user=approver.name,
        by_ram_user_id=approver.user_id,
    )


def _close_if_done(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    if not access_reviews.open_items(tx, review.id):
        close_in(tx, review, now)
