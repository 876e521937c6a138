"""What a monitoring system is told of the ledger: numbers alone, each found without going through what is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from approvals.grant import ALARM_AFTER_MS, BY_HAND_ALARM_AFTER_MS
from approvals.ledger import (
    Tx,
    cloud_events,
    cloud_reads,
    due_figures,
    replicas,
    tallies,
    trail,
    trail_exports,
)
from approvals.ledger.back_up import last_backup
from approvals.ledger.due_figures import LaneFigures
from approvals.ledger.replicas import ALIVE_FOR_MS
from approvals.ledger.tallies import Durations, Tally
from approvals.ledger.trail_exports import ExportLag
from approvals.millis import DAY, DomainMillis, RealMillis


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand in the ledger at one moment."""

    tallies: tuple[Tally, ...]
    decision: Durations
    """From asking to the decision."""
    activation: Durations
    """From the last approval to when the cloud was seen to hold a grant."""
    revoke: Durations
    """From when a grant was to end to when the cloud was seen without it."""
    overdue: int
    """Grants that should be gone for so long that it is said: 5 minutes, by hand a day."""
    lanes: Mapping[str, LaneFigures]
    entries: int
    """Of the audit trail."""
    backed_up_at: int | None
    """The moment that the last backup shows, in milliseconds of real time."""
    replicas: int
    """Bots that work from this ledger."""
    exports: tuple[ExportLag, ...]
    """How far each is behind that is handed the trail."""
    not_ours: Mapping[str, int] | None
    """Calls of the last day by the cloud's own record, by verdict; None where that is not compared."""


def figures(tx: Tx, now: DomainMillis, real: RealMillis) -> Figures:
    """All of them, in one consistent view."""
    return Figures(
        tallies=tuple(tallies.every(tx)),
        decision=tallies.durations(tx, "decision"),
        activation=tallies.durations(tx, "activation"),
        revoke=tallies.durations(tx, "revoke"),
        overdue=due_figures.overdue(tx, DomainMillis(now - ALARM_AFTER_MS), DomainMillis(now - BY_HAND_ALARM_AFTER_MS)),
        lanes=due_figures.by_lane(tx, now, real),
        entries=trail.length(tx),
        backed_up_at=last_backup(tx),
        not_ours=cloud_events.since(tx, DomainMillis(now - DAY)) if cloud_reads.every_one(tx) else None,
        replicas=len(replicas.seen_since(tx, real - ALIVE_FOR_MS)),
        exports=tuple(trail_exports.lags(tx, now)),
    )
