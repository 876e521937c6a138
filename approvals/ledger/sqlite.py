"""The ledger in one SQLite file: WAL, every commit on the disk, one connection a thread.

Writes begin with BEGIN IMMEDIATE: a deferred transaction that first reads and then writes fails at once when another
process writes, whatever the busy timeout says.

Closed, it is one file with everything in it, so that a copy of that file is a ledger.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from approvals.errors import LedgerError, LedgerLost
from approvals.ledger import job_leases
from approvals.ledger.disks import network_disk
from approvals.ledger.store import missing_steps, statements
from approvals.transaction import ROWS_PER_PAGE, Row

log = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 30.0
"""Seconds a writer waits for another one."""
SYNCHRONOUS = "FULL"
"""When a commit is done, it is on the disk."""
WAL_RETRY_SECONDS = 0.02
"""Seconds."""
BESIDE = ("-wal", "-shm")
"""What SQLite puts beside a ledger that is open, in the folder that the file itself is in."""
CLOSE_TIMEOUT_SECONDS = 1.0
"""Seconds that closing waits for transactions under way, and as many for readers in other processes."""


class SqliteTx:
    """A transaction on one connection."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(self, sql: str, **params: Any) -> list[Row]:
        cursor = self._db.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def row(self, sql: str, **params: Any) -> Row | None:
        found = self.rows(sql, **params)
        return found[0] if found else None

    def run(self, sql: str, **params: Any) -> int:
        return self._db.execute(sql, params).rowcount

    def pages(self, table: str) -> Iterator[list[Row]]:
        after = 0
        # No table has a column of that name.
        ask = f"SELECT rowid AS _rowid, * FROM {table} WHERE rowid > :after ORDER BY rowid LIMIT :page"
        while page := self.rows(ask, after=after, page=ROWS_PER_PAGE):
            after = page[-1]["_rowid"]
            yield [{name: value for name, value in row.items() if name != "_rowid"} for row in page]


