"""Ledgers as an older program left them."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from approvals import audit
from approvals.audit_entry import digest_of
from approvals.audit_texts import joined
from approvals.ledger import (
    Tx,
    copying,
    counters,
    due_jobs,
    move_to_server,
    open_ledger,
    requests,
    store,
    touched,
    trail,
)
from approvals.ledger.store import schema_steps
from approvals.model import AccessRequest
from tests.harness.builders import NOW

MADE_BY_STEP = {
    "onboardings": 20,
    "recorded_names": 22,
    "tallies": 23,
    "durations": 23,
    "anchors": 25,
    "told": 30,
    "policy_reviews": 28,
    "trail_exports": 32,
    "away": 33,
    "drift_rows": 34,
    "cloud_events": 35,
    "cloud_reads": 35,
    "emergencies": 36,
    "status_days": 38,
    "access_reviews": 43,
    "review_items": 43,
    "dm_reminders": 46,
}
"""Tables that came after step 17, the oldest from which a ledger is moved here."""
COLUMNS_OF_REQUESTS = {
    "ends_by": 26,
    "extends": 27,
    "workflow_step": 37,
    "by_rule": 39,
    "escalated_at": 40,
    "starts_at": 42,
}
"""Columns of `requests` by the steps that they came with."""
STARTS_STEP = 42
"""The step from which on a request may begin later than it is approved."""
MARKED_STEP = 31
"""The step from which on claims have a mark."""


@contextmanager
def program_of_step(newest: int) -> Iterator[None]:
    """Whatever is opened in here takes the steps of the schema up to this one, and is moved with the tables of then."""
    every = store.schema_steps
    tables = tuple(table for table in copying.TABLES if MADE_BY_STEP.get(table, 0) <= newest)
    every_column = requests.values_of

    def then(request: AccessRequest) -> dict[str, Any]:
        return {
            name: value for name, value in every_column(request).items() if COLUMNS_OF_REQUESTS.get(name, 0) <= newest
        }

    at_birth = tuple(table for table in copying.FILLED_AT_BIRTH if table in tables)

    def known(engine: str) -> dict[int, tuple[str, list[str]]]:
        return {number: step for number, step in every(engine).items() if number <= newest}

    columns = {"erased_by": newest >= trail.ERASED_STEP, "beside": newest >= trail.BESIDE_STEP}
    there = ", ".join(name if columns.get(name, True) else f"NULL AS {name}" for name in audit.Entry._fields)
    not_begun, unscheduled = (
        ("state = 'pending'", "") if newest < STARTS_STEP else (requests.NOT_BEGUN, requests.UNSCHEDULED)
    )
    mark = due_jobs.MARK if newest >= MARKED_STEP else ""
    append = trail.append_event if columns["beside"] else record_in_second_form
    with (
        patch.object(trail, "append_event", append),
        patch.object(due_jobs, "MARK", mark),
        patch.object(trail, "_ENTRY", there),
        patch.object(store, "schema_steps", known),
        patch.object(requests, "values_of", then),
        patch.multiple(requests, NOT_BEGUN=not_begun, UNSCHEDULED=unscheduled),
        patch.object(copying, "TABLES", tables),
        patch.object(copying, "FILLED_AT_BIRTH", at_birth),
        patch.object(move_to_server, "TABLES", tables),
    ):
        _forget_tables()
        try:
            yield
        finally:
            _forget_tables()


def _forget_tables() -> None:
    """What a statement reads is worked out once in a process, by the tables that there are."""
    touched.touched.cache_clear()
    touched._tables.cache_clear()


def record_in_first_form(tx: Tx, at: int, event: str, request_id: int | None = None, **fields: object) -> None:
    """An entry of the audit trail as programs wrote it before step 13."""
    before = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") or {"seq": 0, "hash": audit.GENESIS}
    told = {"event": event, "request": request_id, **fields}
    text = audit.canonical({name: value for name, value in told.items() if value is not None})
    entry = audit.Entry(before["seq"] + 1, audit.iso(at), text, before["hash"], "", request_id, audit.FIRST)
    tx.run(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash)"
        " VALUES (:seq, :at, :request_id, :entry, :prev, :hash)",
        seq=entry.seq,
        at=entry.at,
        request_id=request_id,
        entry=text,
        prev=entry.prev,
        hash=audit.hash_of(entry),
    )


def record_in_second_form(
    tx: Tx, at: int, event: str, *, request_id: int | None = None, **fields: object
) -> audit.Entry:
    """Likewise, as programs wrote it from then on and before step 29: with names in the entry."""
    before = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") or {"seq": 0, "hash": audit.GENESIS}
    entry = in_second_form(before["seq"] + 1, audit.iso(at), {"event": event, **fields}, before["hash"], request_id)
    tx.run(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash, version)"
        " VALUES (:seq, :at, :request_id, :entry, :prev, :hash, :version)",
        **entry._asdict(),
    )
    for text in entry.written:
        tx.run(
            "INSERT INTO audit_texts (seq, name, text, salt) VALUES (:seq, :name, :text, :salt)",
            seq=entry.seq,
            **text._asdict(),
        )
    return entry


def in_second_form(
    seq: int, at: str, fields: Mapping[str, object], prev: str, request_id: int | None, salt: str | None = None
) -> audit.Entry:
    """What people wrote in these fields stands beside it."""
    told = {"request": request_id, **fields}
    texts = [
        audit.Written(name, str(told[name]), salt or secrets.token_hex(16))
        for name in trail.BY_PEOPLE
        if told.get(name) is not None
    ]
    kept: dict[str, object] = {
        name: value for name, value in told.items() if value is not None and name not in trail.BY_PEOPLE
    }
    hashes = {each.name: digest_of(each) for each in texts}
    text = audit.canonical({**kept, **({"written": hashes} if hashes else {})})
    entry = audit.Entry(
        seq, at, text, prev, "", request_id, audit.SECOND, None, joined(sorted(texts, key=lambda each: each.name))
    )
    return entry._replace(hash=audit.hash_of(entry))


def empty_ledger_of_step(address: str, newest: int) -> None:
    with program_of_step(newest), closing(open_ledger(address)):
        pass


def older_ledger(address: str, before: int, rows: str) -> None:
    """With the schema as it was before a step, and these rows."""
    postgres = address.startswith("postgres")
    scripts = ["CREATE TABLE schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL);"]
    for number, (name, of_step) in schema_steps("postgres" if postgres else "sqlite").items():
        if number < before:
            scripts += [*of_step, f"INSERT INTO schema_steps VALUES ({number}, '{name}');"]
    if postgres:
        with psycopg.connect(address) as old:
            for script in [*scripts, rows]:
                old.execute(script)
        return
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as old_file:
        for script in [*scripts, rows]:
            old_file.executescript(script)


def put_as_before_step_18(tx: Tx, job_id: str, kind: str, **changes: object) -> None:
    """A job as the version before puts it, by the name that it has for the kind; due now unless `changes` say else."""
    row = {
        "id": job_id,
        "seq": counters.next_number(tx, "job"),
        "kind": kind,
        "priority": 30,
        "payload": "{}",
        "due_at": NOW,
        **changes,
    }
    tx.run(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", **row)
