"""An address at which there is no ledger to work from: every command says so in one line, and writes nothing there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from approvals.ledger import open_ledger
from tests.harness.databases import PASSWORD, Databases
from tests.harness.program import held_to_permissions, pairec_access, says_plainly

pytestmark = pytest.mark.slow

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
OPEN_IT = (("run",), ("audit",))
"""One that makes a ledger where there is none, and one that does not."""
COPY = ("ledger", "copy", "--to", "postgresql://127.0.0.1:9/pairec_access")
ALL = (
    *OPEN_IT,
    ("link", "U0DAVE", "dave"),
    ("unlink", "U0DAVE"),
    ("revoke", "--all", "dave"),
    ("report", "access"),
    COPY,
)
NOBODY = "postgresql://pairec:hunter2@127.0.0.1:9/pairec_access"
SHOWN = "the ledger postgresql://pairec@127.0.0.1:9/pairec_access cannot be used: "
WRONG = "hunter2-and-a-half"
FUTURE = "INSERT INTO schema_steps (number, name) VALUES (4711, 'from_the_future')"
NEWER = "is newer than this program (schema step 4711); upgrade the program"


def all_say(
    line: str,
    address: str,
    commands: Sequence[Sequence[str]] = OPEN_IT,
    start: Callable[..., subprocess.CompletedProcess[str]] = pairec_access,
) -> None:
    """Each of them ends with a line that begins like this, and has no password in it."""
    settings = {**TOKENS, "PAIREC_DATABASE_URL": address}
    with ThreadPoolExecutor(2) as side_by_side:
        for done in side_by_side.map(lambda words: start(*words, **settings), commands):
            says_plainly(done, f"PAIREC_DATABASE_URL: {line}")
            assert "hunter2" not in done.stderr


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What is in each, and when it was written last."""
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.iterdir()}


def tables(address: str) -> list[str]:
    with psycopg.connect(address) as there:
        found = there.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in found]


def newer(address: str) -> str:
    """There is a ledger at this address that a later program has worked from."""
    with closing(open_ledger(address)) as made, made.write() as tx:
        tx.run(FUTURE)
    return address


def test_an_address_of_an_unknown_kind() -> None:
    all_say("must be sqlite:/// and the path of a file, such as", "mysql://pairec:hunter2@db/ledger")


def test_a_server_at_which_nobody_answers() -> None:
    all_say(SHOWN, NOBODY)


def test_a_password_that_the_server_does_not_take(databases: Databases) -> None:
    address = databases.guarded(WRONG)
    all_say("the ledger postgresql://keeper@/", address, OPEN_IT[:1])
    done = pairec_access("audit", **TOKENS, PAIREC_DATABASE_URL=address)
    assert "cannot be used: " in done.stderr and 'password authentication failed for user "keeper"' in done.stderr
    right = address.replace(WRONG, PASSWORD)
    all_say("there is no ledger at postgresql://keeper@/", right, [("audit",)])
    assert tables(right) == []


def test_a_password_that_breaks_its_address_apart() -> None:
    says = "must have anything but letters and digits in a password written as its code"
    all_say(says, "postgresql://pairec:a@hunter2@127.0.0.1:9/ledger", OPEN_IT[:1])


def test_a_file_of_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    address = newer(f"sqlite:///{path}")
    before = files(tmp_path)
    all_say(f"the ledger {path} {NEWER}", address, ALL)
    assert files(tmp_path) == before


def test_a_database_of_a_newer_program(databases: Databases) -> None:
    address = newer(databases.new())
    all_say("the ledger postgresql://postgres@/", address, OPEN_IT[:1])
    assert NEWER in pairec_access("audit", **TOKENS, PAIREC_DATABASE_URL=address).stderr


def test_notes_instead_of_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("minutes of the meeting\n" * 100, "utf-8")
    before = files(tmp_path)
    all_say(f"the ledger {path} cannot be used: file is not a database", f"sqlite:///{path}")
    assert files(tmp_path) == before


def test_another_programs_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    before = files(tmp_path)
    all_say(f"{path} is a SQLite file, but not a pairec-access ledger", f"sqlite:///{path}")
    assert files(tmp_path) == before


def test_another_programs_database(databases: Databases) -> None:
    address = databases.new()
    with psycopg.connect(address) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    all_say("postgresql://postgres@/", address, OPEN_IT[:1])
    assert tables(address) == ["recipes"]


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    all_say(f"the ledger {tmp_path} cannot be used: ", f"sqlite:///{tmp_path}", OPEN_IT[:1])
    all_say(f"there is no ledger at {tmp_path}", f"sqlite:///{tmp_path}", OPEN_IT[1:])
    assert files(tmp_path) == {}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with a ledger in it, to be made read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    open_ledger(f"sqlite:///{folder / 'ledger.db'}").close()
    yield folder
    folder.chmod(0o700)


