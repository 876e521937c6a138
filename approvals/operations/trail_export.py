"""The audit trail is handed on entry by entry: in its order, some at a time, and the next ones only once these were
taken. How far it came is recorded afterwards, so that after a crash some are handed on again, each with its number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from approvals.audit_entry import Entry
from approvals.ledger import Ledger, Tx, job_leases, jobs, trail, trail_exports
from approvals.ledger.jobs import Job
from approvals.ledger.trail_exports import JOB_KINDS, ExportTarget
from approvals.millis import SECOND, DomainMillis

LOOK_INTERVAL_MS = 10 * SECOND
ENTRIES_PER_BATCH = 400
MAX_BATCH_CHARACTERS = 512 * 1024
"""Of the lines of a batch, which are ASCII; one entry that is longer goes by itself."""


class LastExported(NamedTuple):
    """The last entry that a target has, where it says so itself."""

    seq: int
    hash: str


def schedule(ledger: Ledger, now: DomainMillis, wanted: Collection[ExportTarget]) -> None:
    """Make sure that the trail goes where it is wanted, and nowhere else."""
    with ledger.write() as tx:
        for to, kind in JOB_KINDS.items():
            if to in wanted:
                trail_exports.begin(tx, to, now)
                jobs.enqueue(tx, kind, kind, due_at=now)
            else:
                jobs.drop(tx, kind)


def next_batch(ledger: Ledger, job: Job, to: ExportTarget, last: LastExported | None) -> Sequence[Entry]:
    """The entries that come next, none where there are none. Where a batch was not taken, that is the first of them
    alone: one that is too much for the target holds nothing else up.

    Args:
        last: what the target has by its own word. It counts where it is further than what was recorded, and an entry
            of this trail: a process may have died right before it recorded that.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.read() as tx:
        job_leases.check_lock(tx, job)
        after = trail_exports.position(tx, to)
        if last is not None and last.seq > after and _has(tx, last):
            after = last.seq
        return [*_limited(trail.entries(tx, after), ENTRIES_PER_BATCH if job.attempts <= 1 else 1)]


def record_taken(ledger: Ledger, job: Job, to: ExportTarget, batch: Sequence[Entry], now: DomainMillis) -> None:
    """All of the batch was taken; the next is looked for right away, or later where this was empty.

    Raises:
        LostLock: another worker has the job, and hands it on again.
    """
    with ledger.write() as tx:
        due_at = now if batch else DomainMillis(now + LOOK_INTERVAL_MS)
        job_leases.requeue(tx, job, due_at=due_at, progress=True)
        if batch:
            trail_exports.mark_taken(tx, to, batch[-1].seq, now)


def _has(tx: Tx, last: LastExported) -> bool:
    found = next(trail.entries(tx, last.seq - 1), None)
    return found is not None and (found.seq, found.hash) == last


def _limited(entries: Iterator[Entry], most: int) -> Iterator[Entry]:
    characters = 0
    for number, entry in enumerate(entries, 1):
        characters += len(entry.line) + 1
        if number > 1 and characters > MAX_BATCH_CHARACTERS:
            return
        yield entry
        if number == most:
            return
