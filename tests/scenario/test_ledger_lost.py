"""The ledger's file deleted or replaced under a running bot: nothing is decided any more, and it ends and says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.errors import LedgerLost
from approvals.ledger import disks, open_ledger, trail
from approvals.millis import DomainMillis
from bot.program import Program
from bot.settings import SettingsError
from tests.harness.app import ENGINE, AppHarness
from tests.scenario.bot_process import process_of, told

LOST = 3
CANNOT = "cannot write to its record, so nothing was changed."


def another(path: Path) -> Path:
    """A ledger of the same name elsewhere, to be put in its place."""
    other = path.parent / "elsewhere" / path.name
    other.parent.mkdir(exist_ok=True)
    with closing(open_ledger(f"sqlite:///{other}")) as ledger, ledger.write() as tx:
        trail.append_event(tx, DomainMillis(0), AuditEvent.ASKED)
    return other


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    another(path).replace(path)


def restored_by_hand(path: Path) -> None:
    """As one does it who knows of the log."""
    other = another(path)
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink()
    other.replace(path)


def log_deleted(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def index_deleted(path: Path) -> None:
    """Without it, the next process would make one of its own, and neither see what the other writes."""
    path.with_name(f"{path.name}-shm").unlink()


def lock_deleted(path: Path) -> None:
    path.with_name(f"{path.name}.lock").unlink()


def folder_moved(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.rename(path.parent / f"old-{each.name}")


WAYS: list[Callable[[Path], None]] = [
    deleted,
    replaced,
    restored_by_hand,
    log_deleted,
    index_deleted,
    lock_deleted,
    folder_moved,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_bot_whose_ledger_is_gone_ends_with_a_status_of_its_own_and_says_why(
    tmp_path: Path, way: Callable[[Path], None]
) -> None:
    log = tmp_path / "bot.log"
    with AppHarness(tmp_path) as app, process_of(app, log) as bot:
        app.ledger.close()
        way(app.ledger_path)
        assert bot.wait(15) == LOST
    assert "THE LEDGER IS LOST" in log.read_text("utf-8")


def test_nothing_is_written_to_the_file_that_is_in_its_place_nor_to_what_stands_beside_that(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    with AppHarness(tmp_path) as app, process_of(app, log) as bot:
        app.ledger.close()
        for tail in ("-wal", "-shm"):
            app.ledger_path.with_name(app.ledger_path.name + tail).unlink()
        other = another(app.ledger_path)
        other.replace(app.ledger_path)
        with closing(sqlite3.connect(app.ledger_path, isolation_level=None)) as newcomer:
            newcomer.execute("PRAGMA journal_mode=WAL").fetchall()
            newcomer.execute("UPDATE counters SET value = 4711 WHERE name = 'card'")
            assert bot.wait(15) == LOST
            beside = sorted(each.name for each in tmp_path.glob("ledger.db-*"))
            assert beside == ["ledger.db-shm", "ledger.db-wal"], "SQLite would have deleted them by their names"
    with closing(sqlite3.connect(app.ledger_path)) as read:
        assert read.execute("SELECT COUNT(*) FROM audit").fetchone() == (1,)
        assert read.execute("SELECT value FROM counters WHERE name = 'card'").fetchone() == (4711,)
        assert read.execute("SELECT COUNT(*) FROM jobs").fetchone() == (0,)


def test_a_click_after_the_file_was_replaced_counts_nowhere_and_is_told_so(tmp_path: Path) -> None:
    with AppHarness(tmp_path) as app:
        ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
        card = app.card(ref)
        replaced(app.ledger_path)
        before = app.ledger_path.read_bytes()
        app.bob.click("Approve", card)
        app.bob.ephemeral_with(CANNOT)
        assert not app.holds("carol", ENGINE)
        assert app.ledger_path.read_bytes() == before


@pytest.mark.parametrize("way", [deleted, replaced, log_deleted], ids=lambda way: way.__name__)
def test_a_transaction_that_was_begun_before_is_not_committed(tmp_path: Path, way: Callable[[Path], None]) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(f"sqlite:///{path}")
    with pytest.raises(LedgerLost, match=r"the file .*ledger\.db(-wal)? was deleted or replaced"), ledger.write() as tx:
        trail.append_event(tx, DomainMillis(0), AuditEvent.ASKED)
        way(path)
    with pytest.raises(ledger.engine_errors), ledger.read():
        pass
    assert LedgerLost in ledger.engine_errors


def test_a_lock_that_was_deleted_before_it_was_had_is_not_taken_for_one(tmp_path: Path) -> None:
    first, second = (open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}") for _ in range(2))
    assert first.take_over()
    lock_deleted(tmp_path / "ledger.db")
    assert second.take_over()
    assert first.lost() == f"the file {tmp_path / 'ledger.db.lock'} was deleted or replaced"
    assert second.lost() is None
    first.release()
    for each in (first, second):
        each.close()


def linked(tmp_path: Path) -> Path:
    """Another name of the ledger, in another folder."""
    (tmp_path / "data").mkdir()
    link = tmp_path / "ledger.db"
    link.symlink_to(tmp_path / "data" / "ledger.db")
    return link


def test_a_ledger_that_a_link_leads_to_is_worked_from_by_one_bot_whichever_name_it_was_told(tmp_path: Path) -> None:
    link = linked(tmp_path)
    first = open_ledger(f"sqlite:///{tmp_path / 'data' / 'ledger.db'}")
    second = open_ledger(f"sqlite:///{link}")
    assert first.take_over()
    assert not second.take_over()
    for each in (first, second):
        each.close()


@pytest.mark.parametrize("tail", ["-wal", "-shm"])
def test_what_stands_beside_a_ledger_that_a_link_leads_to_is_missed_as_well(tmp_path: Path, tail: str) -> None:
    with closing(open_ledger(f"sqlite:///{linked(tmp_path)}")) as ledger:
        with ledger.read():
            assert ledger.lost() is None
        beside = tmp_path / "data" / f"ledger.db{tail}"
        beside.unlink()
        assert ledger.lost() == f"the file {beside} was deleted or replaced"


def test_a_link_that_leads_elsewhere_by_now_is_a_ledger_that_is_lost(tmp_path: Path) -> None:
    link = linked(tmp_path)
    with closing(open_ledger(f"sqlite:///{link}")) as ledger:
        link.unlink()
        link.symlink_to(another(tmp_path / "data" / "ledger.db"))
        assert ledger.lost() == f"the file {link} was deleted or replaced"


def test_a_bot_does_not_start_on_a_network_disk(
    app: AppHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.stop_bot()
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"31 21 0:40 / {tmp_path} rw - nfs4 files.example.com:/export rw\n", "utf-8")
    with monkeypatch.context() as networked:
        networked.setattr(disks, "MOUNTS", mounts)
        program = Program(app.parts(told(app)))
        with pytest.raises(
            SettingsError, match=r"PAIREC_DATABASE_URL: .* is on a network disk \(nfs4\), where SQLite's"
        ):
            program.start()
