"""The ledger locked, its disk full, its server away: people are told so, nothing is half done, and nothing is lost."""

from __future__ import annotations

import os
import re
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from approvals.errors import LedgerError
from approvals.ledger import SqliteLedger, open_ledger
from approvals.millis import DomainMillis
from approvals.reconcile import drift
from bot.app.opening import asking_ledger
from bot.log import JsonLines
from bot.settings import SettingsError
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases, OwnServer
from tests.harness.held_file import held_file
from tests.harness.program import running

PACE = 10.0
PATIENCE = 2.0
PASSWORD = "hunter2hunter2"
CANNOT = "The app cannot write to its record, so nothing was changed."
Until = Callable[[], None]


class Affairs:
    """What goes on in an app when its ledger fails, and is put right when it does what it is told again."""

    def __init__(self, app: AppHarness) -> None:
        self.app = app
        self.running = app.asked(app.dave, f"{DATA} 1h features")
        app.approve(self.running, app.bob)
        app.comes_to_hold("dave", DATA)
        app.dave.direct_message_with("is active until")
        self.waiting = app.asked(app.carol, f"{ENGINE} 8h rollout")

    def go_on(self) -> None:
        """While it fails: a click, a command, a look at App Home, and a deadline."""
        app = self.app
        app.people.advance(HOUR + 1)
        app.bob.click("Approve", app.card(self.waiting))
        app.carol.type(f"/pairec-access request {MONITOR} 8h watching")
        for _ in range(8):
            # So many that they would take up all of Bolt's threads, if they waited there.
            app.frank.open_home()
        assert app.frank.type("/pairec-access help") == {"ok": True}
        app.frank.ephemeral_with("opens the form", timeout=20)
        for person in (app.bob, app.carol):
            shown = person.ephemeral_with(CANNOT, timeout=30).plain
            assert re.search(r"reference `[0-9a-f]{8}`", shown) and "Traceback" not in shown

    def nothing_was_done(self) -> None:
        app = self.app
        assert app.record(self.waiting).pending and not app.record(self.waiting).approvals
        assert app.requests() == 2
        assert not app.holds("carol", ENGINE)
        assert app.card(self.waiting).buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]

    def are_put_right(self) -> None:
        app = self.app
        self.nothing_was_done()
        app.comes_to_lose("dave", DATA, timeout=30)
        app.dave.direct_message_with("has expired", timeout=30)
        app.approve(self.waiting, app.bob)
        app.comes_to_hold("carol", ENGINE, timeout=30)
        app.frank.open_home()
        app.until(lambda: "Request access" in app.frank.screen_text(), "frank's App Home to be drawn")
        assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
        assert app.writes("DetachPolicyFromUser", "dave", DATA) == 1
        assert app.chain_holds()


def test_a_file_that_another_process_holds_for_long_stops_decisions_and_no_more(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=PACE, patience=PATIENCE) as app:
        affairs = Affairs(app)
        with held_file(str(app.ledger_path)):
            affairs.go_on()
            affairs.nothing_was_done()
            assert app.holds("dave", DATA)
        affairs.are_put_right()


