"""A ledger moves from a file to a server whole, and nobody ever works from both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.entitlements import Key, member_role
from approvals.errors import LedgerError
from approvals.ids import RamUserId
from approvals.ledger import (
    Ledger,
    Tx,
    counters,
    due_jobs,
    jobs,
    memberships,
    move_to_server,
    open_ledger,
    trail,
)
from approvals.ledger.copying import TABLES, Copied
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.move_to_server import move, prepare
from approvals.ledger.postgres import PostgresLedger
from approvals.millis import HOUR
from approvals.transaction import ROWS_PER_PAGE
from bot.clock import SystemClock
from tests.harness.builders import NOW, approve
from tests.harness.databases import Databases


class Killed(BaseException):
    """Whoever moved it is no more."""


class CrashingLedger:
    """A ledger whose user dies at a point of a write; `points` are shared by both ends of a move."""

    def __init__(self, ledger: Ledger, points: Iterator[int], die_at: int) -> None:
        self._ledger, self._points, self._die_at = ledger, points, die_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        self._point()
        with self._ledger.write() as tx:
            yield tx
            self._point()
        self._point()

    def _point(self) -> None:
        if next(self._points) == self._die_at:
            raise Killed


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The address of a ledger in which something goes on."""
    address = f"sqlite:///{tmp_path / 'ledger.db'}"
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        for number in range(1001, 1004):
            approve(tx, number, now=NOW, ends_at=NOW + HOUR)
            memberships.joining(tx, Key(RamUserId(f"{number}"), member_role("dataworks", "10001", "dev")), NOW)
            trail.append_event(tx, NOW, AuditEvent.APPROVED, request_id=number, by_slack="ж \N{WAVING HAND SIGN} ' \\")
    return address


@pytest.fixture
def database(databases: Databases) -> str:
    return databases.new()


def moved(file: str, database: str) -> Copied:
    with closing(open_ledger(file, moving=True)) as source:
        prepare(source)
        with closing(open_ledger(database, moving=True)) as destination:
            return move(source, destination)


def content(address: str) -> dict[str, list[str]]:
    with closing(open_ledger(address, moving=True)) as ledger, ledger.read() as tx:
        return {table: sorted(map(str, tx.rows(f"SELECT * FROM {table}"))) for table in TABLES}


def is_empty(database: str) -> bool:
    with psycopg.connect(database) as there:
        return there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []


def workable(*addresses: str) -> list[str]:
    """Those that a bot would work from, and find something in."""
    found = []
    for address in addresses:
        try:
            opened = open_ledger(address, make=False)
        except LedgerError:
            continue
        with closing(opened) as ledger, ledger.read() as tx:
            if tx.rows("SELECT id FROM jobs"):
                found.append(address)
    return found


def test_everything_is_there_and_the_chain_has_the_same_head(file: str, database: str) -> None:
    before = content(file)
    copied = moved(file, database)
    assert content(database) == before
    assert copied.rows["requests"] == copied.rows["grants"] == copied.rows["audit"] == 3
    with closing(open_ledger(database)) as ledger, ledger.read() as tx:
        entries = list(trail.entries(tx))
        assert audit.verify(entries) is None
        assert copied.head == (3, entries[-1].hash)


def test_every_table_of_a_ledger_is_moved(file: str) -> None:
    with closing(open_ledger(file)) as ledger, ledger.read() as tx:
        tables = {row["name"] for row in tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {*TABLES, "moves", "schema_steps", "replicas"}


def test_numbers_go_on_where_they_were(file: str, database: str) -> None:
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        last = [counters.next_number(tx, "request") for _ in range(5)][-1]
    moved(file, database)
    with closing(open_ledger(database)) as ledger, ledger.write() as tx:
        assert counters.next_number(tx, "request") == last + 1


def test_the_trail_cannot_be_changed_where_it_arrived_either(file: str, database: str) -> None:
    moved(file, database)
    with closing(open_ledger(database)) as ledger, pytest.raises(ledger.engine_errors), ledger.write() as tx:
        tx.run("UPDATE audit SET entry = 'x' WHERE seq = 1")


def test_the_file_is_shut_for_whoever_opens_it_and_for_whoever_had_it_open(file: str, database: str) -> None:
    with closing(open_ledger(file)) as early:
        moved(file, database)
        with pytest.raises(LedgerError, match=r"was moved to postgresql://.*; work from there"):
            open_ledger(file)
        with pytest.raises(early.engine_errors, match="this ledger was moved"), early.write() as tx:
            jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=NOW)


def test_to_move_it_again_says_where_it_is(file: str, database: str, databases: Databases) -> None:
    moved(file, database)
    with pytest.raises(LedgerError, match=r"was moved to .* already"):
        moved(file, database)
    with pytest.raises(LedgerError, match=r"was moved to .* already"):
        moved(file, databases.new())


def test_a_ledger_from_which_a_bot_works_stays_where_it_is(file: str, database: str) -> None:
    with closing(open_ledger(file)) as bots:
        assert bots.take_over()
        with pytest.raises(LedgerError, match=r"a bot works from the ledger .*; stop it first"):
            moved(file, database)
        assert workable(file, database) == [file]
    assert is_empty(database)


def test_a_database_with_a_ledger_of_its_own_is_left_alone(file: str, database: str) -> None:
    with closing(open_ledger(database)) as ledger, ledger.write() as tx:
        jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=NOW)
    before = content(database)
    with pytest.raises(LedgerError, match="has a ledger of its own"):
        moved(file, database)
    assert content(database) == before
    assert workable(file, database) == [file, database]


