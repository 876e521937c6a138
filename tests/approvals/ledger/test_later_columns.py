"""Bots of two versions work from one ledger during an upgrade: columns that the later one added change nothing for the
other; on both engines.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from approvals.access_review import AccessReview
from approvals.anchor import Anchor, AnchorTarget
from approvals.ledger import Tx, access_reviews, anchors, cloud_reads, replicas, tallies
from approvals.ledger.cloud_reads import CloudRead
from approvals.ledger.replicas import Replica
from approvals.millis import DAY, DomainMillis
from tests.harness.builders import NOW, approve
from tests.harness.jobs import Work

REVIEW = AccessReview("a" * 32, NOW, "somebody", DomainMillis(NOW + DAY))
ANCHOR = Anchor(AnchorTarget.BUCKET, 1, 1, "0" * 64, "now", "now", "ledger", "account")
READ = CloudRead("ram", "r", NOW, "read", NOW)
REPLICA = Replica("a", 1, 2, 3)
KNOWN: dict[str, tuple[Callable[[Tx], object], Callable[[Tx], object]]] = {
    "access_reviews": (lambda tx: access_reviews.add(tx, REVIEW), lambda tx: access_reviews.open_one(tx) == REVIEW),
    "anchors": (
        lambda tx: anchors.put(tx, ANCHOR, NOW),
        lambda tx: anchors.newest(tx, AnchorTarget.BUCKET) == (ANCHOR, NOW, None),
    ),
    "cloud_reads": (lambda tx: cloud_reads.put(tx, READ), lambda tx: cloud_reads.every_one(tx) == {"ram": READ}),
    "replicas": (lambda tx: replicas.beat(tx, REPLICA), lambda tx: replicas.seen_since(tx, 0) == [REPLICA]),
    "tallies": (lambda tx: approve(tx, 1001, ends_at=None), tallies.every),
}
"""By table: what puts a row, and whether it is read as it was put."""


@pytest.mark.parametrize("table", KNOWN)
def test_a_column_that_a_later_version_added_changes_nothing(work: Work, table: str) -> None:
    put, is_read = KNOWN[table]
    with work.ledger.write() as tx:
        put(tx)
        tx.run(f"ALTER TABLE {table} ADD COLUMN later TEXT")
    with work.ledger.read() as tx:
        assert is_read(tx)
