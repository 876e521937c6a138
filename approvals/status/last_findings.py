"""What the checks found: the last of each, and each change of state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from approvals.findings import Change, CheckState, Finding, worst
from approvals.ledger import Tx, status_days, status_findings
from approvals.ledger.status_findings import StoredChange, StoredFinding
from approvals.millis import DAY, DomainMillis
from approvals.status.checks.registry import result_named
from approvals.status.doers import Repairs, doer_of

DAYS = 7
"""Days whose worst is known of each check."""
CHANGES_KEPT = 2_000


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
    day = now // DAY
    known = status_days.get(tx, found.check, day)
    if known is None or worst([found.state, result_named(known).state]) is not result_named(known).state:
        status_days.put(tx, found.check, day, found.result.word)


def forget_old(tx: Tx, now: DomainMillis) -> None:
    """What nobody is shown any more."""
    today = now // DAY
    status_days.keep(tx, today - DAYS + 1, today)
    status_findings.keep_newest(tx, CHANGES_KEPT)


def by_day(tx: Tx, now: DomainMillis) -> dict[str, tuple[CheckState | None, ...]]:
    """By check: the worst of each of the last days, the oldest first; None where nobody looked."""
    first = now // DAY - DAYS + 1
    known = status_days.since(tx, first)
    found: dict[str, list[CheckState | None]] = {}
    for (check, day), word in known.items():
        if day - first < DAYS:
            found.setdefault(check, [None] * DAYS)[day - first] = result_named(word).state
    return {check: tuple(days) for check, days in found.items()}


def changes_after(tx: Tx, change_id: int, repairs: Repairs, limit: int = 40) -> tuple[Change, ...]:
    """Oldest first."""
    return tuple(_change(tx, stored, repairs) for stored in status_findings.changes_after(tx, change_id, limit))


def latest_changes(tx: Tx, limit: int, repairs: Repairs) -> list[Change]:
    """Newest first."""
    return [_change(tx, stored, repairs) for stored in status_findings.latest_changes(tx, limit)]


def changed_since(tx: Tx, at: DomainMillis, checks: Collection[str], repairs: Repairs) -> tuple[Change, ...]:
    """Which of these checks find another state than they did before that moment, whatever they found in between."""
    first: dict[str, StoredChange] = {}
    last: dict[str, StoredChange] = {}
    for stored in status_findings.changes_since(tx, at, CHANGES_KEPT):
        if stored.check in checks:
            first.setdefault(stored.check, stored)
            last[stored.check] = stored
    found = [_change(tx, replace(stored, was=first[check].was), repairs) for check, stored in last.items()]
    return tuple(change for change in found if change.was is not change.finding.state)


def _last_finding(stored: StoredFinding) -> LastFinding:
    finding = Finding(stored.check, result_named(stored.result), stored.facts)
    return LastFinding(finding, stored.since, stored.checked_at, stored.run_id)


def _change(tx: Tx, stored: StoredChange, repairs: Repairs) -> Change:
    finding = Finding(stored.check, result_named(stored.result), stored.facts)
    was = result_named(stored.was)
    doer = doer_of(tx, stored, was, finding, repairs)
    return Change(stored.id, stored.at, was.state, finding, doer)
