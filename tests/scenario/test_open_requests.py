"""Nobody has more requests waiting than is allowed, however they ask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness

SAYS = "You have 2 pending requests, which is the most. `/pairec-access list` shows them"


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_OPEN_REQUESTS": "2"}, pace=10.0, ledger_address=address) as opened:
        yield opened


def test_one_more_is_refused_until_one_is_decided_or_withdrawn(app: AppHarness) -> None:
    first = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.asked(app.carol, f"{DATA} 1h rollout @dave")
    app.carol.type(f"/pairec-access request {MONITOR} 1h rollout")
    app.carol.ephemeral_with(SAYS)
    assert app.requests() == 2
    app.asked(app.erin, f"{DATA} 1h rollout")
    app.cancels(app.carol, first)
    app.until(lambda: not app.record(first).pending, f"{first} to be withdrawn")
    app.asked(app.carol, f"{MONITOR} 1h rollout")


def test_of_two_that_are_sent_at_the_same_moment_the_last_place_goes_to_one(app: AppHarness) -> None:
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(app.carol.type, f"/pairec-access request {policy} 1h rollout") for policy in (DATA, MONITOR)
        ]
    for each in sent:
        each.result()
    app.carol.ephemeral_with(SAYS)
    app.until(lambda: app.requests() == 2, "one of them to be recorded")