def test_an_older_programs_ledger_there_does_not_take_a_step_either(file: str, database: str) -> None:
    with closing(open_ledger(database)) as ledger, ledger.write() as tx:
        jobs.enqueue(tx, "reconcile", JobKind.FIND_DRIFT, due_at=NOW)
        tx.run("DROP TABLE moves")
        tx.run("DELETE FROM schema_steps WHERE number >= 4")
    with pytest.raises(LedgerError, match="has a ledger of its own, of an older program"):
        moved(file, database)
    with psycopg.connect(database) as there:
        assert there.execute("SELECT MAX(number) FROM schema_steps").fetchone() == (3,)


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ("UPDATE audit SET entry = '{}' WHERE seq = 2", "entry 2 was changed after it was written;"),
        ("DELETE FROM audit WHERE seq = 2", "entry 2 is missing;"),
    ],
    ids=["changed", "missing"],
)
def test_a_broken_chain_is_not_carried_over(file: str, database: str, deed: str, says: str) -> None:
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        for trigger in ("audit_no_update", "audit_no_delete"):
            tx.run(f"DROP TRIGGER {trigger}")
        tx.run(deed)
    with pytest.raises(LedgerError, match=f"does not hold: {says}"):
        moved(file, database)
    assert workable(file) == [file] and is_empty(database)


def test_a_server_whose_clock_is_another_is_refused(file: str, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(
            PostgresLedger, "real", lambda _: SystemClock().real() - move_to_server.MAX_CLOCK_DIFFERENCE_MS - 1_000
        )
        with pytest.raises(LedgerError, match="are 61 seconds apart"):
            moved(file, database)
    assert workable(file, database) == [file]
    moved(file, database)


def test_what_the_server_does_not_take_stays_where_it_is_and_the_rest_with_it(file: str, database: str) -> None:
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        tx.run("INSERT INTO homes VALUES ('T1', 'U' || char(0), 1)")
    with pytest.raises(psycopg.DataError, match="NUL"):
        moved(file, database)
    assert workable(file, database) == [file]
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        tx.run("DELETE FROM homes")
    moved(file, database)
    assert workable(file, database) == [database]


def test_what_a_dead_process_had_in_hand_is_nobodys_where_it_arrives(file: str, database: str) -> None:
    real = SystemClock().real()
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        assert due_jobs.claim(tx, [JobKind.RECONCILE_KEY], now=NOW, real=real, token="dead", slot={"ram": 100})
    moved(file, database)
    with closing(open_ledger(database)) as ledger, ledger.write() as tx:
        job = due_jobs.claim(tx, [JobKind.RECONCILE_KEY], now=NOW, real=real + 1_000, token="alive", slot={"ram": 100})
    assert job is not None and job.taken_over


def test_a_trail_of_many_pages_arrives_whole(file: str, database: str) -> None:
    entries = 2 * ROWS_PER_PAGE + 1
    with closing(open_ledger(file)) as ledger, ledger.write() as tx:
        for _ in range(entries - 3):
            trail.append_event(tx, NOW, AuditEvent.ASKED)
    before = content(file)
    assert moved(file, database).head[0] == entries
    assert content(database) == before


def test_what_is_written_while_it_is_copied_stays_in_the_file(
    file: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a command on the command line may do it, which does not ask for the bot's place."""
    check = move_to_server.check_arrived

    def meanwhile(*given: Any) -> None:
        check(*given)
        with closing(open_ledger(file)) as ledger, ledger.write() as tx:
            jobs.enqueue(tx, "settle:x", JobKind.RECONCILE_KEY, due_at=NOW)

    monkeypatch.setattr(move_to_server, "check_arrived", meanwhile)
    with pytest.raises(LedgerError, match="it is still the one to work from"):
        moved(file, database)
    assert workable(file, database) == [file]


def test_wherever_it_is_interrupted_at_most_one_can_be_worked_from_and_it_can_be_finished(
    tmp_path: Path, databases: Databases
) -> None:
    for die_at in itertools.count():
        file, database = f"sqlite:///{tmp_path / f'{die_at}.db'}", databases.new()
        with closing(open_ledger(file)) as ledger, ledger.write() as tx:
            approve(tx, 1001, now=NOW, ends_at=NOW + HOUR)
            trail.append_event(tx, NOW, AuditEvent.APPROVED, request_id=1001)
        before, points = content(file), itertools.count()
        with closing(open_ledger(file)) as source, closing(open_ledger(database)) as destination:
            prepare(source)
            try:
                move(CrashingLedger(source, points, die_at), CrashingLedger(destination, points, die_at))
            except Killed:
                pass
            else:
                break
        assert len(workable(file, database)) <= 1, die_at
        if workable(file, database) != [database]:
            moved(file, database)
        assert workable(file, database) == [database], die_at
        assert content(database) == before, die_at
    assert die_at > 9, "hardly any points were counted"


def test_what_the_server_lost_before_the_move_was_over_is_brought_once_more(file: str, database: str) -> None:
    """As one does that goes over to a standby which lags behind."""
    before = content(file)
    with closing(open_ledger(file, moving=True)) as source, closing(open_ledger(database, moving=True)) as destination:
        prepare(source)
        move_to_server._leave(source, destination)
    with psycopg.connect(database) as server:
        for table in reversed(TABLES):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL; DELETE FROM {table}")
            server.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    moved(file, database)
    assert content(database) == before
