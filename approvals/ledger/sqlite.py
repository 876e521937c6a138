"""The ledger in one SQLite file: WAL, every commit on the disk, one connection a thread.

Writes begin with BEGIN IMMEDIATE: a deferred transaction that first reads and then writes fails at once when another
process writes, whatever the busy timeout says.

Closed, it is one file with everything in it, so that a copy of that file is a ledger.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from approvals.errors import LedgerError, LedgerLost
from approvals.ledger import job_leases
from approvals.ledger.disks import network_disk
from approvals.ledger.ledger_file import LedgerFile
from approvals.ledger.sqlite_connection import CLOSE_TIMEOUT_SECONDS, SqliteTx, checkpoint, connect
from approvals.ledger.sqlite_schema import check_is_ledger, take_steps
from approvals.ledger.writer_turns import WriterTurns

log = logging.getLogger(__name__)

BUSY_TIMEOUT_SECONDS = 30.0
"""Seconds a writer waits for another one."""


class SqliteLedger:
    """Opens the file, brings its schema up to date and hands out transactions; safe to share between threads."""

    def __init__(
        self,
        path: Path,
        *,
        patience: float = BUSY_TIMEOUT_SECONDS,
        upgrade: bool = True,
        upgrade_in_use: bool = True,
    ) -> None:
        """`patience`: seconds that a writer waits for another one. `upgrade`: an older ledger takes the newer steps;
        `upgrade_in_use`: it does even while a bot works from it.

        Raises:
            LedgerError: no SQLite file, not a ledger, newer than this program, not writable, or older and in use.
        """
        self.path = path
        self._patience = patience
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._turns = WriterTurns()
        self._idle = threading.Condition()
        self._busy = 0
        self._closed = False
        try:
            self.found = path.exists()
            if self.found:
                check_is_ledger(path, patience, older=upgrade)
            else:
                # It says who may decide, and why people asked: nobody else on the machine reads it.
                path.touch(mode=0o600)
            self._file = LedgerFile(path)
            self._take_steps(upgrade_in_use)
        except OSError as error:
            raise LedgerError(f"the ledger {path} cannot be used: {error.strerror}") from None
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"the ledger {path} cannot be used: {error}") from None

    shared = False
    engine_errors: tuple[type[Exception], ...] = (sqlite3.Error, LedgerLost)

    @property
    def address(self) -> str:
        """The file's path."""
        return str(self.path)

    @contextmanager
    def write(self) -> Iterator[SqliteTx]:
        """One transaction that commits when the block ends and leaves no trace when it raises.

        Raises:
            LedgerLost: another file is in the place of this one, or none.
        """
        with self._writing() as db:
            tx = SqliteTx(db)
            yield tx
        tx.committed()

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
        """What became of the file, where it is not the one that was opened any more, and nobody finds what is written
        to it. None where it is, or the ledger is closed.
        """
        return None if self._closed else self._file.lost()

    def _check_there(self) -> None:
        lost = self.lost()
        if lost:
            raise LedgerLost(lost)

    def check_place(self) -> None:
        """See that it is where SQLite's locks hold.

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
        try:
            if not self._file.lock():
                return False
        except OSError as error:
            raise LedgerError(f"the ledger {self.path} cannot be locked: {error.strerror}") from None
        try:
            with self.write() as tx:
                job_leases.release_all(tx)
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.path} cannot be used: {error}") from None
        return True

    def release(self) -> None:
        """Work from this file no more; another process may."""
        self._file.unlock()

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
        if connections and not (checkpoint(self.path) and unused):
            log.warning("the newest entries are in a file beside the ledger", extra={"beside": f"{self.path}-wal"})
        if unused:
            for connection in connections:
                connection.close()
        self.release()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._using() as db, self._turn(db):
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                self._check_there()
                db.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite roll back by itself; a commit that failed may leave the transaction open.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _turn(self, db: sqlite3.Connection) -> Iterator[None]:
        """What is left of one's patience is for writers in other processes. A thread that is in a transaction already
        gets none: SQLite says so at once.
        """
        if db.in_transaction:
            yield
            return
        with self._turns.turn(self._patience) as left:
            db.execute(f"PRAGMA busy_timeout={left * 1_000:.0f}").fetchall()
            yield

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
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

    def _database(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = connect(self.path, self._patience)
            try:
                self._check_there()
            except LedgerLost:
                db.close()
                raise
            with self._idle:
                self._connections.append(db)
            self._local.db = db
        return db

    def _take_steps(self, in_use: bool) -> None:
        with self._writing() as db:
            missed = take_steps(db, self.path, unless_used_at=None if in_use else self.real())
        if missed:
            checkpoint(self.path)
