"""What both engines promise of a ledger: transactions that are whole or not at all, threads and processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import psycopg
import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, counters, jobs, open_ledger, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.store import schema_steps
from tests.harness.builders import NOW

PROCESSES = 8


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_address)
    yield opened
    opened.close()


def length(ledger: Ledger) -> int:
    with ledger.read() as tx:
        return len(list(trail.entries(tx)))


def test_a_block_that_raises_leaves_no_trace(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
        jobs.enqueue(tx, "expire:1", JobKind.EXPIRE, due_at=NOW)
        raise KeyError
    with ledger.read() as tx:
        assert tx.rows("SELECT id FROM jobs") == [] and list(trail.entries(tx)) == []


def test_the_ledger_can_be_used_after_a_block_that_raised(ledger: Ledger) -> None:
    with pytest.raises(KeyError), ledger.write():
        raise KeyError
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    assert length(ledger) == 1


def test_nothing_written_through_a_read_stays(ledger: Ledger) -> None:
    with suppress(Exception), ledger.read() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    assert length(ledger) == 0


def test_a_read_is_one_view_whatever_is_written_meanwhile(ledger: Ledger) -> None:
    def write() -> None:
        with ledger.write() as tx:
            trail.append_event(tx, NOW, AuditEvent.ASKED)

    with ledger.read() as tx:
        before = len(list(trail.entries(tx)))
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        assert len(list(trail.entries(tx))) == before == 0
    assert length(ledger) == 1


def test_threads_that_write_side_by_side_lose_nothing(ledger: Ledger) -> None:
    def write() -> None:
        for _ in range(20):
            with ledger.write() as tx:
                trail.append_event(tx, NOW, AuditEvent.ASKED, number=counters.next_number(tx, "request"))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with ledger.read() as tx:
        entries = list(trail.entries(tx))
    assert [entry.fields["number"] for entry in entries] == list(range(1001, 1161))
    assert audit.verify(entries) is None


OPEN_AND_WRITE = """
import os, sys
# Or each would come to its ledger whenever it had loaded these.
import psycopg, psycopg_pool
from approvals.audit_events import AuditEvent
from approvals.ledger import open_ledger, trail
now, begin = os.pipe()
processes = int(sys.argv[2])
for _ in range(processes):
    if os.fork() == 0:
        os.close(begin)
        os.read(now, 1)
        ledger = open_ledger(sys.argv[1])
        for number in range(10):
            with ledger.write() as tx:
                trail.append_event(tx, 0, AuditEvent.ASKED, number=number)
        sys.exit()
# Closed in all of them, it wakes them at once.
os.close(begin)
assert [os.wait()[1] for _ in range(processes)] == [0] * processes
"""


@pytest.mark.slow
def test_processes_that_open_a_new_ledger_together_all_can(address: str) -> None:
    open_together(address)
    assert audited(address) == PROCESSES * 10


@pytest.mark.slow
def test_processes_that_open_an_old_ledger_together_bring_it_up_to_date_once(address: str) -> None:
    first_step_alone(address)
    open_together(address)
    assert audited(address) == PROCESSES * 10
    ledger = open_ledger(address)
    with ledger.read() as tx:
        assert [link["ram_user_name"] for link in tx.rows("SELECT * FROM links")] == ["carol"]
        assert [given["remains"] for given in tx.rows("SELECT * FROM grants")] == [None]
        assert tx.rows("SELECT value FROM counters WHERE name = 'request'") == [{"value": 1001}]
    ledger.close()


def open_together(address: str) -> None:
    """Eight processes at once open it and write ten entries each."""
    command = [sys.executable, "-c", OPEN_AND_WRITE, address, str(PROCESSES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def audited(address: str) -> int:
    """How many entries its trail has, which holds; and all steps of the schema were taken, each once."""
    ledger = open_ledger(address)
    with ledger.read() as tx:
        entries = list(trail.entries(tx))
        steps = [step["number"] for step in tx.rows("SELECT number FROM schema_steps ORDER BY number")]
    ledger.close()
    assert steps == list(schema_steps("sqlite"))
    assert audit.verify(entries) is None
    return len(entries)


def first_step_alone(address: str) -> None:
    """The ledger as the first program left it, with a link, a request and a grant."""
    name, scripts = schema_steps("postgres" if address.startswith("postgres") else "sqlite")[1]
    steps = "CREATE TABLE schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL);"
    filled = [steps, *scripts, f"INSERT INTO schema_steps VALUES (1, '{name}'); {OLD_ROWS}"]
    if address.startswith("postgres"):
        with psycopg.connect(address) as old:
            for script in filled:
                old.execute(script)
        return
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as old_file:
        for script in filled:
            old_file.executescript(script)


OLD_ROWS = """
UPDATE counters SET value = 1001 WHERE name = 'request';
INSERT INTO links VALUES ('T1', 'U1', '200', 'carol', 1);
INSERT INTO requests (id, asked_key, team_id, requester, subject, subject_ram_id, subject_ram_name, item, entitlements,
  reason, approvals_needed, state, created_at, expires_at, asked_approvers, already_holds, version)
  VALUES (1001, 'a', 'T1', 'U1', 'U1', '200', 'carol', 'X', '[]', 'why', 1, 'pending', 1, 2, '[]', '[]', 1);
INSERT INTO grants (id, request_id, ram_user_id, ram_user_name, entitlement, state)
  VALUES (1, 1001, '200', 'carol', 'policy/X', 'active');
"""


def test_a_ledger_that_is_opened_again_has_what_was_written(address: str) -> None:
    first = open_ledger(address)
    with first.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED)
    first.close()
    second = open_ledger(address)
    assert length(second) == 1
    second.close()
