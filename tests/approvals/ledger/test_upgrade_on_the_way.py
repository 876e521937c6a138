"""Work that the version before stored arrives wherever a ledger is taken: restored, backed up, copied to a server."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import due_jobs, move_to_server, open_ledger, trail
from approvals.ledger.back_up import back_up
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.restore import restore
from approvals.millis import HOUR
from tests.harness.builders import NOW, REAL, approve
from tests.harness.databases import Databases
from tests.harness.older_ledgers import program_of_step, put_as_before_step_18

BEFORE = 17
FORMER = {"settle": JobKind.RECONCILE_KEY, "reconcile": JobKind.FIND_DRIFT, "lapse": JobKind.GIVE_UP_FAILED}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger of the version before, with one job of each kind that is called otherwise now."""
    path = tmp_path / "before.db"
    with program_of_step(BEFORE), closing(open_ledger(f"sqlite:///{path}")) as old, old.write() as tx:
        approve(tx, 1001, ends_at=NOW + HOUR)
        tx.run("DELETE FROM jobs")
        trail.append_event(tx, NOW, AuditEvent.APPROVED, request_id=1001)
        for word in FORMER:
            put_as_before_step_18(tx, f"{word}:1", word)
    return path


def kinds(address: str) -> dict[str, str]:
    with closing(open_ledger(address)) as ledger, ledger.read() as tx:
        return {row["id"]: row["kind"] for row in tx.rows("SELECT id, kind FROM jobs")}


RENAMED = {f"{word}:1": str(kind) for word, kind in FORMER.items()}
AS_BEFORE = {f"{word}:1": word for word in FORMER}


def test_a_backup_of_before_is_restored_with_all_of_its_work(file: Path, address: str) -> None:
    restore(file, address, NOW, "alice")
    assert kinds(address) == RENAMED


def test_what_a_replica_of_before_put_is_in_a_backup_and_in_what_is_made_of_it(address: str, tmp_path: Path) -> None:
    with closing(open_ledger(address)) as ledger:
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.APPROVED)
            for word in FORMER:
                put_as_before_step_18(tx, f"{word}:1", word)
        back_up(ledger, tmp_path / "backup.db")
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    restore(tmp_path / "backup.db", restored, NOW, "alice")
    assert kinds(restored) == AS_BEFORE
    is_all_claimed(restored)


def test_a_file_of_before_is_moved_with_all_of_its_work(file: Path, databases: Databases) -> None:
    database = databases.new()
    finish_move(file, database)
    assert kinds(database) == RENAMED


def test_a_move_that_the_program_before_left_half_done_is_finished(file: Path, databases: Databases) -> None:
    """The file takes nothing more, and what arrived is compared with it: neither changes on the way."""
    database = databases.new()
    with program_of_step(BEFORE), closing(open_ledger(f"sqlite:///{file}", moving=True)) as source:
        move_to_server.prepare(source)
        with closing(open_ledger(database, moving=True)) as destination:
            move_to_server._leave(source, destination)
    finish_move(file, database)
    assert kinds(database) == AS_BEFORE
    is_all_claimed(database)


def finish_move(file: Path, database: str) -> None:
    with closing(open_ledger(f"sqlite:///{file}", moving=True)) as source:
        move_to_server.prepare(source)
        with closing(open_ledger(database, moving=True)) as destination:
            move_to_server.move(source, destination)


def is_all_claimed(address: str) -> None:
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        claimed = [due_jobs.claim(tx, [kind], now=NOW, real=REAL, token="1", slot={}) for kind in FORMER.values()]
    assert {job.id: job.kind for job in claimed if job} == RENAMED
