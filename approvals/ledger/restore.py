"""Put a backup where bots are to work from it; what was there before is put aside."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.errors import LedgerError
from approvals.ledger import identity, trail
from approvals.ledger.copying import TABLES, Copied, check_same, contents, copied, fill
from approvals.ledger.draft import plainly, put_in_place, said_of, seal, working_in
from approvals.ledger.ledger_file import BESIDE, lock
from approvals.ledger.opening import is_blank, open_ledger
from approvals.ledger.postgres import PostgresLedger
from approvals.ledger.postgres_schema import begin_anew
from approvals.ledger.store import complaint
from approvals.millis import DomainMillis
from approvals.transaction import Ledger, Tx

RESTORE = "pairec-access restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of putting a backup back."""

    copied: Copied
    until: int | None
    """When the last entry of the backup was written; None where it has none."""
    aside: str | None
    """Where the ledger went that was there before."""


def restore(file: Path, place: str, now: DomainMillis, by: str, *, overwrite: bool = False) -> Restored:
    """Put a backup, or the file of a ledger, to the address `place`, where no bot works. `file` stays as it is.

    Args:
        place: as `open_ledger` takes it.
        now: for the trail, in milliseconds.
        by: who does it, for the trail.
        overwrite: a ledger that is there already is put aside; without it, it stays.

    Raises:
        LedgerError: nothing was changed, and why.
    """
    to = Path(place.removeprefix("sqlite:///")) if place.startswith("sqlite:///") else None
    with (
        working_in(to.parent if to else Path(tempfile.gettempdir())) as folder,
        plainly(f"{file} cannot be restored, and nothing was changed"),
    ):
        draft = folder / "ledger.db"
        _unpack(file, draft)
        with closing(_opened(draft, file)) as ledger:
            until = _mark(ledger, file, now, by)
            if to is None:
                done, aside = _to_server(ledger, place, overwrite, now)
                return Restored(done, until, aside)
            with ledger.read() as tx:
                done = copied(tx, contents(tx))
        seal(draft)
        return Restored(done, until, _to_file(draft, to, overwrite, now))


def _unpack(file: Path, draft: Path) -> None:
    """Raises:
    LedgerError: there is no such file, or it cannot be read.
    """
    with plainly(f"{file} cannot be used"):
        if not file.is_file():
            raise LedgerError(f"there is no file {file}")
    # Without a log beside it, nothing has to be made there to read it: it may be on a disk that takes nothing.
    how = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "immutable=1"
    with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True)) as original:
        with plainly(f"{file} cannot be used"):
            found = original.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise LedgerError(f"{file} is damaged: {' '.join(found.split())}")
        with closing(sqlite3.connect(draft)) as copy:
            original.backup(copy)


def _opened(draft: Path, file: Path) -> Ledger:
    """The draft as a ledger of this program; what is wrong with it is said of the file.

    Raises:
        LedgerError: it is none.
    """
    with closing(sqlite3.connect(draft)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_steps'").fetchone():
            raise LedgerError(f"{file} is not a pairec-access ledger")
    with said_of(file, draft):
        return open_ledger(f"sqlite:///{draft}", make=False)


def _mark(ledger: Ledger, file: Path, now: DomainMillis, by: str) -> int | None:
    """See that its trail holds, and write into it that it was restored; until when it knows what happened: its last
    entry, or that of a backup that it came from, where no bot has worked from it since.

    Raises:
        LedgerError: the chain is broken, or there is nothing in it.
    """
    with ledger.write() as tx:
        broken = audit.verify(trail.entries(tx))
        if broken:
            raise LedgerError(f"the audit trail of {file} does not hold: entry {broken.seq} {broken.problem}")
        if is_blank(tx):
            raise LedgerError(f"there is nothing in {file}: nobody is linked, and nothing is recorded")
        last = trail.last(tx)
        until = last.moment if last else None
        if last is not None and (before := identity.get(tx, identity.RESTORED_UNTIL)):
            until = min(DomainMillis(int(before)), last.moment)
        if until is not None:
            identity.put(tx, identity.RESTORED_UNTIL, str(until))
        trail.append_event(
            tx, now, AuditEvent.RESTORED, last=last.seq if last else None, last_at=last.at if last else None, by=by
        )
    return until


def _to_file(draft: Path, to: Path, overwrite: bool, now: DomainMillis) -> str | None:
    """Raises:
    LedgerError: a bot works from there, or there is a ledger already.
    """
    with plainly(f"the ledger {to} cannot be locked"):
        held = lock(to)
    if held is None:
        raise LedgerError(f"a bot works from the ledger {to}; stop it first")
    with held:
        taken = _is_taken(to)
        if taken and not overwrite:
            raise LedgerError(f"there is a ledger at {to} already")
        aside = to.with_name(f"{to.name}.{_named(now, '-')}") if taken else None
        with plainly(f"the ledger {to} cannot be put there"):
            _put_aside(to, aside)
            put_in_place(draft, to)
    return str(aside) if aside else None


def _is_taken(path: Path) -> bool:
    """Whether there is anything that somebody may want back."""
    if not any(each.exists() and each.stat().st_size for each in _with_beside(path)):
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as there:
            tables = {name for (name,) in there.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return bool(tables) and (
                "schema_steps" not in tables
                or any(there.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("audit", "links"))
            )
    except sqlite3.Error:
        return True


def _put_aside(path: Path, aside: Path | None) -> None:
    """What stands beside a ledger would be taken for a part of the next one: it goes along, or, of nothing, away. The
    file itself is at no moment missing, so that nobody makes a new one in its place.
    """
    for tail in BESIDE:
        part = path.with_name(path.name + tail)
        if aside is None:
            part.unlink(missing_ok=True)
        elif part.exists():
            part.rename(aside.with_name(aside.name + tail))
    if aside is not None and path.exists():
        aside.hardlink_to(path)


def _with_beside(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + tail) for tail in BESIDE)]


def _to_server(ledger: Ledger, place: str, overwrite: bool, now: DomainMillis) -> tuple[Copied, str | None]:
    """Raises:
    LedgerError: bots work from there, or there is a ledger already.
    """
    with closing(PostgresLedger(place, called=RESTORE, at_length=True)) as server:
        try:
            with ledger.read() as original, server.write() as tx:
                if server.others(tx):
                    raise LedgerError(f"bots work from the ledger {server.address}; stop them first")
                taken = not is_blank(tx)
                if taken and not overwrite:
                    raise LedgerError(f"there is a ledger at {server.address} already")
                aside = _named(now, "_") if taken else None
                if aside:
                    begin_anew(tx, aside, server.address)
                else:
                    _empty(tx)
                wanted = contents(original)
                fill(original, tx)
                check_same(tx, wanted, server.address, "try again")
                return copied(tx, wanted), aside
        except server.engine_errors as error:
            raise LedgerError(f"the ledger {server.address} does not take it: {complaint(error)}") from None


def _empty(tx: Tx) -> None:
    """Where nothing was recorded there may be work that a start has put."""
    for table in reversed(TABLES):
        if tx.row(f"SELECT 1 AS one FROM {table} LIMIT 1"):
            tx.run(f"DELETE FROM {table}")


def _named(now: DomainMillis, joint: str) -> str:
    return f"replaced{joint}{now}"
