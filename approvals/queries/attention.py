"""What approvers should look at besides what waits for their decision: counts alone, each found without going through
what is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from approvals.grant import ALARM_AFTER_MS, BY_HAND_ALARM_AFTER_MS
from approvals.kinds import NoticeKind
from approvals.ledger import drift_rows, due_figures, notices
from approvals.millis import DomainMillis
from approvals.transaction import Tx

ALARMING = (
    NoticeKind.STOLEN_KEY,
    NoticeKind.NOT_IN_RECORD,
    NoticeKind.OUTSIDE_WRITES,
    NoticeKind.VANISHED,
    NoticeKind.NEW_ADMIN,
    NoticeKind.LEAVER,
    NoticeKind.BLOCKED_END,
    NoticeKind.UNKNOWN_ORIGIN,
    NoticeKind.MORE_UNKNOWN_ORIGIN,
    NoticeKind.FEW_APPROVERS,
    NoticeKind.OTHER_LEDGER,
    NoticeKind.WRONG_ACCOUNT,
)
"""Notices that approvers look after, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Attention:
    """How much there is of each."""

    overdue: int
    """Grants that should be gone for so long that it is said: 5 minutes, by hand a day."""
    alarms: Mapping[NoticeKind, int]
    """Open notices, of the `ALARMING` kinds that there are any of."""
    drift: int
    """Things that no request accounts for, as they were found last, without those that somebody accepted."""


def attention(tx: Tx, now: DomainMillis) -> Attention:
    """As the ledger has it at this moment of domain time."""
    open_ones = notices.count_open(tx)
    return Attention(
        due_figures.overdue(tx, DomainMillis(now - ALARM_AFTER_MS), DomainMillis(now - BY_HAND_ALARM_AFTER_MS)),
        {kind: open_ones[kind] for kind in ALARMING if open_ones.get(kind)},
        drift_rows.count(tx, now),
    )
