"""A backup is all of a ledger in one file, whichever engine keeps it; what it is put back to is never lost."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.entitlements import Key, member_role
from approvals.errors import LedgerError
from approvals.ids import RamUserId
from approvals.ledger import Ledger, counters, identity, jobs, memberships, open_ledger, trail
from approvals.ledger.back_up import back_up, last_backup
from approvals.ledger.copying import TABLES
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.restore import restore
from approvals.millis import HOUR
from tests.harness.builders import NOW, approve
from tests.harness.databases import Databases
from tests.harness.older_ledgers import program_of_step, record_in_first_form

pytestmark = pytest.mark.slow

LATER = NOW + HOUR


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    """On each engine; something goes on in it."""
    opened = open_ledger(ledger_address)
    with opened.write() as tx:
        for number in range(1001, 1004):
            approve(tx, number, now=NOW, ends_at=NOW + HOUR)
            memberships.joining(tx, Key(RamUserId(f"{number}"), member_role("dataworks", "10001", "dev")), NOW)
            trail.append_event(tx, NOW, AuditEvent.APPROVED, request_id=number, by_slack="ж \N{WAVING HAND SIGN} ' \\")
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path, ledger: Ledger) -> Path:
    """A backup of it."""
    file = tmp_path / "backup.db"
    back_up(ledger, file)
    return file


def content(ledger: Ledger) -> dict[str, list[str]]:
    with ledger.read() as tx:
        return {table: sorted(map(str, tx.rows(f"SELECT * FROM {table}"))) for table in TABLES}


def content_at(address: str) -> dict[str, list[str]]:
    with closing(open_ledger(address, make=False)) as opened:
        return content(opened)


def events(address: str) -> list[str]:
    with closing(open_ledger(address, make=False)) as opened, opened.read() as tx:
        assert audit.verify(trail.entries(tx)) is None
        return [entry.fields["event"] for entry in trail.entries(tx)]


def in_folder(file: Path) -> list[str]:
    return sorted(each.name for each in file.parent.iterdir() if not each.name.startswith("ledger.db"))


def test_a_backup_is_one_file_for_its_owners_eyes_with_everything_in_it(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    made = back_up(ledger, file)
    assert in_folder(file) == ["backup.db"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.broken is None and made.copied.rows["grants"] == 3 and made.copied.head[0] == 3
    assert content_at(f"sqlite:///{file}") == content(ledger)


def test_the_ledger_and_its_backup_know_when_that_was_made(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.read() as tx:
        assert last_backup(tx) is None
    before = ledger.real()
    back_up(ledger, tmp_path / "backup.db")
    with (
        ledger.read() as tx,
        closing(open_ledger(f"sqlite:///{tmp_path / 'backup.db'}")) as backup,
        backup.read() as of,
    ):
        made = last_backup(tx)
        assert made is not None and before <= made <= ledger.real() and last_backup(of) == made


def test_a_backup_of_a_ledger_that_takes_nothing_more_is_whole_and_says_so(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise ledger.engine_errors[0]("database or disk is full")

    monkeypatch.setattr(ledger, "write", full)
    made = back_up(ledger, tmp_path / "backup.db")
    assert made.unnoted == "database or disk is full" and made.copied.rows["grants"] == 3
    assert len(events(f"sqlite:///{tmp_path / 'backup.db'}")) == 3


def test_a_backup_made_while_others_write_is_one_moment_of_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        number = 2_000
        while not done.is_set():
            number += 1
            with ledger.write() as tx:
                approve(tx, number, now=NOW, ends_at=NOW + HOUR)
                trail.append_event(tx, NOW, AuditEvent.APPROVED, request_id=number)

    writers = [threading.Thread(target=write)]
    for writer in writers:
        writer.start()
    try:
        for number in range(5):
            file = tmp_path / f"{number}.db"
            rows = back_up(ledger, file).copied.rows
            assert rows["requests"] == rows["grants"] == rows["audit"] >= 3
            assert len(events(f"sqlite:///{file}")) == rows["audit"]
    finally:
        done.set()
        for writer in writers:
            writer.join()


def test_what_is_at_the_place_already_stays_unless_it_is_said_otherwise(ledger: Ledger, file: Path) -> None:
    before = file.read_bytes()
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    with pytest.raises(LedgerError, match=r"backup\.db is there already"):
        back_up(ledger, file)
    assert file.read_bytes() == before and in_folder(file) == ["backup.db"]
    back_up(ledger, file, overwrite=True)
    assert content_at(f"sqlite:///{file}") == content(ledger)


def test_a_folder_that_takes_nothing_or_is_not_there_is_said(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"nothing can be written to .*nowhere: No such file or directory"):
        back_up(ledger, tmp_path / "nowhere" / "backup.db")


def test_a_ledger_whose_trail_was_changed_is_copied_as_it_is_and_said(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.write() as tx:
        if ledger.shared:
            tx.run("DROP TRIGGER audit_erased_only ON audit")
        else:
            tx.run("DROP TRIGGER audit_no_update")
        tx.run("UPDATE audit SET entry = '{}' WHERE seq = 2")
    made = back_up(ledger, tmp_path / "backup.db")
    assert made.broken == audit.Break(2, "was changed after it was written")
    with pytest.raises(LedgerError, match=r"the audit trail of .*backup\.db does not hold: entry 2 was changed"):
        restore(tmp_path / "backup.db", f"sqlite:///{tmp_path / 'other.db'}", LATER, "alice")
    assert not (tmp_path / "other.db").exists()


def test_the_ledger_itself_is_no_place_for_its_backup(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(open_ledger(f"sqlite:///{path}")) as ledger, pytest.raises(LedgerError, match="is the ledger itself"):
        back_up(ledger, path, overwrite=True)


@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal", ".lock"])
def test_what_belongs_to_the_ledger_is_no_place_for_its_backup(tmp_path: Path, beside: str) -> None:
    path = tmp_path / "ledger.db"
    with closing(open_ledger(f"sqlite:///{path}")) as ledger, pytest.raises(LedgerError, match="the ledger's own"):
        back_up(ledger, tmp_path / f"ledger.db{beside}", overwrite=True)


@contextmanager
def disk_with(room: int) -> Iterator[None]:
    """No file can become larger than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 100_000, 300_000])
