"""What was granted elsewhere, and an approver would not keep in a review: another approver is asked."""

from __future__ import annotations

from approvals.access_review import ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.evidence import Holders
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, drift_rows, notices
from approvals.millis import DomainMillis
from approvals.notice import Notice
from approvals.operations.access_reviews.judge import check_no_other
from approvals.operations.drift.propose import propose_in
from approvals.people import Person
from approvals.refusals.access_review import ItemDecided
from approvals.refusals.drift import DriftBarred, DriftPending

REASON = "Access review"
"""What approvers and the audit trail read as the reason of what a review asks for, or revokes."""


def ask_another(
    tx: Tx,
    catalog: Catalog,
    team_id: str,
    item: ReviewItem,
    action: DriftAction,
    duration: int | None,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> ReviewVerdict:
    """Have it revoked, or adopted with an end so many milliseconds after the other one's approval. GONE where it is no
    longer there.

    Raises:
        Refusal: it cannot be changed from here, a request gives it by now, or something else is asked for already.
    """
    if item.access.barred is not None:
        raise DriftBarred()
    check_no_other(tx, item)
    kept = drift_rows.every_one(tx).get(item.access.about)
    if kept is None:
        return ReviewVerdict.GONE
    asked = notices.open_about(tx, NoticeKind.DRIFT_REQUEST, kept.row.about)
    if asked is None:
        propose_in(tx, catalog, team_id, kept.id, action, duration, REASON, actor, admins, now)
    elif not _is_for(asked, action, duration):
        raise DriftPending()
    return ReviewVerdict.ASKED


def check_asked_for(tx: Tx, item: ReviewItem, action: DriftAction, duration: int | None) -> None:
    """Where another approver is asked, whether that is for the same.

    Raises:
        Refusal: ItemDecided.
    """
    if item.verdict is ReviewVerdict.ASKED:
        asked = notices.open_about(tx, NoticeKind.DRIFT_REQUEST, item.access.about)
        if asked is None or not _is_for(asked, action, duration):
            raise ItemDecided()


def _is_for(asked: Notice, action: DriftAction, duration: int | None) -> bool:
    return (asked.details["action"], asked.details["duration"]) == (action, duration)
