"""Ledgers that are lost, restored, or as an earlier version of the program left them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.ledger import Tx, admins, open_ledger, trail
from approvals.ledger.copying import TABLES
from approvals.ledger.job_kinds import FORMER_KINDS
from approvals.ledger.store import schema_steps
from approvals.queries.audit_replay import policies
from bot.sandbox.process import link_the_cast
from bot.sandbox.slack.wire import Json
from tests.harness.app import AppHarness
from tests.harness.older_ledgers import in_second_form

IDENTITY_STEP = 7
"""With this one, a ledger says which one it is."""
NAMES_STEP = 8
"""With this one, requests have a name that buttons carry."""
AUDIT_STEP = 13
"""With this one, entries of the trail have another form."""
BESIDE_STEP = trail.BESIDE_STEP
"""With this one, names stand beside the entries."""
ADMINS_STEP = 15
"""With this one, it is known who held the admin policy at the last look."""
COUNTERS_STEP, COUNTED = 3, ("run", "board", "change")
"""With this one, these are counted too."""
REVIEWS_STEP = 28
"""With this one, it is known which policies may be given."""
BY_TRIGGERS = ("recorded_names", "tallies", "durations")
"""Tables that the schema's own triggers fill."""
KINDS_STEP = 18
"""With this one, kinds of job have the names that they have now."""
FORMERLY = {kind: word for word, kind in FORMER_KINDS.items()}


def loses_its_ledger(app: AppHarness, address: str) -> None:
    """The bot starts on a new one, which is at `address` then, and in which everybody is linked as before."""
    app.stop_bot()
    link_the_cast(open_ledger(address), app.sandbox)
    app.move_to(address)
    app.start_bot()


def backed_up(app: AppHarness, folder: Path) -> Path:
    """What the ledger, a file, holds now."""
    copy = folder / "backup.db"
    with closing(sqlite3.connect(app.ledger_path)) as there, closing(sqlite3.connect(copy)) as here:
        there.backup(here)
    return copy


def restores(app: AppHarness, backup: Path) -> None:
    app.stop_bot()
    app.move_to(f"sqlite:///{backup}")
    app.start_bot()


def goes_back_to_step(app: AppHarness, step: int, address: str) -> None:
    """There is a ledger at `address` as the program of that schema step left it, with all that this one has. Before
    requests had names, whatever Slack shows has buttons and forms that carry a request's number. The bot is stopped
    meanwhile.
    """
    if step < ADMINS_STEP:
        with app.ledger.write() as tx:
            last = trail.last(tx)
            if admins.forget_all(tx) and last:
                trail.append_event(tx, last.moment, AuditEvent.ADMINS_FORGOTTEN)
    with app.ledger.read() as tx:
        rows = {table: tx.rows(f"SELECT * FROM {table}") for table in TABLES if table not in BY_TRIGGERS}
        if step < COUNTERS_STEP:
            rows["counters"] = [row for row in rows["counters"] if row["name"] not in COUNTED]
        if step < AUDIT_STEP:
            rows["audit"] = _in_first_form(_told(tx, step))
        elif step < BESIDE_STEP:
            rows["audit"], rows["audit_texts"] = _in_second_form(_told(tx, step))
        if step < KINDS_STEP:
            rows["jobs"] = [{**row, "kind": FORMERLY.get(row["kind"], row["kind"])} for row in rows["jobs"]]
        refs = {row["public_id"]: f"R-{row['id']}" for row in rows["requests"]}
    _fill(address, step, rows)
    if step < NAMES_STEP:
        app.sandbox.call(lambda: _number_everything(app, refs))


def _told(tx: Tx, step: int) -> list[audit.Entry]:
    """The audit trail without what the program of then did not know."""
    told = [
        entry for entry in trail.entries(tx) if step >= REVIEWS_STEP or entry.fields["event"] not in policies.ENTRIES
    ]
    return [entry._replace(seq=seq) for seq, entry in enumerate(told, 1)]


def _in_first_form(told: Iterable[audit.Entry]) -> list[dict[str, Any]]:
    """These entries as programs wrote it before entries hashed all that they are."""
    rows, prev = [], audit.GENESIS
    for known in told:
        fields = {"request": known.request_id, **known.fields}
        text = audit.canonical({name: value for name, value in fields.items() if value is not None})
        entry = audit.Entry(known.seq, known.at, text, prev, "", known.request_id, audit.FIRST)
        prev = audit.hash_of(entry)
        rows.append(
            {
                "seq": entry.seq,
                "at": entry.at,
                "request_id": entry.request_id,
                "entry": text,
                "prev": entry.prev,
                "hash": prev,
            }
        )
    return rows


def _in_second_form(told: Iterable[audit.Entry]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Likewise, and what people wrote in it, as programs wrote it before names stood beside entries as well."""
    rows, texts, prev = [], [], audit.GENESIS
    for known in told:
        entry = in_second_form(known.seq, known.at, known.fields, prev, known.request_id)
        prev = entry.hash
        rows.append(entry._asdict())
        texts += [{**each._asdict(), "seq": entry.seq} for each in entry.written]
    return rows, texts


def _fill(address: str, step: int, rows: dict[str, list[dict[str, Any]]]) -> None:
    engine = "postgres" if address.startswith("postgres") else "sqlite"
    steps = {number: known for number, known in schema_steps(engine).items() if number <= step}
    scripts = ["CREATE TABLE schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL);"]
    for number, (name, each) in steps.items():
        scripts += [*each, f"INSERT INTO schema_steps (number, name) VALUES ({number}, '{name}');"]
    scripts.append("DELETE FROM counters;")
    if step >= IDENTITY_STEP:
        scripts.append("DELETE FROM identity;")
    if engine == "sqlite":
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)) as file:
            for script in scripts:
                file.executescript(script)
            for statement, values in _inserts(rows, lambda table: _columns(file.execute(_LOOK.format(table)))):
                file.execute(statement.replace("%s", "?"), values)
        return
    with psycopg.connect(address) as server:
        for script in scripts:
            server.execute(script)
        known = {row[0] for row in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

        def columns(table: str) -> list[str]:
            return _columns(server.execute(_LOOK.format(table))) if table in known else []

        for statement, values in _inserts(rows, columns):
            server.execute(statement, values)


_LOOK = "SELECT * FROM {} LIMIT 0"


def _columns(cursor: Any) -> list[str]:
    return [column[0] for column in cursor.description]


def _inserts(rows: dict[str, list[dict[str, Any]]], columns: Any) -> Iterable[tuple[str, list[Any]]]:
    for table, found in rows.items():
        try:
            names = columns(table)
        except sqlite3.OperationalError:
            # It came with a later step.
            continue
        for row in found if names else []:
            places = ", ".join(["%s"] * len(names))
            yield f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", [row[name] for name in names]


def _number_everything(app: AppHarness, refs: dict[str, str]) -> None:
    workspace = app.sandbox.workspace
    for channel in workspace.channels.values():
        for message in channel.messages:
            if message.blocks:
                message.blocks = _numbered(message.blocks, refs)
    views = [*workspace.views.homes.values(), *(view for stack in workspace.views.stacks.values() for view in stack)]
    for view in views:
        view.body = _numbered(view.body, refs)


def _numbered(shown: Json | list[Json], refs: dict[str, str]) -> Any:
    text = json.dumps(shown)
    for public_id, ref in refs.items():
        text = text.replace(public_id, ref)
    return json.loads(text)