class SqliteLedger:
    """Opens the file, brings its schema up to date and hands out transactions; safe to share between threads."""

    def __init__(self, path: Path, *, patience: float = BUSY_TIMEOUT_SECONDS) -> None:
        """`patience`: seconds that a writer waits for another one.

        Raises:
            LedgerError: no SQLite file, not a ledger, newer than this program, or not writable.
        """
        self.path = path
        self._patience = patience
        self._local = threading.local()
        self._held: IO[str] | None = None
        self._connections: list[sqlite3.Connection] = []
        self._idle = threading.Condition()
        self._busy = 0
        self._closed = False
        self._known: dict[Path, tuple[int, int]] = {}
        """Device and inode of the file and of what stands beside it, as they were at first."""
        try:
            self.found = path.exists()
            if self.found:
                _look(path, patience)
            else:
                # It says who may decide, and why people asked: nobody else on the machine reads it.
                path.touch(mode=0o600)
            self._known[path] = _inode(path.stat())
            file = path.resolve()
            # Looked at twice in each transaction, so they are put together once.
            self._files = (path, *(file.with_name(file.name + tail) for tail in BESIDE))
            self._lock_file = lock_path(path)
            self._migrate()
        except OSError as error:
            raise LedgerError(f"the ledger {path} cannot be used: {error.strerror}") from None
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"the ledger {path} cannot be used: {error}") from None

    shared = False
    engine_errors: tuple[type[Exception], ...] = (sqlite3.Error, LedgerLost)

    @property
    def address(self) -> str:
        return str(self.path)

    @contextmanager
    def write(self) -> Iterator[SqliteTx]:
        """One transaction that commits when the block ends and leaves no trace when it raises.

        Raises:
            LedgerLost: another file is in the place of this one, or none.
        """
        with self._using() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteTx(db)
                self._check_there()
                db.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite roll back by itself; a commit that failed may leave the transaction open.
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self, within: float | None = None) -> Iterator[SqliteTx]:
        """One consistent view; nothing can be written through it. Readers wait for nobody."""
        with self._using() as db:
            db.execute("BEGIN")
            try:
                yield SqliteTx(db)
            finally:
                db.execute("ROLLBACK")

    def real(self) -> int:
        """A file is on this machine, and so is everybody who works from it."""
        return time.time_ns() // 1_000_000

    def lost(self) -> str | None:
        """A file that was deleted or replaced still takes all that is written to it, and nobody finds it again."""
        if self._closed:
            return None
        for path in self._files:
            try:
                found = _inode(path.stat())
            except OSError:
                found = None
            if path not in self._known and found:
                self._known[path] = found
            elif found != self._known.get(path):
                return f"the file {path} was deleted or replaced"
        if self._held and not _is_at(self._held, self._lock_file):
            return f"the file {self._lock_file} was deleted or replaced"
        return None

    def _check_there(self) -> None:
        lost = self.lost()
        if lost:
            raise LedgerLost(lost)

    def check_place(self) -> None:
        """
        Raises:
            LedgerError: on a disk that other machines may write to.
        """
        disk = network_disk(self.path)
        if disk:
            raise LedgerError(
                f"the ledger {self.path} is on a network disk ({disk}), where SQLite's locks do not hold; put it on a"
                " disk of this machine, or move it to a PostgreSQL server (pairec-access ledger copy)"
            )

    def take_over(self) -> bool:
        """Become the one process that works from this file, until `release`; then locks left in it are a dead one's.

        False when another process works from it: its locks are its own.

        Raises:
            LedgerError: there is no telling, since nothing can be written or locked beside the file.
        """
        if self._held is None:
            try:
                self._held = lock(self.path)
            except OSError as error:
                raise LedgerError(f"the ledger {self.path} cannot be locked: {error.strerror}") from None
            if self._held is None:
                return False
        try:
            with self.write() as tx:
                job_leases.release_all(tx)
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be used: {error}") from None
        return True

    def release(self) -> None:
        """Work from this file no more; another process may."""
        if self._held:
            self._held.close()
            self._held = None

    def close(self) -> None:
        """Put all that was written into the file itself, and close every thread's connection: nobody gets another.

        A thread that does not come out of its transaction, or a reader in another process, leaves what was written last
        in the log beside the file, where it is read as well. Where another file is in the place of this one, nothing is
        closed: SQLite would delete by its name what stands beside that.
        """
        if self.lost():
            self._closed = True
            return
        with self._idle:
            self._closed = True
            unused = self._idle.wait_for(lambda: not self._busy, CLOSE_TIMEOUT_SECONDS)
            connections = list(self._connections)
            self._connections.clear()
        if connections and not (self._checkpoint() and unused):
            log.warning("the newest entries are in a file beside the ledger", extra={"beside": f"{self.path}-wal"})
        if unused:
            for connection in connections:
                connection.close()
        self.release()

    def _checkpoint(self) -> bool:
        """Move what is in the write-ahead log into the file; False where somebody is in the way, or the disk is."""
        try:
            with closing(sqlite3.connect(self.path, timeout=CLOSE_TIMEOUT_SECONDS, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            log.warning("the write-ahead log stays", extra={"error": str(error)})
            return False
        return not busy

    @contextmanager
    def _using(self) -> Iterator[Database]:
        """This thread's connection, which is not closed under it.

        Raises:
            sqlite3.ProgrammingError: the ledger is closed.
            LedgerLost: another file is in the place of this one, or none.
        """
        with self._idle:
            if self._closed:
                raise sqlite3.ProgrammingError("the ledger is closed")
            self._busy += 1
        try:
            self._check_there()
            yield self._database()
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _database(self) -> Database:
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            connection = sqlite3.connect(
                self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
            )
            db = Database(connection)
            try:
                _into_wal(db, self._patience)
                for pragma in (f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "recursive_triggers=ON"):
                    db.execute(f"PRAGMA {pragma}").fetchall()
                self._check_there()
            except (sqlite3.Error, LedgerLost):
                connection.close()
                raise
            with self._idle:
                self._connections.append(connection)
            self._local.db = db
        return db

    def _migrate(self) -> None:
        with self.write() as tx:
            done = _steps_taken(tx, self.path)
            missing = missing_steps(done, "sqlite", str(self.path))
            tx.run("CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
            for number, (name, scripts) in missing.items():
                for statement in (each for script in scripts for each in statements(script)):
                    tx.run(statement)
                tx.run("INSERT INTO schema_steps (number, name) VALUES (:number, :name)", number=number, name=name)
        if missing:
            self._checkpoint()


def _into_wal(db: Database, patience: float) -> None:
    """Where several processes make a new file at once, SQLite does not always let the others wait for the one that puts
    it into WAL mode, but says at once that it is locked.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(WAL_RETRY_SECONDS)


def _look(path: Path, patience: float) -> None:
    """Whether it is a ledger of this program's, before anything is changed in it: to put even another program's
    database into WAL mode would be a change.

    Raises:
        LedgerError: it is not, or cannot be written.
    """
    for needed in (path, path.parent):
        if not os.access(needed, os.W_OK):
            # SQLite finds out at the first row that is written, and leaves files beside it until then.
            raise LedgerError(f"the ledger {path} cannot be used: nothing can be written to {needed}")
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        missing_steps(_steps_taken(SqliteTx(Database(connection)), path), "sqlite", str(path))


def _steps_taken(tx: SqliteTx, path: Path) -> set[int]:
    tables = {row["name"] for row in tx.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "schema_steps" not in tables:
        raise LedgerError(f"{path} is a SQLite file, but not a pairec-access ledger")
    return {row["number"] for row in tx.rows("SELECT number FROM schema_steps")} if tables else set()


def lock_path(path: Path) -> Path:
    """Whichever name leads there, it is one lock."""
    file = path.resolve()
    return file.with_name(f"{file.name}.lock")


def lock(path: Path) -> IO[str] | None:
    """The lock file beside a ledger, locked for as long as it is open; None when another process has it."""
    while True:
        held = lock_path(path).open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held.close()
            if isinstance(error, BlockingIOError):
                return None
            raise
        if _is_at(held, lock_path(path)):
            return held
        # Somebody deleted it since it was opened, and whoever comes next would lock another one.
        held.close()


def _is_at(held: IO[str], path: Path) -> bool:
    try:
        return _inode(os.fstat(held.fileno())) == _inode(path.stat())
    except OSError:
        return False


def _inode(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
