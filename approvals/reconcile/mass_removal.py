"""What looks removed all at once is not believed: a key of another account, a product that lists nobody, or a fault of
RAM's look like that. It is held back until a person or the cloud says which it is.
"""

from __future__ import annotations

from approvals.grant import Grant
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, grants, notices, open_grants
from approvals.millis import MINUTE, DomainMillis
from approvals.notice import Notice
from approvals.outbox.notices import close_notice, raise_notice

MOST, ONE_IN = 3, 10
"""More grants than that, and more than one in so many of those that are active: then it is too much at once."""
REMOVAL_WINDOW_MS = 5 * MINUTE
"""Domain time for which a removal counts as one of these."""


def too_much(tx: Tx, now: DomainMillis) -> bool:
    """Whether so many look removed that it is to be held back; approvers are told then."""
    missing = open_grants.missing(tx)
    lately = grants.removed_outside_since(tx, now - REMOVAL_WINDOW_MS)
    looks = len(missing) + lately
    if looks <= MOST:
        return False
    active = open_grants.count_active(tx) + lately
    if looks * ONE_IN <= active:
        return False
    raise_notice(
        tx,
        now,
        NoticeKind.VANISHED,
        "",
        {"grants": [_shown(grant) for grant in missing], "looks": looks, "active": active},
    )
    return True


def look_after(tx: Tx, now: DomainMillis) -> None:
    """Nothing that a notice is about looks removed any more, or runs any more: there is nothing left to ask."""
    notice = notices.open_about(tx, NoticeKind.VANISHED, "")
    if notice is not None and not still_missing(tx, notice):
        close_notice(tx, now, notice.id, NoticeOutcome.NO_LONGER_SO)


def still_missing(tx: Tx, notice: Notice) -> list[Grant]:
    """What a notice is about and still looks removed."""
    named = {int(each["id"]) for each in notice.details["grants"]}
    return [grant for grant in open_grants.missing(tx) if grant.id in named]


def _shown(grant: Grant) -> dict[str, int | str]:
    return {
        "id": grant.id,
        "request": grant.request_id,
        "ram_user": grant.principal.name,
        "what": str(grant.entitlement),
    }
