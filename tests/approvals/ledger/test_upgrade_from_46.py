"""A ledger from before a review was ended so many items at a time: one that was open then is ended so."""

from __future__ import annotations

from contextlib import closing

from approvals.access_review import AccessReview
from approvals.ledger import access_reviews, open_ledger
from approvals.millis import DAY
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 46


def test_a_review_of_before_is_open_and_is_ended(address: str) -> None:
    review = AccessReview("a" * 32, NOW, "somebody", NOW + DAY)
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        assert access_reviews.add(tx, review)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        before = access_reviews.open_one(tx)
        assert before is not None and before.open
        access_reviews.begin_end(tx, before, NOW + DAY, "alice")
        after = access_reviews.open_one(tx)
        assert after is not None and (after.open, after.ending_at, after.ended_by) == (False, NOW + DAY, "alice")
