"""How far the cloud's own record was read, of each query."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger.columns import known
from approvals.millis import DomainMillis
from approvals.transaction import Tx


@dataclass(frozen=True, slots=True)
class CloudRead:
    """Of one query."""

    query: str
    region: str
    settled: DomainMillis
    """Until then all of it was read, and nothing more is expected to come."""
    state: str
    """What the last look came to."""
    since: DomainMillis
    """When the last look began to come to that."""
    read_to: DomainMillis | None = None
    """Where a look was cut short; the next one goes on there."""
    seen: DomainMillis | None = None
    """When an event was last told of, ours or another's."""


def every_one(tx: Tx) -> dict[str, CloudRead]:
    """By query."""
    rows = tx.rows("SELECT * FROM cloud_reads ORDER BY query")
    return {row["query"]: CloudRead(**known(row, CloudRead)) for row in rows}


def put(tx: Tx, read: CloudRead) -> None:
    """In the place of what was known of the same query."""
    tx.run(
        "INSERT INTO cloud_reads (query, region, settled, read_to, seen, state, since)"
        " VALUES (:query, :region, :settled, :read_to, :seen, :state, :since)"
        " ON CONFLICT (query) DO UPDATE SET region = excluded.region, settled = excluded.settled,"
        " read_to = excluded.read_to, seen = excluded.seen, state = excluded.state, since = excluded.since",
        query=read.query,
        region=read.region,
        settled=read.settled,
        read_to=read.read_to,
        seen=read.seen,
        state=read.state,
        since=read.since,
    )


def forget(tx: Tx, query: str | None = None) -> None:
    """It is not read any more; without `query`, none is."""
    tx.run("DELETE FROM cloud_reads WHERE query = COALESCE(:query, query)", query=query)
