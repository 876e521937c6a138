"""Whatever worked from a ledger leaves it in one piece: its file alone is all of it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, open_ledger, trail
from approvals.millis import DomainMillis
from tests.harness.app import ENGINE, AppHarness
from tests.harness.program import pairec_access
from tests.scenario.bot_process import beside, process_of, told


def granted(path: Path, folder: Path) -> list[str]:
    """The states of the grants in a copy of that one file."""
    copy = folder / "copied.db"
    shutil.copy(path, copy)
    with closing(sqlite3.connect(f"file:{copy}?immutable=1", uri=True)) as alone:
        return [state for (state,) in alone.execute("SELECT state FROM grants")]


def test_after_a_clean_stop_the_file_alone_is_the_ledger(tmp_path: Path) -> None:
    with AppHarness(tmp_path) as app, process_of(app, tmp_path / "bot.log") as bot:
        ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
        app.approve(ref, app.bob)
        app.card(ref, "active")
        app.ledger.close()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert beside(app.ledger_path) == []
        assert granted(app.ledger_path, tmp_path) == ["active"]


def test_a_stop_while_ram_hangs_leaves_the_file_whole_as_well(tmp_path: Path) -> None:
    with AppHarness(tmp_path) as app, process_of(app, tmp_path / "bot.log") as bot:
        app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "hang", "seconds": 20})
        ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
        app.approve(ref, app.bob)
        app.until(lambda: app.states(ref) == ["granting"], "it to be tried")
        app.ledger.close()
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(10) == 0
        assert beside(app.ledger_path) == []
        assert granted(app.ledger_path, tmp_path) == ["granting"]


def test_a_reader_in_the_way_is_logged_and_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    with (
        AppHarness(tmp_path) as app,
        process_of(app, log) as bot,
        closing(sqlite3.connect(app.ledger_path)) as reader,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM jobs").fetchall()
        app.asked(app.carol, f"{ENGINE} 8h rollout")
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(15) == 0
    assert "the newest entries are in a file beside the ledger" in log.read_text("utf-8")


@pytest.mark.parametrize(
    "command", [("link", "U0ERIN", "erin"), ("unlink", "U0CAROL"), ("revoke", "--all", "dave"), ("audit",)]
)
def test_every_command_leaves_the_file_whole(app: AppHarness, command: tuple[str, ...]) -> None:
    app.stop_bot()
    app.ledger.close()
    assert pairec_access(*command, **told(app)).returncode == 0
    assert beside(app.ledger_path) == []


def test_a_ledger_of_which_nothing_was_written_yet_is_more_than_a_name(tmp_path: Path) -> None:
    """Its schema is in the file from the first moment, also where whoever made it is killed then."""
    path = tmp_path / "ledger.db"
    with closing(open_ledger(f"sqlite:///{path}")):
        shutil.copy(path, tmp_path / "copied.db")
    with closing(sqlite3.connect(f"file:{tmp_path}/copied.db?immutable=1", uri=True)) as alone:
        assert alone.execute("SELECT COUNT(*) FROM audit").fetchall() == [(0,)]


def test_a_start_on_an_empty_ledger_that_was_there_says_so(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    with AppHarness(tmp_path) as app:
        for empty in ("nothing.db", "young.db"):
            (tmp_path / empty).touch()
        open_ledger(f"sqlite:///{tmp_path / 'young.db'}").close()
        for empty in ("nothing.db", "young.db"):
            with process_of(app, log, PAIREC_DATABASE_URL=f"sqlite:///{tmp_path / empty}"):
                app.until(lambda: "THE LEDGER IS EMPTY" in log.read_text("utf-8"), "it to be said")
        for good in (app.ledger_address, f"sqlite:///{tmp_path / 'new.db'}"):
            with process_of(app, log, PAIREC_DATABASE_URL=good):
                app.until(lambda: '"started"' in log.read_text("utf-8"), "the start")
            assert "THE LEDGER IS EMPTY" not in log.read_text("utf-8")


def test_closing_waits_for_whoever_is_in_a_transaction_and_nobody_gets_another(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(f"sqlite:///{path}")
    writing, closing_now = threading.Event(), threading.Event()

    def write() -> None:
        with ledger.write() as tx:
            writing.set()
            closing_now.wait(10)
            trail.append_event(tx, DomainMillis(0), AuditEvent.ASKED)

    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(write)
        writing.wait(10)
        closed = threads.submit(ledger.close)
        AppHarness.until(lambda: refuses(ledger), "it to be closing")
        assert not closed.done()
        closing_now.set()
        written.result()
        closed.result()
    assert beside(path) == []
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as alone:
        assert alone.execute("SELECT COUNT(*) FROM audit").fetchall() == [(1,)]


def refuses(ledger: Ledger) -> bool:
    try:
        with ledger.read():
            return False
    except ledger.engine_errors:
        return True
