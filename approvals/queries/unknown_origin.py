"""What somebody has of which the ledger does not know where it is from, and nobody has decided on yet."""

from __future__ import annotations

from approvals.entitlements import Key
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, notices
from approvals.notice import MORE_KEYS


def unknown(tx: Tx) -> frozenset[Key]:
    """What is told to approvers right now, and nobody has decided on."""
    asked = {notice.about for notice in notices.open_of(tx, NoticeKind.UNKNOWN_ORIGIN)}
    for notice in notices.open_of(tx, NoticeKind.MORE_UNKNOWN_ORIGIN):
        asked.update(notice.details[MORE_KEYS])
    return frozenset(map(Key.parse, asked))
