"""Of whom the cloud's own record is asked who gave them what they have: of each thing once."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.drift import DriftRow
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, cloud_reads, drift_rows, identity, people
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.operations.cloud_record.read import COMPLETE_AFTER_MS, EARLIER_MS, RAM_QUERIES, is_readable
from approvals.people import Principal
from approvals.queries.access_report import AccessReport
from approvals.queries.actor import may_decide
from approvals.queries.drift import drift_rows_of
from approvals.queries.givers import NEAR_MS, ReadTime, calls_that_give, was_asked, with_givers

LATE_MS = 15 * MINUTE
"""So late events come (help/actiontrail, limits); `COMPLETE_AFTER_MS` is more than that."""
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
        said = with_givers(tx, rows, kept, now, read_time(tx))
    return [
        row
        for row in rows
        if calls_that_give(row) and row.about not in said and not was_asked(row, kept) and _is_told_of(row, now)
    ]


def read_time(tx: Tx) -> ReadTime:
    """Of other times some of it is kept: whoever made one of two calls is not named while the other was not read."""
    settled = [read.settled for query, read in cloud_reads.every_one(tx).items() if query in RAM_QUERIES]
    begun = identity.get(tx, identity.CLOUD_READ_FROM)
    if not settled or begun is None:
        return ReadTime(DomainMillis(0), DomainMillis(0))
    return ReadTime(DomainMillis(int(begun) - EARLIER_MS), DomainMillis(min(settled) + COMPLETE_AFTER_MS - LATE_MS))


def _is_told_of(row: DriftRow, now: DomainMillis) -> bool:
    """Not so long ago that it is forgotten, nor so recently that it may still come."""
    return row.since is not None and now - KEPT_FOR_MS + NEAR_MS <= row.since <= now - COMPLETE_AFTER_MS - NEAR_MS
