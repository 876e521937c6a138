"""Of whom the cloud's own record is asked who gave them what they have: of each thing once."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.drift import DriftRow
from approvals.evidence import Holders
from approvals.ledger import Ledger, drift_rows, people
from approvals.millis import DAY, DomainMillis
from approvals.operations.cloud_record.read import COMPLETE_AFTER_MS, is_readable
from approvals.people import Principal
from approvals.queries.access_report import AccessReport
from approvals.queries.actor import may_decide
from approvals.queries.drift import drift_rows_of
from approvals.queries.givers import NEAR_MS, calls_that_give, was_asked, with_givers

KEPT_FOR_MS = 89 * DAY
"""ActionTrail keeps 90 days, and takes no question about more (help/actiontrail, LookupEvents)."""


def rows_to_ask(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    found: AccessReport,
    own_user: Principal | None,
    admins: Holders,
    now: DomainMillis,
) -> list[DriftRow]:
    """Those that are so, and of which the record may say who gave them, which nobody asked it before. None while
    nothing was ever seen in the record: that it says nothing is no answer then.
    """
    with ledger.read() as tx:
        if not is_readable(tx):
            return []
        kept = drift_rows.every_one(tx)
        rows = drift_rows_of(tx, catalog, people.links(tx, team_id), found, may_decide(tx, admins), own_user, now)
        said = with_givers(tx, rows, kept, now)
    return [
        row
        for row in rows
        if calls_that_give(row) and row.about not in said and not was_asked(row, kept) and _is_told_of(row, now)
    ]


def _is_told_of(row: DriftRow, now: DomainMillis) -> bool:
    """Not so long ago that it is forgotten, nor so recently that it may still come."""
    return row.since is not None and now - KEPT_FOR_MS + NEAR_MS <= row.since <= now - COMPLETE_AFTER_MS - NEAR_MS
