"""How much is due, and how much should be over by now: counted among what is due alone."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger.job_kinds import JobKind, is_one_of
from approvals.ledger.lanes import APPROVALS, UPDATES
from approvals.millis import DomainMillis, RealMillis
from approvals.transaction import Tx

LANES = ("ram", "slack", APPROVALS, UPDATES, "none")
"""Those that are there in every installation; each product of members has one besides. `slack` stands for all that is
posted elsewhere than to the approvals channel, and `none` for work that waits for no far side."""


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """The work of one lane that is due."""

    due: int = 0
    """Also what a worker has in hand, and what waits to be tried again."""
    retrying: int = 0
    """Of that, what did not succeed at first and is in nobody's hands."""
    waiting_ms: int = 0
    """For so many milliseconds the oldest that could be begun was not."""


def by_lane(tx: Tx, now: DomainMillis, real: RealMillis) -> dict[str, LaneFigures]:
    """Those of every lane of LANES, and of any other where something is due. The names of lanes have the ids of
    conversations in them, which say who somebody is: those are put together.
    """
    of_kinds, named = is_one_of(JobKind)
    rows = tx.rows(
        "SELECT CASE WHEN lane IS NULL THEN 'none' WHEN lane = :approvals OR lane = :updates THEN lane"
        " WHEN substr(lane, 1, 6) = :slack THEN 'slack' ELSE lane END AS name, COUNT(*) AS due,"
        " SUM(CASE WHEN attempts > 0 AND locked_until_real <= :real THEN 1 ELSE 0 END) AS retrying,"
        " MAX(CASE WHEN locked_until_real > :real OR not_before_real > :real THEN 0"
        " WHEN :now - due_at < :real - not_before_real THEN :now - due_at ELSE :real - not_before_real END) AS waiting"
        f" FROM jobs WHERE {of_kinds} AND due_at <= :now GROUP BY 1",
        now=now,
        real=real,
        approvals=APPROVALS,
        updates=UPDATES,
        slack="slack:",
        **named,
    )
    found = {row["name"]: LaneFigures(int(row["due"]), int(row["retrying"]), int(row["waiting"])) for row in rows}
    return dict.fromkeys(LANES, LaneFigures()) | found


def overdue(tx: Tx, before: DomainMillis, by_hand_before: DomainMillis) -> int:
    """How many grants should have ended by a moment of domain time, by another where people take them away, and are not
    seen gone: also those that nobody has begun to take away.
    """
    row = tx.row(
        "SELECT COUNT(*) AS number FROM (SELECT id, entitlement, ends_at AS due FROM grants"
        " WHERE state IN ('granting', 'active', 'ending') AND ends_at <= :before"
        " UNION ALL SELECT id, entitlement, ending_at AS due FROM grants"
        " WHERE state = 'ending' AND ending_at <= :before AND (ends_at IS NULL OR ends_at > :before)) AS late"
        " WHERE entitlement NOT LIKE 'manual/%' OR due <= :by_hand",
        before=before,
        by_hand=by_hand_before,
    )
    return int(row["number"]) if row else 0
