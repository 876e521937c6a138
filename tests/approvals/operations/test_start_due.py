"""An access review that is due by the catalogue's schedule starts once, whoever looks, on both engines."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from approvals.access_review import AccessReview
from approvals.catalog.access_reviews import ReviewSchedule
from approvals.ledger import Ledger, access_reviews, open_ledger
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.start import end_review, start_due
from tests.harness.builders import NOW

LOOKING = 4
ROUNDS = 5
QUARTERLY = ReviewSchedule(90 * DAY, 30 * DAY)


def all_look(ledgers: list[Ledger], now: DomainMillis) -> list[AccessReview]:
    """What each of them starts, who all look at the same moment."""
    together = threading.Barrier(len(ledgers))

    def look(ledger: Ledger) -> AccessReview | None:
        together.wait()
        return start_due(ledger, QUARTERLY, now)

    with ThreadPoolExecutor(len(ledgers)) as pool:
        return [review for review in pool.map(look, ledgers) if review is not None]


def test_of_all_who_look_at_once_one_starts_it(ledger_address: str) -> None:
    with ExitStack() as stack:
        ledgers = [stack.enter_context(closing(open_ledger(ledger_address))) for _ in range(LOOKING)]
        for number in range(ROUNDS):
            now = DomainMillis(NOW + number * 90 * DAY)
            assert len(all_look(ledgers, now)) == 1
            end_review(ledgers[0], "somebody", now)
            assert all_look(ledgers, now) == []
        with ledgers[0].read() as tx:
            assert len(access_reviews.every_one(tx)) == ROUNDS


def test_none_starts_before_its_time_or_beside_another(ledger_address: str) -> None:
    with closing(open_ledger(ledger_address)) as ledger:
        assert start_due(ledger, None, NOW) is None
        assert start_due(ledger, QUARTERLY, NOW) is not None
        for days in (-1_000, 0, 89, 90, 1_000):
            assert start_due(ledger, QUARTERLY, DomainMillis(NOW + days * DAY)) is None
        end_review(ledger, "somebody", NOW)
        assert start_due(ledger, QUARTERLY, DomainMillis(NOW + 90 * DAY - 1)) is None
        assert start_due(ledger, QUARTERLY, DomainMillis(NOW + 1_000 * DAY)) is not None
