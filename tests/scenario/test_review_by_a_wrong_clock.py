"""An access review that starts by itself while the clock is ahead, which is put right later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.access_review import AccessReview
from approvals.ledger import access_reviews
from tests.harness.app import AppHarness
from tests.harness.rules import catalog_with
from tests.scenario.conftest import PACE
from tests.scenario.drifting import looks
from tests.scenario.reviewing import DAY, events, passes, told
from tests.scenario.test_scheduled_reviews import QUARTERLY

YEAR = 365 * DAY


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, QUARTERLY))}, pace=PACE) as opened:
        yield opened


def review(app: AppHarness) -> AccessReview:
    with app.ledger.read() as tx:
        return access_reviews.every_one(tx)[0]


def days_from_now(app: AppHarness, moment: int) -> float:
    return (moment / 1_000 - app.people.now()) / DAY


def test_it_runs_from_when_the_clock_is_right_and_the_next_one_starts_so_long_after_that(app: AppHarness) -> None:
    app.clock_is_set(YEAR)
    looks(app)
    app.until(lambda: told(app.bob), "approvers to be told")
    assert days_from_now(app, review(app).due_at) > 365
    [before] = told(app.bob)
    app.clock_is_set(-YEAR)
    app.until(lambda: "access review moved" in events(app), "its moments to be put right")
    assert 29.9 < days_from_now(app, review(app).due_at) <= 30
    app.until(lambda: [m.ts for m in told(app.bob)] not in ([], [before.ts]), "bob to be told of the new end")
    passes(app, 30)
    app.until(lambda: "access review closed" in events(app), "it to end")
    app.people.advance(61 * DAY)
    looks(app)
    app.until(lambda: events(app).count("access review started") == 2, "the next one to start")
    assert app.chain_holds()