def test_a_file_that_another_process_holds_for_a_moment_only_delays_a_decision(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    with held_file(str(app.ledger_path)):
        app.bob.click("Approve", app.card(ref))
        app.carol.type("/pairec-access help")
        app.carol.ephemeral_with("opens the form")
        assert app.record(ref).pending
    app.comes_to_hold("carol", ENGINE)
    assert CANNOT not in app.bob.screen_text()


@contextmanager
def no_room_in_the_file(process: int) -> Iterator[None]:
    """The process can write no byte to any file, as on a full disk."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@contextmanager
def no_room_on_the_server(address: str) -> Iterator[None]:
    """The server answers every change to these tables as it does on a full disk."""
    tables = ("audit", "jobs", "requests", "decisions")
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        for table in tables:
            owner.execute(
                f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION no_room()"
            )
        yield
        for table in tables:
            owner.execute(f"DROP TRIGGER no_room ON {table}")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="no other process can be limited here")
def test_a_full_disk_under_the_file_stops_decisions_and_no_more(tmp_path: Path) -> None:
    with AppHarness(tmp_path) as app:
        app.stop_bot()
        told = {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address}
        with log_of_a_process() as (written, lines), running("run", log=written, **told) as bot:
            app.until(lambda: app.sandbox.call(app.sandbox.slack.sockets.open_sockets), "the bot", timeout=30)
            affairs = Affairs(app)
            with no_room_in_the_file(bot.pid):
                affairs.go_on()
                affairs.nothing_was_done()
                app.until(lambda: "".join(lines).count("cannot claim work") > 2, "it to be logged")
            affairs.are_put_right()
        says_it_in_lines("".join(lines))


def test_a_full_disk_under_the_server_stops_decisions_and_no_more(tmp_path: Path, databases: Databases) -> None:
    with AppHarness(tmp_path, pace=PACE, ledger_address=databases.new()) as app:
        affairs = Affairs(app)
        with no_room_on_the_server(app.ledger_address):
            affairs.go_on()
            affairs.nothing_was_done()
        affairs.are_put_right()


def says_it_in_lines(log: str) -> None:
    """Each event is one line of JSON, and nothing in it was unforeseen."""
    assert "the ledger did not do it" in log
    assert all(line.startswith('{"at"') for line in log.splitlines()), log
    assert "unforeseen" not in log and "nobody foresaw" not in log, log


@contextmanager
def log_of_a_process() -> Iterator[tuple[Path, list[str]]]:
    """Where a process that can write to no file can write its log, and what it wrote."""
    reads, writes = os.pipe()
    lines: list[str] = []

    def read() -> None:
        with os.fdopen(reads, encoding="utf-8") as told:
            lines.extend(told)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield Path(f"/dev/fd/{writes}"), lines
    finally:
        os.close(writes)
        reader.join(10)


def test_a_server_that_is_away_stops_decisions_and_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        OwnServer() as server,
        AppHarness(tmp_path, pace=PACE, ledger_address=server.new(PASSWORD), patience=PATIENCE) as app,
    ):
        affairs = Affairs(app)
        card = app.card(affairs.waiting)
        app.dave.type("/pairec-access request")
        app.dave.modal("Request access")
        server.stop("immediate")
        affairs.go_on()
        [told] = app.dave.submit({"What": ENGINE, "Reason": "rollout"}).values()
        assert told.startswith(CANNOT)
        assert card.buttons == app.card(affairs.waiting).buttons
        assert app.holds("dave", DATA)
        server.start()
        affairs.are_put_right()
    log = "\n".join(Unclean().format(record) for record in caplog.records if record.name.startswith(OURS_AND_PSYCOPG))
    assert PASSWORD not in log
    says_it_in_lines(log)


OURS_AND_PSYCOPG = ("approvals", "bot", "handlers", "psycopg")


class Unclean(JsonLines):
    """As the program would write it, but with nothing blotted out."""

    def _clean(self, text: str) -> str:
        return text


def test_a_start_from_a_file_that_another_process_holds_ends_in_a_line(tmp_path: Path) -> None:
    SqliteLedger(tmp_path / "ledger.db").close()
    with held_file(str(tmp_path / "ledger.db")), pytest.raises(LedgerError, match="cannot be used: database is locked"):
        SqliteLedger(tmp_path / "ledger.db", patience=0.1)


def test_a_server_that_fails_after_it_was_opened_is_said_in_a_line(databases: Databases) -> None:
    address = databases.new()
    ledger = open_ledger(address)
    with (
        no_room_on_the_server(address),
        pytest.raises(SettingsError, match=r"^PAIREC_DATABASE_URL: the ledger .* could not extend file"),
        asking_ledger(ledger),
    ):
        drift.schedule(ledger, DomainMillis(0))
    ledger.close()
