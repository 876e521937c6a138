"""A ledger of every version that ever was, with live work in it, is brought up to date, and all of it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ledger.store import schema_steps
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.databases import Databases
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.waiting import comes_to, in_time

BEFORE = sorted(schema_steps("sqlite"))[:-1]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("step", BEFORE)
def test_what_runs_ends_and_what_waits_is_decided_on_from_a_file(tmp_path: Path, step: int) -> None:
    goes_on(tmp_path, step, f"sqlite:///{tmp_path / 'earlier.db'}")
    kept = tmp_path / f"earlier.db.step-{step}"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", BEFORE[::4])
def test_what_runs_ends_and_what_waits_is_decided_on_from_a_database(
    tmp_path: Path, databases: Databases, step: int
) -> None:
    goes_on(tmp_path, step, databases.new())


def goes_on(tmp_path: Path, step: int, address: str) -> None:
    with AppHarness(tmp_path, pace=10.0) as app:
        runs = app.asked(app.carol, f"{ENGINE} 1h rollout")
        app.approve(runs, app.bob)
        comes_to(app, runs, "active")
        waits = app.asked(app.carol, f"{DATA} 8h rollout")
        app.stop_bot()
        goes_back_to_step(app, step, address)
        app.move_to(address)
        app.start_bot()
        app.until(lambda: app.name(waits), "the waiting request to have a name")
        in_time(app, lambda: decided(app, waits), f"{waits} to be decided on")
        comes_to(app, waits, "active")
        app.people.advance(HOUR + 1)
        comes_to(app, runs, "ended")
        assert not app.holds("carol", ENGINE) and app.holds("carol", DATA)
        assert app.chain_holds()


def decided(app: AppHarness, ref: str) -> bool:
    """A click on a card that was drawn before draws it anew, and is made once more."""
    if app.record(ref).pending:
        app.bob.click("Approve", app.card(ref, "needs approval"))
    return not app.record(ref).pending
