"""A ledger from before break-glass: nobody took anything so, and what is taken from then on is kept."""

from __future__ import annotations

from contextlib import closing

from approvals.emergency import Emergency, EmergencyReview, EmergencyVerdict
from approvals.ids import SlackUserId
from approvals.ledger import emergencies, open_ledger
from approvals.millis import DAY, DomainMillis
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 35


def test_a_ledger_of_before_takes_emergencies_and_their_reviews(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        request = ask(tx, 1)
    user, until = request.principal.user_id, DomainMillis(NOW + 14 * DAY)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert emergencies.of_request(tx, request.id) is None
        assert emergencies.open_of(tx, user) is None
        assert emergencies.barred_until(tx, user) is None
        taken = Emergency(request.id, user, NOW, DomainMillis(NOW + DAY))
        emergencies.insert(tx, taken)
        assert emergencies.of_request(tx, request.id) == taken
        assert emergencies.open_of(tx, user) == request
        assert emergencies.under_review(tx) == [request]
        review = EmergencyReview(EmergencyVerdict.NOT_JUSTIFIED, "it can wait", NOW, SlackUserId("U0BOB"), until)
        emergencies.put_review(tx, request.id, review)
        kept = emergencies.of_request(tx, request.id)
        assert kept is not None and kept.review == review
        assert (emergencies.under_review(tx), emergencies.barred_until(tx, user)) == ([], until)
