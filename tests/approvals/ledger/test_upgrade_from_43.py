"""A ledger from before reviews revoked anything by themselves: what one of them left open stays."""

from __future__ import annotations

from contextlib import closing

from approvals.access_review import AccessReview, Unreviewed
from approvals.ledger import access_reviews, open_ledger
from approvals.millis import DAY
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 43


def test_a_review_of_before_revokes_nothing_in_the_end(address: str) -> None:
    review = AccessReview("a" * 32, NOW, "somebody", NOW + DAY)
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        assert access_reviews.add(tx, review)
        tx.run(
            "INSERT INTO review_items (id, review_id, about, details, harmless, reviewer) VALUES"
            " (:id, :review, 'a', :details, 0, 'U0BOB')",
            id="b" * 32,
            review=review.id,
            details='{"ram_user": "carol", "ram_user_id": "2", "what": "policy/PaiRecEngineAccess", "via_group": null,'
            ' "account": null, "since": null, "ends_at": null, "requests": [1], "barred": null}',
        )
    with closing(open_ledger(address)) as ledger, ledger.read() as tx:
        found = access_reviews.get(tx, review.id)
        [item] = access_reviews.items(tx, review.id)
    assert found is not None and found.unreviewed is Unreviewed.ESCALATE
    assert item.verdict is None and item.stays is None
