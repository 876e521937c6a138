"""Whether an approver may decide on an item of an access review, and the record of what they said of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.audit_events import AuditEvent
from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Tx, access_reviews, open_grants, trail
from approvals.millis import DomainMillis
from approvals.people import Person, Principal
from approvals.queries.access_reviews import approver_of, is_own, reviewers
from approvals.refusals.access_review import ItemDecided, OthersPart, ReviewOver, UnknownItemOfReview
from approvals.refusals.drift import GrantedMeanwhile, OwnDrift


def judged_item(
    tx: Tx, team_id: str, item_id: str, actor: Person, admins: Holders, outcomes: Collection[ReviewVerdict]
) -> tuple[Principal, AccessReview, ReviewItem]:
    """As whom somebody decides, and on what. `outcomes`: what their own click of before may have come to.

    Raises:
        Refusal: the actor may not approve, or it is theirs, or another approver's part; unknown, decided otherwise, or
            the review is over.
    """
    approver = approver_of(tx, team_id, actor, admins)
    item = access_reviews.item(tx, item_id)
    review = access_reviews.get(tx, item.review_id) if item else None
    if item is None or review is None:
        raise UnknownItemOfReview()
    if is_own(item, approver, actor):
        raise OwnDrift()
    if item.said_by is None and not review.open:
        raise ReviewOver()
    if item.verdict is not None and (item.verdict not in outcomes or item.said_by not in actor.ids):
        raise ItemDecided()
    others = {account for _, account in reviewers(tx, team_id, admins)} - actor.ids
    if item.reviewer is not None and item.reviewer in others:
        raise OthersPart(by=item.reviewer)
    return approver, review, item


def given_otherwise(tx: Tx, item: ReviewItem, ends_at: DomainMillis | None = None) -> list[int]:
    """Requests that are not among those of the item and give it: for longer than until `ends_at`, where it is said."""
    key = Key(item.access.principal.user_id, item.access.entitlement)
    others = [
        grant.request_id
        for grant in open_grants.on_key(tx, key)
        if grant.request_id not in item.access.requests
        and grant.state is not GrantState.ENDING
        and (ends_at is None or grant.ends_at is None or grant.ends_at > ends_at)
    ]
    return list(dict.fromkeys(others))


def check_no_other(tx: Tx, item: ReviewItem) -> None:
    """Whether a request that is not among those of the item gives it.

    Raises:
        Refusal: GrantedMeanwhile.
    """
    if given_otherwise(tx, item):
        raise GrantedMeanwhile()


def record_word(
    tx: Tx,
    item: ReviewItem,
    verdict: ReviewVerdict,
    approver: Principal,
    by: SlackUserId,
    now: DomainMillis,
    ends_at: DomainMillis | None = None,
) -> None:
    """What somebody said of it. `ends_at`: until when it runs by that."""
    access_reviews.say(tx, item, verdict, by, now)
    access = item.access
    said: dict[str, Any] = {"review": item.review_id, "item": item.id, "verdict": verdict.value, "ends_at": ends_at}
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
