"""The trail and the record as a SQLite database, ready for Datasette: times as people read them, keys between the
tables, full text, and views of what is asked for most.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from approvals.audit import iso
from approvals.ledger import Tx
from approvals.model import request_ref
from bot.cli.listing import Cells

ROWS_AT_ONCE = 500
VIEWS = {
    "running": """
        SELECT grants.request, grants.ram_user, grants.entitlement, grants.state, grants.active_at, grants.ends_at,
               requests.requester, requests.reason
        FROM grants JOIN requests ON requests.request = grants.request
        WHERE grants.state IN ('planned', 'granting', 'active', 'ending')""",
    "who_had_what": """
        SELECT grants.ram_user, grants.entitlement, grants.active_at, grants.ended_at, grants.end_cause, grants.request,
               requests.reason,
               (SELECT group_concat(decisions.ram_user, ', ') FROM decisions
                WHERE decisions.request = grants.request AND decisions.verdict = 'approve') AS approved_by
        FROM grants JOIN requests ON requests.request = grants.request
        WHERE grants.active_at IS NOT NULL""",
    "requests_by_state": "SELECT state, count(*) AS requests FROM requests GROUP BY state",
}
TIMES = (
    "created_at",
    "expires_at",
    "closed_at",
    "ends_by",
    "starts_at",
    "ends_at",
    "active_at",
    "ending_at",
    "ended_at",
    "at",
)
REQUEST = {
    "id": "request",
    "state": "state",
    "created_at": "created_at",
    "requester": "requester",
    "subject": "subject",
    "subject_ram_name": "ram_user",
    "subject_ram_id": "ram_user_id",
    "item": "item",
    "duration": "duration_ms",
    "ends_by": "ends_by",
    "starts_at": "starts_at",
    "extends": "extends",
    "reason": "reason",
    "ticket": "ticket",
    "closed_at": "closed_at",
    "closed_by": "closed_by",
    "close_reason": "close_reason",
    "ends_at": "ends_at",
}
DECISION = {
    "request_id": "request",
    "at": "at",
    "verdict": "verdict",
    "ram_user_name": "ram_user",
    "ram_user_id": "ram_user_id",
    "slack_user_id": "slack_user_id",
    "reason": "reason",
    "counted": "counted",
}
GRANT = {
    "id": "grant",
    "request_id": "request",
    "ram_user_name": "ram_user",
    "ram_user_id": "ram_user_id",
    "entitlement": "entitlement",
    "state": "state",
    "active_at": "active_at",
    "ends_at": "ends_at",
    "ended_at": "ended_at",
    "end_cause": "end_cause",
}
"""The columns of the record, and what they are called here. `GRANT` has the number that entries of the trail have."""


NUMBERS = ("duration_ms", "counted", "seq", "grant")


def write_database(tx: Tx, path: Path, entries: Iterable[Cells], columns: Sequence[str]) -> int:
    """Fill the empty file with the record and these entries, whose columns are named; how many entries those were."""
    with closing(sqlite3.connect(path)) as connection:
        database = Database(connection)
        _fill(database, "requests", REQUEST.values(), _record(tx, "requests", REQUEST), "request")
        _fill(database, "decisions", DECISION.values(), _record(tx, "decisions", DECISION), ("request", "ram_user_id"))
        _fill(database, "grants", GRANT.values(), _record(tx, "grants", GRANT), "grant")
        _fill(database, "audit", columns, entries, "seq")
        database.table("requests").enable_fts(["reason", "ticket", "ram_user", "close_reason"])
        database.table("audit").enable_fts(["entry"])
        for name, sql in VIEWS.items():
            database.create_view(name, sql)
        connection.commit()
        return int(database.table("audit").count)


def _fill(
    database: Database, name: str, columns: Iterable[str], rows: Iterable[Mapping[str, Any]], key: str | tuple[str, ...]
) -> None:
    """A table, also where there are no rows, a page of which is in hand at a time."""
    types = {column: int if column in NUMBERS else str for column in columns}
    keys = [("request", "requests", "request")] if name in ("decisions", "grants") else []
    table = database.table(name).create(types, pk=key, foreign_keys=keys)
    table.insert_all(map(dict, rows), batch_size=ROWS_AT_ONCE)
    if "ram_user" in types:
        table.create_index(["ram_user"])


def _record(tx: Tx, table: str, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for page in tx.pages(table):
        for row in page:
            yield {
                shown: request_ref(row[name]) if shown == "request" else _as_text(name, row[name])
                for name, shown in columns.items()
            }


def _as_text(column: str, value: Any) -> Any:
    """A moment in ISO 8601, and everything else as it is."""
    return iso(value) if column in TIMES and value is not None else value
