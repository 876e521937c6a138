"""The end of a job's run, for whoever still has it: done, or due again later. A worker that was held up until
its lease ran out changes nothing about a job that is another's by now.
"""

from __future__ import annotations

from typing import Any

from approvals.errors import LostLock
from approvals.ledger.jobs import Job, payload_as_text
from approvals.millis import DomainMillis, RealMillis
from approvals.transaction import Tx

LOCK_MS = 60_000
"""Milliseconds of real time for which a claimed job belongs to its worker."""
MARK = "3:"
"""How the lock token of whoever records in the third form of the trail begins. Once there is such an entry, the ledger
takes no claim without it (schema step 31): a program of before could not record what it did."""

_HELD = "id = :id AND lock_token = :token"


def check_lock(tx: Tx, job: Job) -> None:
    """See that the job is still this worker's.

    Raises:
        LostLock: the job is gone, or another worker's.
    """
    if not tx.row(f"SELECT id FROM jobs WHERE {_HELD}", id=job.id, token=job.lock_token):
        raise LostLock(job.id)


def finish(tx: Tx, job: Job, *, payload: dict[str, Any] | None = None) -> None:
    """The work is done; the row goes, unless somebody wanted it again meanwhile: it is due then, with `payload`.

    Raises:
        LostLock: another worker has it now.
    """
    held = {"id": job.id, "token": job.lock_token}
    if tx.changed(f"DELETE FROM jobs WHERE {_HELD} AND revision = :revision", revision=job.revision, **held):
        return
    _of_holder(
        job,
        tx.changed(
            "UPDATE jobs SET payload = COALESCE(:payload, payload), also_at_real = NULL, lock_token = NULL,"
            f" locked_until_real = 0 WHERE {_HELD}",
            payload=payload_as_text(payload),
            **held,
        ),
    )


def requeue(
    tx: Tx,
    job: Job,
    *,
    due_at: DomainMillis,
    not_before_real: int = 0,
    also_at_real: RealMillis | None = None,
    priority: int | None = None,
    payload: dict[str, Any] | None = None,
    progress: bool = False,
    error: str | None = None,
    still_taken_over: bool = False,
) -> None:
    """The work goes on later. `progress` starts the count of attempts, and so the backoff, anew. `still_taken_over`:
    nothing came of it, so that whoever has it next succeeds the same worker.

    If somebody wanted it again meanwhile it is due as they said; `payload` and `also_at_real` hold all the same.

    Raises:
        LostLock: another worker has it now.
    """
    # What another worker may still do must be looked at later, whoever wants the job again now.
    unwanted = "CASE WHEN revision = :revision THEN {} ELSE {} END"
    _of_holder(
        job,
        tx.changed(
            "UPDATE jobs SET also_at_real = :also_at, payload = COALESCE(:payload, payload), last_trouble = :error,"
            f" due_at = {unwanted.format(':due_at', 'due_at')},"
            f" not_before_real = {unwanted.format(':not_before', 'not_before_real')},"
            f" priority = {unwanted.format('COALESCE(:priority, priority)', 'priority')},"
            f" attempts = {unwanted.format('CASE WHEN :progress = 1 THEN 0 ELSE attempts END', 'attempts')},"
            f" lock_token = :kept, locked_until_real = 0 WHERE {_HELD}",
            also_at=also_at_real,
            payload=payload_as_text(payload),
            error=error,
            due_at=due_at,
            not_before=not_before_real,
            priority=priority,
            progress=int(progress),
            kept=job.lock_token if still_taken_over else None,
            revision=job.revision,
            id=job.id,
            token=job.lock_token,
        ),
    )


def release_all(tx: Tx) -> None:
    """Every lock is a dead worker's: whoever claims such a job next takes it over at once."""
    tx.run("UPDATE jobs SET locked_until_real = 0 WHERE lock_token IS NOT NULL")


def _of_holder(job: Job, rows: int) -> None:
    if not rows:
        raise LostLock(job.id)
