"""What each check found last, and each change of it, as rows and back. What a result means is not known here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from approvals.ledger.counters import next_number
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """What a check found last."""

    check: str
    result: str
    facts: Mapping[str, Any]
    since: DomainMillis
    """When its state came to be what it is."""
    checked_at: DomainMillis
    run_id: int


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A check that found another state than the time before."""

    id: int
    at: DomainMillis
    check: str
    was: str
    """The result of the time before."""
    result: str
    facts: Mapping[str, Any]


def findings(tx: Tx) -> list[StoredFinding]:
    """Of every check."""
    return [_finding(row) for row in tx.rows("SELECT * FROM status_findings")]


def finding(tx: Tx, check: str) -> StoredFinding | None:
    """Of that check."""
    row = tx.row("SELECT * FROM status_findings WHERE name = :name", name=check)
    return _finding(row) if row else None


def put_finding(tx: Tx, found: StoredFinding) -> None:
    """Instead of what that check found before."""
    tx.run(
        "INSERT INTO status_findings (name, result, facts, since, checked_at, run_id)"
        " VALUES (:name, :result, :facts, :since, :now, :run)"
        " ON CONFLICT (name) DO UPDATE SET result = excluded.result, facts = excluded.facts, since = excluded.since,"
        " checked_at = excluded.checked_at, run_id = excluded.run_id",
        name=found.check,
        result=found.result,
        facts=_json(found.facts),
        since=found.since,
        now=found.checked_at,
        run=found.run_id,
    )


def add_change(tx: Tx, before: StoredFinding, found: StoredFinding) -> None:
    """That check found another state than it did before."""
    tx.run(
        "INSERT INTO status_changes (id, at, name, was, result, facts)"
        " VALUES (:id, :now, :name, :was, :result, :facts)",
        id=next_number(tx, "change"),
        now=found.checked_at,
        name=found.check,
        was=before.result,
        result=found.result,
        facts=_json(found.facts),
    )


def last_change(tx: Tx) -> int:
    """The number of the newest; 0 when there is none."""
    row = tx.row("SELECT COALESCE(MAX(id), 0) AS id FROM status_changes")
    return int(row["id"]) if row else 0


def changes_after(tx: Tx, change_id: int, limit: int = 40) -> list[StoredChange]:
    """Oldest first."""
    return _changes(
        tx.rows("SELECT * FROM status_changes WHERE id > :id ORDER BY id LIMIT :limit", id=change_id, limit=limit)
    )


def changes_since(tx: Tx, at: DomainMillis, limit: int) -> list[StoredChange]:
    """From that moment on, oldest first."""
    return _changes(
        tx.rows("SELECT * FROM status_changes WHERE at >= :at ORDER BY id LIMIT :limit", at=at, limit=limit)
    )


def changed_before(tx: Tx, change: StoredChange) -> DomainMillis | None:
    """When the same check changed the time before that; None where it did not."""
    row = tx.row(
        "SELECT at FROM status_changes WHERE name = :name AND id < :id ORDER BY id DESC LIMIT 1",
        name=change.check,
        id=change.id,
    )
    return DomainMillis(row["at"]) if row else None


def keep_newest(tx: Tx, kept: int) -> None:
    """Forget all but so many changes."""
    tx.run("DELETE FROM status_changes WHERE id <= :last", last=last_change(tx) - kept)


def latest_changes(tx: Tx, limit: int) -> list[StoredChange]:
    """Newest first."""
    return _changes(tx.rows("SELECT * FROM status_changes ORDER BY id DESC LIMIT :limit", limit=limit))


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(dict(facts), sort_keys=True)


def _finding(row: Row) -> StoredFinding:
    return StoredFinding(
        row["name"], row["result"], json.loads(row["facts"]), row["since"], row["checked_at"], row["run_id"]
    )


def _changes(rows: Sequence[Row]) -> list[StoredChange]:
    return [
        StoredChange(row["id"], row["at"], row["name"], row["was"], row["result"], json.loads(row["facts"]))
        for row in rows
    ]
