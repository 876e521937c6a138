"""`pairec-access ledger upgrade` and `since`: what would be done, that it is done, and the way back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from approvals.ledger import open_ledger, replicas
from approvals.ledger.replicas import Replica
from approvals.ledger.store import schema_steps
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.databases import Databases
from tests.harness.forked import forks
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.older_ledgers import program_of_step
from tests.harness.waiting import carol_has
from tests.scenario.command_line import CommandLine

BEFORE = 19
NEWEST = max(schema_steps("sqlite"))
pytestmark = pytest.mark.slow


def upgrade(address: str, *options: str) -> CompletedProcess[str]:
    environment = {**os.environ, "PAIREC_DATABASE_URL": address}
    return forks().start(("ledger", "upgrade", *options), environment)


@pytest.fixture
def older(address: str) -> str:
    with program_of_step(BEFORE), closing(open_ledger(address)) as ledger, ledger.write() as tx:
        seen = ledger.real() - 600_000
        replicas.beat(tx, Replica("bot", seen, seen, 1))
    return address


def step_of(address: str) -> int:
    with program_of_step(BEFORE), closing(open_ledger(address)) as ledger, ledger.read() as tx:
        return int(tx.rows("SELECT MAX(number) AS last FROM schema_steps")[0]["last"])


def test_a_dry_run_says_from_where_to_where_and_writes_nothing(older: str, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.suffix == ".db"}
    done = upgrade(older, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"has taken schema step {BEFORE} (former_role); this program has {NEWEST} (" in done.stdout
    assert "Steps to take: 20 (onboardings), 21 (onboarding_cancelled), 22 (large_ledgers)" in done.stdout
    assert "It has 0 requests, 0 grants and 0 audit entries, which takes less than ten seconds." in done.stdout
    assert done.stdout.endswith("Nothing was written.\n")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.suffix == ".db"} == before
    assert step_of(older) == BEFORE


def test_it_is_brought_up_to_date_once_and_a_file_is_kept_as_it_was(older: str, tmp_path: Path) -> None:
    done = upgrade(older)
    assert done.returncode == 0 and f"It is up to date now: schema step {NEWEST}" in done.stdout, done.stderr
    again = upgrade(older)
    assert again.returncode == 0 and f"is up to date: schema step {NEWEST}" in again.stdout
    if older.startswith("sqlite"):
        kept = tmp_path / f"ledger.db.step-{BEFORE}"
        assert f"It is kept as it is in {kept}." in done.stdout and kept.stat().st_mode & 0o777 == 0o600
        assert step_of(f"sqlite:///{kept}") == BEFORE
        assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    else:
        assert "no copy is kept, so back it up first" in done.stdout


def test_while_a_bot_of_before_works_it_is_left_to_that_and_where_there_is_none_it_is_said(older: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(older)) as ledger, ledger.write() as tx:
        replicas.beat(tx, Replica("other", ledger.real(), ledger.real(), 1))
    done = upgrade(older)
    assert done.returncode == 2 and "upgrade and start it first" in done.stderr
    assert step_of(older) == BEFORE
    nowhere = upgrade("sqlite:////nowhere/ledger.db", "--dry-run")
    assert (nowhere.returncode, nowhere.stdout) == (2, "") and "there is no ledger at" in nowhere.stderr


def test_where_no_copy_can_be_kept_it_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with program_of_step(BEFORE):
        open_ledger(f"sqlite:///{path}").close()
    (tmp_path / f"ledger.db.step-{BEFORE}").mkdir()
    done = upgrade(f"sqlite:///{path}")
    assert done.returncode == 2 and "is left as it is, since no copy can be kept beside it" in done.stderr
    assert step_of(f"sqlite:///{path}") == BEFORE


def test_the_way_back_is_the_file_that_was_kept_and_what_was_granted_since_is_listed_and_asked_about(
    app: AppHarness, tmp_path: Path
) -> None:
    goes_back_to_step(app, BEFORE, older := f"sqlite:///{tmp_path / 'older.db'}")
    app.stop_bot()
    app.move_to(older)
    app.start_bot()
    kept = tmp_path / f"older.db.step-{BEFORE}"
    lasts = carol_has(app, ENGINE, "8h")
    over = carol_has(app, DATA, "1h")
    app.people.advance(HOUR + 1)
    app.until(lambda: app.states(over) == ["ended"], f"{over} to be ended")
    pairec_access = CommandLine(app)
    done = pairec_access("ledger", "since", str(kept))
    first, second = done.stdout.splitlines()
    assert done.returncode == 0 and first.startswith(f"{lasts}  policy/{ENGINE}  carol  active until ")
    assert second == f"{over}  policy/{DATA}  carol  ended"
    assert done.stderr == "Granted since then: 2, of which 1 may still be there.\n"
    app.stop_bot()
    with program_of_step(BEFORE):
        open_ledger(f"sqlite:///{kept}").close()
    app.ledger.close()
    assert pairec_access("ledger", "restore", str(kept), "--overwrite").returncode == 0
    app.ledger = open_ledger(older)
    app.start_bot()
    app.bob.message_with("Origin unknown", "C0APPROVALS")


def test_a_backup_of_another_ledger_or_what_is_none_is_refused(app: AppHarness, tmp_path: Path) -> None:
    pairec_access = CommandLine(app)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE audit (seq, hash)")
        other.execute("INSERT INTO audit VALUES (1, 'abc')")
        other.commit()
    pairec_access.fails("is no backup of this ledger", "ledger", "since", str(tmp_path / "other.db"))
    (tmp_path / "notes").write_text("nothing", "utf-8")
    pairec_access.fails("is no backup that can be read", "ledger", "since", str(tmp_path / "notes"))


def test_a_newer_ledger_says_what_the_way_back_is(tmp_path: Path, databases: Databases) -> None:
    for address in (f"sqlite:///{tmp_path / 'ledger.db'}", databases.new()):
        with closing(open_ledger(address)) as made, made.write() as tx:
            tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")
        done = upgrade(address, "--dry-run")
        assert done.returncode == 2 and done.stderr.count("\n") == 1
        assert "put back the backup from before" in done.stderr
        assert "`pairec-access ledger since FILE` lists what was granted after it" in done.stderr