def test_a_backup_that_finds_no_room_is_said_and_leaves_nothing(ledger: Ledger, tmp_path: Path, room: int) -> None:
    fill(ledger)
    with disk_with(room), pytest.raises(LedgerError, match=r"backup\.db cannot be (made|used): "):
        back_up(ledger, tmp_path / "backup.db")
    assert in_folder(tmp_path / "backup.db") == []


@pytest.mark.parametrize("room", [0, 100_000, 400_000])
def test_a_restored_ledger_that_finds_no_room_is_said_and_the_backup_is_not_blamed(
    ledger: Ledger, tmp_path: Path, room: int
) -> None:
    fill(ledger)
    back_up(ledger, tmp_path / "backup.db")
    (tmp_path / "there").mkdir()
    with disk_with(room), pytest.raises(LedgerError, match=r"backup\.db cannot be restored, and nothing was changed: "):
        restore(tmp_path / "backup.db", f"sqlite:///{tmp_path / 'there' / 'other.db'}", LATER, "alice")
    assert list((tmp_path / "there").iterdir()) == []


def fill(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for number in range(200):
            trail.append_event(tx, NOW, AuditEvent.ASKED, reason="x" * 1_000, number=number)


def test_a_name_that_no_file_can_have_is_said(ledger: Ledger, file: Path, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 300)
    with pytest.raises(LedgerError, match=r"x cannot be made: File name too long"):
        back_up(ledger, long)
    with pytest.raises(LedgerError, match=r"x cannot be used: File name too long"):
        restore(long, f"sqlite:///{tmp_path / 'other.db'}", LATER, "alice")
    with pytest.raises(LedgerError, match=r"File name too long"):
        restore(file, f"sqlite:///{long}", LATER, "alice")


def test_a_file_that_lacks_a_table_is_said_to_be_of_no_use(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as there:
        there.execute("DROP TABLE grants")
    with pytest.raises(LedgerError, match=r"backup\.db cannot be restored, .*: no such table: grants"):
        restore(file, f"sqlite:///{tmp_path / 'other.db'}", LATER, "alice")
    assert not (tmp_path / "other.db").exists()


def test_what_is_no_text_is_copied_as_it_is_or_not_at_all(file: Path, place: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as there:
        there.execute("UPDATE links SET ram_user_name = x'ff'")
        there.execute("UPDATE grants SET ram_user_name = x'ff' WHERE id = 1")
    if place.startswith("sqlite"):
        assert restore(file, place, LATER, "alice").copied.rows["grants"] == 3
        return
    with pytest.raises(LedgerError, match="is not what was copied"):
        restore(file, place, LATER, "alice")


def test_what_was_not_looked_for_yet_is_so_after_another_restore(file: Path, tmp_path: Path, place: str) -> None:
    """It is put to a place, no bot is started there, and it goes on to another one."""
    between = tmp_path / "between.db"
    restore(file, f"sqlite:///{between}", LATER, "alice")
    shutil.copy(between, tmp_path / "copy.db")
    done = restore(tmp_path / "copy.db", place, LATER + HOUR, "alice")
    with closing(open_ledger(place)) as opened, opened.read() as tx:
        assert identity.get(tx, identity.RESTORED_UNTIL) == str(NOW)
    assert done.until == NOW


PLACES = ["sqlite", "postgres"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of nothing, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'place.db'}"
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


def test_a_backup_goes_to_either_engine_and_says_that_it_was_restored(ledger: Ledger, file: Path, place: str) -> None:
    before = file.read_bytes()
    done = restore(file, place, LATER, "alice")
    assert (done.until, done.aside) == (NOW, None)
    assert events(place) == ["approved", "approved", "approved", "restored"]
    expected, found = content(ledger), content_at(place)
    differing = {table for table in TABLES if found[table] != expected[table]}
    assert differing <= {"audit", "audit_texts", "identity"}
    with closing(open_ledger(place)) as opened, opened.write() as tx:
        assert identity.get(tx, identity.RESTORED_UNTIL) == str(NOW)
        assert counters.next_number(tx, "request") == 1001
        last = trail.last(tx)
        assert last is not None
        said = {"last": 3, "last_at": audit.iso(NOW), "by": "alice"}
        assert {name: last.fields[name] for name in said} == said
    assert file.read_bytes() == before, "the backup stays as it is"


def test_where_a_ledger_is_already_nothing_is_put_unless_it_is_said(file: Path, place: str) -> None:
    with closing(open_ledger(place)) as opened, opened.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    before = content_at(place)
    with pytest.raises(LedgerError, match=r"there is a ledger at .* already"):
        restore(file, place, LATER, "alice")
    assert content_at(place) == before
    done = restore(file, place, LATER, "alice", overwrite=True)
    assert events(place)[-1] == "restored"
    assert done.aside is not None
    if place.startswith("sqlite"):
        assert content_at(f"sqlite:///{done.aside}") == before
    else:
        with psycopg.connect(place) as there:
            assert there.execute(f"SELECT COUNT(*) FROM {done.aside}.audit").fetchone() == (1,)
    with closing(open_ledger(place)) as opened, pytest.raises(opened.engine_errors), opened.write() as tx:
        tx.run("UPDATE audit SET entry = 'x' WHERE seq = 1")


def test_a_ledger_in_which_nothing_was_recorded_is_no_obstacle(file: Path, place: str) -> None:
    with closing(open_ledger(place)) as opened, opened.write() as tx:
        jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=NOW)
    assert restore(file, place, LATER, "alice").aside is None
    assert events(place)[-1] == "restored"


def test_a_place_from_which_a_bot_works_is_left_alone(file: Path, place: str) -> None:
    with closing(open_ledger(place)) as bots:
        bots.take_over()
        with pytest.raises(LedgerError, match=r"bots? works? from the ledger .*; stop (it|them) first"):
            restore(file, place, LATER, "alice", overwrite=True)
    assert content_at(place)["audit"] == []


def test_what_stands_beside_a_ledger_that_is_gone_does_not_come_into_the_next(tmp_path: Path) -> None:
    """SQLite would take the log of a file that was deleted for the log of whatever has its name."""
    path, file = tmp_path / "ledger.db", tmp_path / "backup.db"
    address = f"sqlite:///{path}"
    with closing(open_ledger(address)) as ledger:
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.ASKED)
        back_up(ledger, file)
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.EXPIRED)
        kept = path.with_name("ledger.db-wal").read_bytes()
    path.unlink()
    path.with_name("ledger.db-wal").write_bytes(kept)
    done = restore(file, address, LATER, "alice", overwrite=True)
    assert events(address) == ["asked", "restored"]
    assert Path(f"{done.aside}-wal").read_bytes() == kept


