"""An approver says of what somebody has that it stays, or goes."""

from __future__ import annotations

from typing import Any

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.entitlements import Key
from approvals.evidence import Holders
from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Ledger, Tx, access_reviews, drift_rows, notices, open_grants, trail
from approvals.millis import DomainMillis
from approvals.operations.drift.propose import propose_in
from approvals.operations.revoke import revoke_in
from approvals.outbox.access_reviews import close_if_done
from approvals.people import Person, Principal
from approvals.queries.access_reviews import approver_of, is_own, part_in, reviewers
from approvals.refusals.access_review import ItemDecided, OthersPart, ReviewOver, UnknownItemOfReview
from approvals.refusals.drift import DriftBarred, DriftPending, GrantedMeanwhile, OwnDrift
from approvals.refusals.grant import BeingTakenAway, NothingToRevoke

REASON = "Access review"
"""What the audit trail has as the reason of what a review revokes."""


def keep(ledger: Ledger, team_id: str, item_id: str, actor: Person, admins: Holders, now: DomainMillis) -> ReviewItem:
    """It stays as it is.

    Raises:
        Refusal: the actor may not approve, or it is theirs; unknown, decided otherwise, or the review is over.
    """
    with ledger.write() as tx:
        approver, review, item = _judged(tx, team_id, item_id, actor, admins, keeps=True)
        if item.verdict is None:
            _say(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
            close_if_done(tx, review, now)
        return item


def keep_harmless(
    ledger: Ledger, team_id: str, review_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> int:
    """Of the actor's part that is shown, all that a request granted and that takes one approval stays; how many that
    were.

    Raises:
        Refusal: the actor may not approve, or the review is over.
    """
    with ledger.write() as tx:
        approver = approver_of(tx, team_id, actor, admins)
        part = part_in(tx, team_id, approver, actor, admins)
        if part.review is None or part.review.id != review_id:
            raise ReviewOver()
        kept = [item for item in part.shown if item.harmless]
        for item in kept:
            _say(tx, item, ReviewVerdict.KEEP, approver, actor.user_id, now)
        close_if_done(tx, part.review, now)
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
        approver, review, item = _judged(tx, team_id, item_id, actor, admins, keeps=False)
        if item.verdict is not None:
            return item, item.verdict
        if item.access.requests:
            verdict = _end_requests(tx, team_id, item, actor, admins, now)
        else:
            verdict = _ask_to_revoke(tx, catalog, team_id, item, actor, admins, now)
        _say(tx, item, verdict, approver, actor.user_id, now)
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
    _check_no_other(tx, item)
    gone = all(isinstance(refusal, NothingToRevoke) for refusal in refusals)
    return ReviewVerdict.GONE if gone else ReviewVerdict.REVOKE


def _ask_to_revoke(
    tx: Tx, catalog: Catalog, team_id: str, item: ReviewItem, actor: Person, admins: Holders, now: DomainMillis
) -> ReviewVerdict:
    if item.access.barred is not None:
        raise DriftBarred()
    _check_no_other(tx, item)
    kept = drift_rows.every_one(tx).get(item.access.about)
    if kept is None:
        return ReviewVerdict.GONE
    asked = notices.open_about(tx, NoticeKind.DRIFT_REQUEST, kept.row.about)
    if asked is None:
        propose_in(tx, catalog, team_id, kept.id, DriftAction.REVOKE, None, REASON, actor, admins, now)
    elif asked.details["action"] != DriftAction.REVOKE:
        raise DriftPending()
    return ReviewVerdict.ASKED


def _check_no_other(tx: Tx, item: ReviewItem) -> None:
    """Whether a request that is not among those of the item gives it.

    Raises:
        Refusal: GrantedMeanwhile.
    """
    key = Key(item.access.principal.user_id, item.access.entitlement)
    if any(
        grant.request_id not in item.access.requests and grant.state is not GrantState.ENDING
        for grant in open_grants.on_key(tx, key)
    ):
        raise GrantedMeanwhile()


def _judged(
    tx: Tx, team_id: str, item_id: str, actor: Person, admins: Holders, *, keeps: bool
) -> tuple[Principal, AccessReview, ReviewItem]:
    approver = approver_of(tx, team_id, actor, admins)
    item = access_reviews.item(tx, item_id)
    review = access_reviews.get(tx, item.review_id) if item else None
    if item is None or review is None:
        raise UnknownItemOfReview()
    if is_own(item, approver, actor):
        raise OwnDrift()
    if item.said_by is None and not review.open:
        raise ReviewOver()
    if item.verdict is not None and (
        (item.verdict is ReviewVerdict.KEEP) is not keeps or item.said_by not in actor.ids
    ):
        raise ItemDecided()
    others = {account for _, account in reviewers(tx, team_id, admins)} - actor.ids
    if item.reviewer is not None and item.reviewer in others:
        raise OthersPart(by=item.reviewer)
    return approver, review, item


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
