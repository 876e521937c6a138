"""Runs of status checks, as rows and back."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger.counters import next_number
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class Run:
    """One look at some rows of the board, or at all."""

    id: int
    scope: str
    """A row's name, or empty for all."""
    started_at: DomainMillis
    finished_at: DomainMillis | None


def begin(tx: Tx, scope: str, now: DomainMillis) -> Run:
    """A new run, which looks at one row, or at everything where `scope` is empty."""
    run = Run(next_number(tx, "run"), scope, now, None)
    tx.run(
        "INSERT INTO status_runs (id, scope, started_at) VALUES (:id, :scope, :now)", id=run.id, scope=scope, now=now
    )
    return run


def get(tx: Tx, run_id: int) -> Run | None:
    """None where there is no such run, or it is forgotten."""
    row = tx.row("SELECT * FROM status_runs WHERE id = :id", id=run_id)
    return _run(row) if row else None


def under_way(tx: Tx, scope: str) -> Run | None:
    """One that is under way and looks at that row, or at everything."""
    row = tx.row(
        "SELECT * FROM status_runs WHERE finished_at IS NULL AND scope IN (:scope, '') ORDER BY id DESC LIMIT 1",
        scope=scope,
    )
    return _run(row) if row else None


def finish(tx: Tx, run_id: int, now: DomainMillis) -> None:
    """All that it looked at is known; the first time counts."""
    tx.run("UPDATE status_runs SET finished_at = :now WHERE id = :id AND finished_at IS NULL", id=run_id, now=now)


def _run(row: Row) -> Run:
    return Run(row["id"], row["scope"], row["started_at"], row["finished_at"])