@pytest.mark.parametrize("engine", PLACES)
def test_a_backup_of_an_older_program_is_brought_up_to_date_on_the_way(
    tmp_path: Path, databases: Databases, engine: str
) -> None:
    older, place = tmp_path / "older.db", f"sqlite:///{tmp_path / 'place.db'}"
    place = databases.new() if engine == "postgres" else place
    with (
        program_of_step(6),
        closing(open_ledger(f"sqlite:///{older}")) as made,
        made.write() as tx,
    ):
        record_in_first_form(tx, NOW, "asked")
    before = older.read_bytes()
    restore(older, place, LATER, "alice")
    assert events(place) == ["asked", "older entries sealed", "restored"]
    assert older.read_bytes() == before


@pytest.mark.parametrize("beside", ["copied with its log", "copied alone"])
def test_the_file_of_a_bot_that_was_killed_is_a_backup_with_what_stands_beside_it(tmp_path: Path, beside: str) -> None:
    path, copy = tmp_path / "ledger.db", tmp_path / "copy.db"
    with closing(open_ledger(f"sqlite:///{path}")) as ledger:
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.ASKED)
        copy.write_bytes(path.read_bytes())
        if beside == "copied with its log":
            copy.with_name("copy.db-wal").write_bytes(path.with_name("ledger.db-wal").read_bytes())
    place = f"sqlite:///{tmp_path / 'place.db'}"
    if beside == "copied alone":
        with pytest.raises(LedgerError, match=r"there is nothing in .*copy\.db"):
            restore(copy, place, LATER, "alice")
        return
    restore(copy, place, LATER, "alice")
    assert events(place) == ["asked", "restored"]


