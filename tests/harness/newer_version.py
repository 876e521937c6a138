"""What a program of a newer version leaves in a ledger that this one works from as well."""

from __future__ import annotations

from approvals.kinds import NoticeKind
from approvals.ledger import Ledger
from approvals.millis import DomainMillis
from approvals.outbox.notices import raise_notice

UNKNOWN_KIND = "from-tomorrow"


def raise_unknown_notice(ledger: Ledger, to: str | None = None) -> str:
    """A notice of a kind that this program has no text of its own for; its id."""
    with ledger.write() as tx:
        notice = raise_notice(tx, DomainMillis(0), NoticeKind.LEAVER, "U0DAVE", {}, to)
        assert notice is not None
        tx.run("UPDATE notices SET what = :what WHERE id = :id", what=UNKNOWN_KIND, id=notice.id)
    return notice.id
