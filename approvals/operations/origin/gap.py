"""What a ledger cannot know: what was given after it was written for the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.ledger import (
    Ledger,
    Tx,
    identity,
    jobs,
    open_requests,
    replicas,
    trail,
)
from approvals.ledger.job_kinds import JobKind
from approvals.millis import HOUR, DomainMillis, RealMillis
from approvals.operations.access_reviews.moved import tell_anew
from approvals.outbox import enqueue

WORDS_LOST_AFTER_MS = HOUR
"""Where nobody worked from a ledger for so long, it may be a copy that somebody put in its place."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a ledger does not know."""

    since: int
    """Milliseconds; nothing is known of what was given after this, ..."""
    until: int
    """... and before this: since then a program works from the ledger and sees it."""
    restored: bool
    """Somebody put a backup back."""


def schedule(ledger: Ledger, now: DomainMillis, real: RealMillis) -> None:
    """At a start, before anything else is written: have it looked at what the ledger cannot know."""
    with ledger.write() as tx:
        gap = _gap(tx, now, real)
        jobs.enqueue(tx, JobKind.ORIGIN, JobKind.ORIGIN, due_at=now)
        if gap:
            # An earlier look that did not come to its end was for more.
            before = gap_of(jobs.payload_now(tx, JobKind.ORIGIN))
            since = min(gap.since, before.since) if before else gap.since
            restored = gap.restored or bool(before and before.restored)
            jobs.add_to_payload(tx, JobKind.ORIGIN, since=since, until=gap.until, restored=restored)
            identity.put(tx, identity.RESTORED_UNTIL, "")
            if gap.restored:
                redraw_all(tx, now)
            if gap.restored or gap.until - gap.since >= WORDS_LOST_AFTER_MS:
                tell_anew(tx, now, restored=gap.restored)


def record_stop(ledger: Ledger, now: DomainMillis) -> None:
    """Until now a program has worked from this ledger."""
    with ledger.write() as tx:
        identity.put(tx, identity.WORKED_UNTIL, str(now))


def _gap(tx: Tx, now: DomainMillis, real: RealMillis) -> Gap | None:
    """None where nothing was ever recorded, or another program has worked from this ledger all the while."""
    restored = identity.get(tx, identity.RESTORED_UNTIL)
    if restored:
        return Gap(min(int(restored), now), now, restored=True)
    last = trail.last(tx)
    # Whoever said so lately that it works from this ledger was not one of another copy of it.
    if last is None or replicas.seen_since(tx, real - replicas.ALIVE_FOR_MS):
        return None
    since = max(last.moment, int(identity.get(tx, identity.WORKED_UNTIL) or 0))
    return Gap(min(since, now), now, restored=False)


def gap_of(payload: Mapping[str, Any]) -> Gap | None:
    """The gap that a job's payload names; None where it names none."""
    return Gap(payload["since"], payload["until"], payload["restored"]) if "since" in payload else None


def redraw_all(tx: Tx, now: DomainMillis) -> None:
    """What is shown in Slack is of a time that this ledger does not know."""
    for request in open_requests.unfinished(tx):
        enqueue.redraw(tx, now, request)