def no_ledger(path: Path) -> None:
    path.write_text("minutes of the meeting\n" * 100, "utf-8")


def recipes(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")


def newer(path: Path) -> None:
    with closing(open_ledger(f"sqlite:///{path}")) as made, made.write() as tx:
        tx.run("INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')")


def damaged(path: Path) -> None:
    with closing(open_ledger(f"sqlite:///{path}")) as made, made.write() as tx:
        for _ in range(1_000):
            trail.append_event(tx, NOW, AuditEvent.ASKED)
    content = bytearray(path.read_bytes())
    content[40_960:81_920] = bytes(40_960)
    path.write_bytes(content)


UNFIT = {
    "there is no file": lambda path: None,
    "file is not a database": no_ledger,
    "is not a pairec-access ledger": recipes,
    r"newer than this program \(schema step 4711\)": newer,
    "is damaged|malformed": damaged,
}


@pytest.mark.parametrize("says", UNFIT)
def test_what_is_no_backup_is_named_and_nothing_is_put_in_its_place(tmp_path: Path, says: str) -> None:
    path = tmp_path / "file.db"
    UNFIT[says](path)
    with pytest.raises(LedgerError, match=rf"file\.db.*({says})|({says}).*file\.db") as refused:
        restore(path, f"sqlite:///{tmp_path / 'place.db'}", LATER, "alice")
    assert "\n" not in str(refused.value) and ".ledger-" not in str(refused.value)
    assert not (tmp_path / "place.db").exists()
