"""What the checks found: the last of each, and each change of state."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.findings import Change, Finding
from approvals.ledger import Tx, status_findings
from approvals.ledger.status_findings import StoredChange, StoredFinding
from approvals.millis import DomainMillis
from approvals.status.checks.registry import result_named


@dataclass(frozen=True, slots=True)
class LastFinding:
    """What a check found last."""

    finding: Finding
    since: DomainMillis
    """When its state came to be what it is."""
    checked_at: DomainMillis
    run_id: int


def by_check(tx: Tx) -> dict[str, LastFinding]:
    """What was found last, by check."""
    return {stored.check: _last_finding(stored) for stored in status_findings.findings(tx)}


def record(tx: Tx, found: Finding, run_id: int, now: DomainMillis) -> None:
    """Record it; a change of state is a row of its own. What a newer run found stays, whichever of them ends first: a
    change from here has everything looked at anew beside a run that saw it as it was before.
    """
    before = status_findings.finding(tx, found.check)
    if before and before.run_id > run_id:
        return
    same = before is not None and result_named(before.result).state is found.state
    since = before.since if before and same else now
    stored = StoredFinding(found.check, found.result.word, found.facts, since, now, run_id)
    status_findings.put_finding(tx, stored)
    if before and not same:
        status_findings.add_change(tx, before, stored)


def changes_after(tx: Tx, change_id: int, limit: int = 40) -> tuple[Change, ...]:
    """Oldest first."""
    return tuple(_change(stored) for stored in status_findings.changes_after(tx, change_id, limit))


def latest_changes(tx: Tx, limit: int) -> list[Change]:
    """Newest first."""
    return [_change(stored) for stored in status_findings.latest_changes(tx, limit)]


def _last_finding(stored: StoredFinding) -> LastFinding:
    finding = Finding(stored.check, result_named(stored.result), stored.facts)
    return LastFinding(finding, stored.since, stored.checked_at, stored.run_id)


def _change(stored: StoredChange) -> Change:
    finding = Finding(stored.check, result_named(stored.result), stored.facts)
    return Change(stored.id, stored.at, result_named(stored.was).state, finding)
