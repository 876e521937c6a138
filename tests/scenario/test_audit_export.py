"""The trail and the record written to a file, for other programs to read."""

from __future__ import annotations

import csv
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.scenario.command_line import CommandLine

WHY = "rolling out ranker v3"


@pytest.fixture
def worked(app: AppHarness) -> AppHarness:
    """Something has ended, and something waits."""
    ref = app.asked(app.carol, f"{ENGINE} 1h {WHY}")
    app.approve(ref, app.alice)
    app.until(lambda: app.states(ref) == ["active"], "it to be active")
    app.people.advance(2 * HOUR)
    app.until(lambda: app.states(ref) == ["ended"], "it to end")
    app.asked(app.dave, f"{DATA} 8h =HYPERLINK(1)")
    return app


def exported(pairec_access: CommandLine, path: Path, *words: str) -> Path:
    done = pairec_access("audit", "export", str(path), *words)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path


@pytest.fixture
def database(worked: AppHarness, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = exported(CommandLine(worked), tmp_path / "trail.db")
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def test_lines_are_those_of_the_trail_and_can_be_verified_elsewhere(worked: AppHarness, tmp_path: Path) -> None:
    pairec_access = CommandLine(worked)
    lines = exported(pairec_access, tmp_path / "trail.jsonl").read_text("utf-8").splitlines()
    assert lines == pairec_access("audit").stdout.splitlines()


def test_a_table_has_a_row_for_each_entry_and_works_nothing_out(worked: AppHarness, tmp_path: Path) -> None:
    with exported(CommandLine(worked), tmp_path / "trail.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    asked = [row["reason"] for row in rows if row["event"] == "asked"]
    assert asked == [WHY, "'=HYPERLINK(1)"]


def test_a_database_says_who_had_what_and_who_approved_it(database: sqlite3.Connection) -> None:
    (row,) = database.execute("SELECT ram_user, entitlement, end_cause, reason, approved_by FROM who_had_what")
    assert row == ("carol", f"policy/{ENGINE}", "deadline", WHY, "alice")
    assert database.execute("SELECT * FROM running").fetchall() == []
    assert dict(database.execute("SELECT state, requests FROM requests_by_state")) == {"approved": 1, "pending": 1}


def test_a_database_is_searched_and_its_rows_lead_to_each_other(database: sqlite3.Connection) -> None:
    (found,) = database.execute("SELECT reason FROM requests_fts WHERE requests_fts MATCH 'ranker'")
    assert found == (WHY,)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [row[2] for row in database.execute("PRAGMA foreign_key_list(grants)")] == ["requests"]


def test_only_what_happened_since_is_written(worked: AppHarness, tmp_path: Path) -> None:
    lines = exported(CommandLine(worked), tmp_path / "trail.jsonl", "--since", "2999-01-01").read_text("utf-8")
    assert lines == ""


def test_an_empty_ledger_makes_a_database_with_all_of_its_tables(tmp_path: Path, app: AppHarness) -> None:
    path = exported(CommandLine(app), tmp_path / "trail.db", "--since", "2999-01-01")
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("SELECT count(*) FROM grants").fetchone() == (0,)
        assert opened.execute("SELECT count(*) FROM who_had_what").fetchone() == (0,)


REFUSED: dict[str, tuple[str, ...]] = {
    "say --format": ("trail",),
    "is no file": (".", "--format", "csv"),
    "nothing can be written to it": ("nowhere/trail.csv",),
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_cannot_be_written_is_said_before_anything_is(
    app: AppHarness, says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file, *words = REFUSED[says]
    done = CommandLine(app)("audit", "export", str(tmp_path / file), *words)
    assert done.returncode == 2 and says in done.stderr
    assert list(tmp_path.glob("trail*")) == []
