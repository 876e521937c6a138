"""How far the audit trail was handed on to each target. The trail has no entry of it, or each would cause the
next.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from approvals.audit_entry import moment_of
from approvals.ledger import jobs
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DomainMillis
from approvals.transaction import Tx


class ExportTarget(StrEnum):
    """Where the trail goes entry by entry, as the ledger stores it."""

    FILE = "file"
    WEBHOOK = "webhook"


JOB_KINDS = {ExportTarget.FILE: JobKind.EXPORT_FILE, ExportTarget.WEBHOOK: JobKind.EXPORT_WEBHOOK}


class ExportLag(NamedTuple):
    """How far a target is behind."""

    to: ExportTarget
    entries: int
    milliseconds: int
    """Since the oldest of them was written, in domain time; 0 where it has all of them."""


def begin(tx: Tx, to: ExportTarget, now: DomainMillis) -> None:
    """From the first entry on, unless some were handed on already."""
    tx.run(
        "INSERT INTO trail_exports (target, seq, taken) VALUES (:target, 0, :now) ON CONFLICT (target) DO NOTHING",
        target=to,
        now=now,
    )


def position(tx: Tx, to: ExportTarget) -> int:
    """The number of the last entry that was taken there; 0 where none was."""
    row = tx.row("SELECT seq FROM trail_exports WHERE target = :target", target=to)
    return int(row["seq"]) if row else 0


def mark_taken(tx: Tx, to: ExportTarget, seq: int, now: DomainMillis) -> None:
    """All entries up to that one were taken there."""
    tx.run("UPDATE trail_exports SET seq = :seq, taken = :now WHERE target = :target", seq=seq, now=now, target=to)


def lags(tx: Tx, now: DomainMillis) -> list[ExportLag]:
    """Of each target that is wanted now."""
    return [lag(tx, to, now) for to, kind in JOB_KINDS.items() if jobs.exists(tx, kind)]


def lag(tx: Tx, to: ExportTarget, now: DomainMillis) -> ExportLag:
    """Of one, whether or not it is wanted."""
    row = tx.row(
        "SELECT MIN(seq) AS oldest, MAX(seq) AS newest FROM audit WHERE seq > :seq",
        seq=position(tx, to),
    )
    if row is None or row["oldest"] is None:
        return ExportLag(to, 0, 0)
    oldest = tx.row("SELECT at FROM audit WHERE seq = :seq", seq=row["oldest"])
    waited = now - moment_of(oldest["at"]) if oldest else 0
    return ExportLag(to, row["newest"] - row["oldest"] + 1, max(waited, 0))
