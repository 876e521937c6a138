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


def check_lock(tx: Tx, job: Job) -> None:
    """See that the job is still this worker's.

    Raises:
        LostLock: the job is gone, or another worker's.
    """
    if not tx.row("SELECT id FROM jobs WHERE id = :id AND lock_token = :token", id=job.id, token=job.lock_token):
        raise LostLock(job.id)


def finish(tx: Tx, job: Job, *, payload: dict[str, Any] | None = None) -> None:
    """The work is done; the row goes, unless somebody wanted it again meanwhile: it is due then, with `payload`.

    Raises:
        LostLock: another worker has it now.
    """
    check_lock(tx, job)
    gone = tx.run("DELETE FROM jobs WHERE id = :id AND revision = :revision", id=job.id, revision=job.revision)
    if not gone:
        tx.run(
            "UPDATE jobs SET payload = COALESCE(:payload, payload), also_at_real = NULL WHERE id = :id",
            payload=payload_as_text(payload),
            id=job.id,
        )
        _unlock(tx, job)


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
    check_lock(tx, job)
    # What another worker may still do must be looked at later, whoever wants the job again now.
    tx.run(
        "UPDATE jobs SET also_at_real = :also_at, payload = COALESCE(:payload, payload), last_trouble = :error"
        " WHERE id = :id",
        also_at=also_at_real,
        payload=payload_as_text(payload),
        error=error,
        id=job.id,
    )
    tx.run(
        "UPDATE jobs SET due_at = :due_at, not_before_real = :not_before, priority = COALESCE(:priority, priority),"
        " attempts = CASE WHEN :progress = 1 THEN 0 ELSE attempts END WHERE id = :id AND revision = :revision",
        due_at=due_at,
        not_before=not_before_real,
        priority=priority,
        progress=int(progress),
        id=job.id,
        revision=job.revision,
    )
    _unlock(tx, job, keep_token=still_taken_over)


def release_all(tx: Tx) -> None:
    """Every lock is a dead worker's: whoever claims such a job next takes it over at once."""
    tx.run("UPDATE jobs SET locked_until_real = 0 WHERE lock_token IS NOT NULL")


def _unlock(tx: Tx, job: Job, *, keep_token: bool = False) -> None:
    tx.run(
        "UPDATE jobs SET lock_token = :token, locked_until_real = 0 WHERE id = :id",
        token=job.lock_token if keep_token else None,
        id=job.id,
    )
