"""The ledger: where it is, whether it takes what is written, and whether its trail is whole."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from approvals import audit
from approvals.errors import LedgerError, NoLedger, OlderLedger
from approvals.ledger import Ledger, identity, trail
from approvals.ledger.back_up import last_backup
from approvals.ledger.opening import SQLITE
from approvals.ledger.store import complaint
from approvals.millis import DAY, HOUR, MINUTE, SECOND
from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, ok, warning

NAME = "ledger"
WRITING, TRAIL, DISK, BACKUP = "ledger writes", "audit trail", "free disk", "last backup"
MIN_FREE_BYTES, LITTLE_FREE_BYTES = 50 * 2**20, 500 * 2**20
"""A year of a busy team's ledger is some tens of megabytes."""
MAX_BACKUP_AGE_MS = DAY
MARK = "checked"


def check_ledger(context: CheckContext) -> Iterator[CheckRow]:
    """Nothing is made where there is none, and none is brought up to date."""
    try:
        ledger = context.open_ledger()
        ledger.check_place()
    except NoLedger:
        yield _not_there(context)
    except OlderLedger as older:
        remedy = "Back it up; the first start of this version brings it up to date."
        yield warning(NAME, str(older), remedy)
    except LedgerError as error:
        yield failed(NAME, str(error), "Put PAIREC_DATABASE_URL right, or what it names.")
    else:
        yield ok(NAME, f"{'PostgreSQL' if ledger.shared else 'SQLite'}, {ledger.address}")
        yield _written(ledger)
    if not context.settings.uses_database_server:
        yield from _disk(Path(context.settings.database_url.removeprefix(SQLITE)).absolute().parent)


def _not_there(context: CheckContext) -> CheckRow:
    if context.settings.uses_database_server:
        return ok(NAME, "PostgreSQL; the database is empty, and the first start makes a ledger of it")
    path = Path(context.settings.database_url.removeprefix(SQLITE)).absolute()
    if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        return failed(NAME, f"nothing can be written to {path.parent}", "Make the folder, or put the address right.")
    return ok(NAME, f"SQLite; {path} is made at the first start")


def _written(ledger: Ledger) -> CheckRow:
    """In one transaction, of which nothing is left."""
    token = secrets.token_hex(8)
    try:
        with ledger.write() as tx:
            identity.put(tx, MARK, token)
            read = identity.get(tx, MARK)
            identity.remove(tx, MARK)
    except ledger.engine_errors as error:
        return failed(WRITING, complaint(error), "Until it takes what is written, nobody's click counts.")
    if read != token:
        return failed(WRITING, "what was written is not what is read", "Take the database from its backup.")
    return ok(WRITING, "written, read back, and undone")


def check_backup(context: CheckContext) -> Iterator[CheckRow]:
    """How old the last one is."""
    ledger = context.ledger()
    with ledger.read() as tx:
        made, first = last_backup(tx), next(trail.entries(tx), None)
    remedy = "Have pairec-access ledger backup FILE run on a schedule, and keep FILE elsewhere."
    if made is None:
        since = datetime.fromisoformat(first.at).timestamp() * SECOND if first else ledger.real()
        is_new = ledger.real() - since < MAX_BACKUP_AGE_MS
        yield ok(BACKUP, "none yet; the ledger is new") if is_new else warning(BACKUP, "none was ever made", remedy)
        return
    age = ledger.real() - made
    seen = f"{age // HOUR} h old" if age >= HOUR else f"{age // MINUTE} min old"
    yield warning(BACKUP, seen, remedy) if age > MAX_BACKUP_AGE_MS else ok(BACKUP, seen)


def check_trail(context: CheckContext) -> Iterator[CheckRow]:
    """The chain of the audit trail."""
    ledger = context.ledger()
    with ledger.read() as tx:
        last, broken = trail.last(tx), audit.verify(trail.entries(tx))
    if broken:
        remedy = "Somebody changed the trail: pairec-access audit says where."
        yield failed(TRAIL, f"the chain breaks at entry {broken.seq}: it {broken.problem}", remedy)
    else:
        yield ok(TRAIL, f"{last.seq if last else 0} entries, and the chain holds")


def _disk(folder: Path) -> Iterator[CheckRow]:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield failed(DISK, f"{folder}: {error.strerror}", "Make the folder, or put the address right.")
        return
    seen, remedy = f"{free / 2**20:,.0f} MB", "Make room, before the ledger cannot be written."
    if free < MIN_FREE_BYTES:
        yield failed(DISK, seen, remedy)
    elif free < LITTLE_FREE_BYTES:
        yield warning(DISK, seen, remedy)
    else:
        yield ok(DISK, seen)
