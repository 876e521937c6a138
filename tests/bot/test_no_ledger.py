"""An address at which there is no ledger to work from: every command says so in one line, and writes nothing there."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from approvals.ledger import SqliteLedger, open_ledger
from tests.program import pairec_access, says_plainly
from tests.servers import PASSWORD, Databases

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
OPEN_IT = (("run",), ("audit",))
"""One for each way in which commands come to their ledger."""
ALL = (
    *OPEN_IT,
    ("revoke", "--all", "dave"),
    ("link", "U0DAVE", "dave"),
    ("unlink", "U0DAVE"),
    ("ledger", "copy", "--to", "postgresql://db/ledger"),
)
NOBODY = "postgresql://pairec:hunter2@127.0.0.1:9/pairec_access"
WRONG = "hunter2-and-a-half"
FUTURE = "INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')"
NEWER = "is newer than this program (schema step 4711); upgrade the program"


def all_say(
    line: str,
    address: str,
    commands: Sequence[Sequence[str]] = OPEN_IT,
    python: Sequence[str] = (sys.executable,),
) -> None:
    """Every command ends with this line, in which no password is."""
    with ThreadPoolExecutor(2) as side_by_side:
        ended = side_by_side.map(
            lambda words: pairec_access(*words, python=python, **TOKENS, PAIREC_DATABASE_URL=address), commands
        )
    for done in ended:
        says_plainly(done, f"PAIREC_DATABASE_URL: {line}")
        assert "hunter2" not in done.stderr


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What is in each, and when it was written last."""
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.iterdir()}


def tables(address: str) -> list[tuple[str, ...]]:
    with psycopg.connect(address) as there:
        return there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()


def test_an_address_of_an_unknown_kind(tmp_path: Path) -> None:
    all_say("must be sqlite:/// and the path of a file, such as", "mysql://pairec:hunter2@db/ledger")


def test_a_server_at_which_nobody_answers() -> None:
    all_say("the ledger postgresql://pairec@127.0.0.1:9/pairec_access cannot be used: ", NOBODY)


def test_a_password_that_the_server_does_not_take(databases: Databases) -> None:
    address = databases.guarded(WRONG)
    all_say("the ledger postgresql://keeper@/", address)
    done = pairec_access("audit", **TOKENS, PAIREC_DATABASE_URL=address)
    assert "cannot be used: " in done.stderr and 'password authentication failed for user "keeper"' in done.stderr
    let_in = address.replace(WRONG, PASSWORD)
    assert tables(let_in) == []
    says_plainly(
        pairec_access("audit", **TOKENS, PAIREC_DATABASE_URL=let_in), "PAIREC_DATABASE_URL: there is no ledger at"
    )


def test_a_password_that_would_be_taken_for_the_server() -> None:
    all_say(
        "has an @ too many; in a password it is written %40", "postgresql://pairec:a@hunter2@db/ledger", OPEN_IT[:1]
    )


def test_a_file_of_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    newer = SqliteLedger(path)
    with newer.write() as tx:
        tx.run(FUTURE)
    newer.close()
    before = files(tmp_path)
    all_say(f"the ledger {path} {NEWER}", f"sqlite:///{path}", ALL)
    assert files(tmp_path) == before


def test_a_database_of_a_newer_program(databases: Databases) -> None:
    address = databases.new()
    newer = open_ledger(address)
    with newer.write() as tx:
        tx.run(FUTURE)
    newer.close()
    all_say(f"the ledger {newer.address} {NEWER}", address)


@pytest.mark.parametrize("what", ["notes", "another program's database"])
def test_a_file_that_is_no_ledger(tmp_path: Path, what: str) -> None:
    path = tmp_path / "ledger.db"
    if what == "notes":
        path.write_text("minutes of the meeting\n" * 100, "utf-8")
        line = f"the ledger {path} cannot be used: file is not a database"
    else:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
        other.close()
        line = f"{path} is a SQLite file, but not a pairec-access ledger"
    before = files(tmp_path)
    all_say(line, f"sqlite:///{path}")
    assert files(tmp_path) == before


def test_a_database_that_is_no_ledger(databases: Databases) -> None:
    address = databases.new()
    with psycopg.connect(address) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    all_say("postgresql://postgres@/", address)
    assert tables(address) == [("recipes",)]


HELD_TO_PERMISSIONS = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""Gives up CAP_DAC_OVERRIDE, by which root passes by what files and folders allow."""


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder with a ledger in it, to which nothing can be written."""
    folder = tmp_path / "disk"
    folder.mkdir()
    SqliteLedger(folder / "ledger.db").close()
    (folder / "ledger.db").chmod(0o400)
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ledger.db", "the ledger {} cannot be used: it, or the folder around it, is read-only"),
        ("new.db", "the ledger {} cannot be used: Permission denied"),
    ],
)
def test_a_disk_that_cannot_be_written(read_only: Path, name: str, line: str) -> None:
    before = files(read_only)
    path = read_only / name
    commands = OPEN_IT if name == "ledger.db" else OPEN_IT[:1]
    all_say(line.format(path), f"sqlite:///{path}", commands, python=(sys.executable, "-c", HELD_TO_PERMISSIONS))
    assert files(read_only) == before


def test_a_ledger_that_alone_cannot_be_written_is_found_out_before_anything_is_due(read_only: Path) -> None:
    read_only.chmod(0o700)
    before = files(read_only)
    path = read_only / "ledger.db"
    line = f"the ledger {path} cannot be used: it, or the folder around it, is read-only"
    all_say(line, f"sqlite:///{path}", OPEN_IT[:1], python=(sys.executable, "-c", HELD_TO_PERMISSIONS))
    assert files(read_only) == before


def test_a_place_to_which_a_ledger_cannot_be_copied(tmp_path: Path, databases: Databases) -> None:
    path = tmp_path / "ledger.db"
    SqliteLedger(path).close()
    before = files(tmp_path)[path.name]
    newer_at = databases.new()
    newer = open_ledger(newer_at)
    with newer.write() as tx:
        tx.run(FUTURE)
    newer.close()
    places = {
        NOBODY: "--to: the ledger postgresql://pairec@127.0.0.1:9/pairec_access cannot be used: ",
        databases.guarded(WRONG): "--to: the ledger postgresql://keeper@/",
        newer_at: f"--to: the ledger {newer.address} {NEWER}",
    }
    for to, line in places.items():
        done = pairec_access("ledger", "copy", "--to", to, **TOKENS, PAIREC_DATABASE_URL=f"sqlite:///{path}")
        says_plainly(done, line)
        assert "hunter2" not in done.stderr
    assert files(tmp_path)[path.name] == before
    assert {each.name for each in tmp_path.iterdir()} == {path.name}
