"""`pairec-access ledger backup` beside a running bot, and `ledger restore` once it is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.databases import Databases
from tests.harness.program import pairec_access, says_plainly
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.bot_process import told


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Where the app's ledger is; None is in its file."""
    if request.param == "sqlite":
        return None
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


def test_a_ledger_that_was_lost_is_put_back_and_everything_in_it_goes_on(
    tmp_path: Path, kept: str | None, databases: Databases
) -> None:
    file = tmp_path / "backup.db"
    with AppHarness(tmp_path, pace=10.0, ledger_address=kept) as app:
        runs = carol_has(app)
        waits = app.asked(app.dave, f"{DATA} 8h features")
        done = pairec_access("ledger", "backup", str(file), **told(app))
        assert done.returncode == 0, done.stderr
        assert "Backed up and read back: requests 2, grants 1, links 6, audit entries " in done.stdout
        app.stop_bot()
        place = databases.new() if kept else f"sqlite:///{tmp_path / 'again.db'}"
        done = pairec_access("ledger", "restore", str(file), **told(app, PAIREC_DATABASE_URL=place))
        assert done.returncode == 0, done.stderr
        assert "It knows nothing of what happened after 20" in done.stdout
        app.move_to(place)
        app.start_bot()
        app.approve(waits, app.bob)
        app.comes_to_hold("dave", DATA)
        app.people.advance(HOUR + 1)
        comes_to(app, runs, "ended")
        assert not app.holds("carol", ENGINE)
        assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
        assert app.chain_holds()


def test_a_ledger_from_which_a_bot_works_is_not_put_aside(tmp_path: Path, kept: str | None) -> None:
    file = tmp_path / "backup.db"
    with AppHarness(tmp_path, pace=10.0, ledger_address=kept) as app:
        carol_has(app)
        assert pairec_access("ledger", "backup", str(file), **told(app)).returncode == 0
        done = pairec_access("ledger", "restore", "--overwrite", str(file), **told(app))
        assert done.returncode == 2 and "stop" in done.stderr and done.stderr.count("\n") == 1, done.stderr
        app.stop_bot()
        app.ledger.close()
        done = pairec_access("ledger", "restore", str(file), **told(app))
        assert done.returncode == 2 and "there is a ledger at" in done.stderr, done.stderr
        done = pairec_access("ledger", "restore", "--overwrite", str(file), **told(app))
        assert done.returncode == 0 and "The ledger that was there is kept: " in done.stdout, done.stderr
        app.move_to(app.ledger_address)


def test_a_backup_that_is_there_is_replaced_only_when_it_is_said(app: AppHarness, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    assert pairec_access("ledger", "backup", str(file), **told(app)).returncode == 0
    says_plainly(pairec_access("ledger", "backup", str(file), **told(app)), f"{file} is there already")
    assert pairec_access("ledger", "backup", "--overwrite", str(file), **told(app)).returncode == 0
    nowhere = tmp_path / "nowhere" / "backup.db"
    says_plainly(pairec_access("ledger", "backup", str(nowhere), **told(app)), "nothing can be written to ")


def test_there_is_nothing_to_back_up_where_there_is_no_ledger(app: AppHarness, tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'nowhere.db'}"
    done = pairec_access("ledger", "backup", str(tmp_path / "b.db"), **told(app, PAIREC_DATABASE_URL=nowhere))
    says_plainly(done, f"PAIREC_DATABASE_URL: there is no ledger at {tmp_path / 'nowhere.db'}")
    assert not (tmp_path / "b.db").exists()
