"""Copy all that a ledger holds into another, and see that it arrived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from approvals import audit
from approvals.errors import LedgerError
from approvals.transaction import Row, Tx

TABLES = (
    "counters",
    "links",
    "requests",
    "claims",
    "decisions",
    "grants",
    "jobs",
    "slots",
    "cards",
    "told",
    "homes",
    "audit",
    "audit_texts",
    "looked_places",
    "known_members",
    "status_runs",
    "status_findings",
    "status_changes",
    "status_days",
    "status_boards",
    "status_watches",
    "memberships",
    "identity",
    "notices",
    "notice_messages",
    "admin_holders",
    "onboardings",
    "recorded_names",
    "tallies",
    "durations",
    "anchors",
    "policy_reviews",
    "trail_exports",
    "away",
    "drift_rows",
    "cloud_events",
    "cloud_reads",
    "emergencies",
    "access_reviews",
    "review_items",
    "dm_reminders",
)
"""Every table but those of the schema, the moves and the programs that run, each after those that it refers to."""
FILLED_AT_BIRTH = ("counters", "identity", "durations")
"""A ledger has these from its first moment; a copy has those of what it was copied from instead."""
FILLED_ON_THE_WAY = ("recorded_names", "tallies")
"""Triggers fill these with what other tables get."""
DERIVED = {"unfinished", "held"}
"""Columns that triggers fill, and that a file which was moved by a program of before does not have."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, whatever the order in which an engine gives its rows."""

    rows: int = 0
    digest: int = 0

    def plus(self, rows: Iterable[Row]) -> Content:
        """With these rows as well."""
        hashes = [hashlib.sha256(json.dumps(row, sort_keys=True, default=repr).encode()).digest() for row in rows]
        return Content(
            self.rows + len(hashes), (self.digest + sum(int.from_bytes(each) for each in hashes)) % (1 << 256)
        )


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    rows: dict[str, int]
    """By table."""
    head: tuple[int, str]
    """Number and hash of the last audit entry."""


def contents(tx: Tx) -> dict[str, Content]:
    """By table."""
    found = {}
    for table in TABLES:
        found[table] = Content()
        for page in tx.pages(table):
            found[table] = found[table].plus([_own(row) for row in page])
    return found


def _own(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in DERIVED}


def copied(tx: Tx, wanted: dict[str, Content]) -> Copied:
    """What there is to say of a copy that holds `wanted`."""
    last = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    rows = {table: content.rows for table, content in wanted.items()}
    return Copied(rows, (last["seq"], last["hash"]) if last else (0, audit.GENESIS))


def fill(original: Tx, copy: Tx) -> None:
    """All tables of one into another, in which there is nothing but what a ledger is born with."""
    for table in FILLED_AT_BIRTH:
        copy.run(f"DELETE FROM {table}")
    for table in TABLES:
        if table in FILLED_ON_THE_WAY:
            copy.run(f"DELETE FROM {table}")
        for rows in original.pages(table):
            columns = sorted(rows[0])
            values = ", ".join(f":{column}" for column in columns)
            copy.run_each(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", rows)


def check_same(copy: Tx, wanted: dict[str, Content], where: str, way_on: str) -> None:
    """Read all tables of a copy and compare them.

    Raises:
        LedgerError: a table is not what was copied.
    """
    found = contents(copy)
    for table, content in wanted.items():
        if found[table] != content:
            raise LedgerError(f"the table {table} of {where} is not what was copied; {way_on}")