READ_ONLY = {
    "all of it": (0o400, 0o500, "ledger.db"),
    "the file": (0o400, 0o700, "ledger.db"),
    "the folder": (0o600, 0o500, ""),
}


@pytest.mark.skipif(sys.platform != "linux", reason="root is held to permissions in Linux's way")
@pytest.mark.parametrize("what", READ_ONLY)
def test_a_ledger_on_a_disk_that_takes_nothing(disk: Path, what: str) -> None:
    file, folder, named = READ_ONLY[what]
    path = disk / "ledger.db"
    before = files(disk)
    path.chmod(file)
    disk.chmod(folder)
    says = f"the ledger {path} cannot be used: nothing can be written to {disk / named}"
    commands = (*OPEN_IT, COPY) if what == "all of it" else OPEN_IT[:1]
    all_say(says, f"sqlite:///{path}", commands, held_to_permissions)
    assert files(disk) == before


@pytest.mark.skipif(sys.platform != "linux", reason="root is held to permissions in Linux's way")
def test_a_new_ledger_on_a_disk_that_takes_nothing(disk: Path) -> None:
    path = disk / "new.db"
    disk.chmod(0o500)
    before = files(disk)
    all_say(
        f"the ledger {path} cannot be used: Permission denied", f"sqlite:///{path}", OPEN_IT[:1], held_to_permissions
    )
    all_say(f"there is no ledger at {path}", f"sqlite:///{path}", OPEN_IT[1:2], held_to_permissions)
    assert files(disk) == before


@pytest.mark.skipif(sys.platform != "linux", reason="root is held to permissions in Linux's way")
def test_a_folder_that_lets_nobody_in(disk: Path) -> None:
    disk.chmod(0)
    path = disk / "ledger.db"
    all_say(f"the ledger {path} cannot be used: Permission denied", f"sqlite:///{path}", OPEN_IT, held_to_permissions)


def test_a_database_that_is_read_only(databases: Databases) -> None:
    address = databases.new()
    with psycopg.connect(address, autocommit=True) as there:
        there.execute(f"ALTER DATABASE {there.info.dbname} SET default_transaction_read_only = on")
    all_say("the ledger postgresql://postgres@/", address, OPEN_IT[:1])
    assert tables(address) == []


def copied(file: str, to: str) -> subprocess.CompletedProcess[str]:
    return pairec_access("ledger", "copy", "--to", to, **TOKENS, PAIREC_DATABASE_URL=file)


def test_a_place_to_which_a_ledger_cannot_be_copied(tmp_path: Path, databases: Databases) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(f"sqlite:///{path}").close()
    before = files(tmp_path)
    other = databases.new()
    with psycopg.connect(other) as there:
        there.execute("CREATE TABLE recipes (name TEXT)")
    places = {
        "mysql://pairec:hunter2@db/ledger": "--to: must be sqlite:/// and the path of a file, such as",
        f"sqlite:///{tmp_path / 'other.db'}": "--to: must be postgresql://, a server and a database",
        "postgresql://db.example.com": "--to: must name a database",
        NOBODY: f"--to: {SHOWN}",
        databases.guarded(WRONG): "--to: the ledger postgresql://keeper@/",
        newer(databases.new()): "--to: the ledger postgresql://postgres@/",
        other: "--to: postgresql://postgres@/",
    }
    for to, line in places.items():
        done = copied(f"sqlite:///{path}", to)
        says_plainly(done, line)
        assert "hunter2" not in done.stderr
    assert tables(other) == ["recipes"]
    assert files(tmp_path)[path.name] == before[path.name]
    assert {each.name for each in tmp_path.iterdir()} == {path.name, f"{path.name}.lock"}, "the copy holds a lock"


def test_a_ledger_that_cannot_be_copied(tmp_path: Path, databases: Databases) -> None:
    nowhere, to = tmp_path / "nowhere.db", databases.new()
    says_plainly(copied(f"sqlite:///{nowhere}", to), f"PAIREC_DATABASE_URL: there is no ledger at {nowhere}")
    says_plainly(copied(databases.new(), to), "PAIREC_DATABASE_URL: a ledger is copied from a file")
    assert tables(to) == [] and files(tmp_path) == {}
