"""Due work as rows. A job's id says what it is about, so that wanting the same thing twice is one job.

`revision` rises when somebody wants it again while a worker has it; that worker's finish then leaves it due. Its due
time is domain time; leases, backoff and lanes are real time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from approvals.ledger.job_kinds import JobKind, is_one_of
from approvals.millis import MINUTE, DomainMillis, RealMillis
from approvals.transaction import Query, Tx

RECONCILE_IDS = "settle:"
"""How the ids of the jobs begin that bring a key in line. Ids stay as they are, whatever a kind is called: a replica of
the version before has to find the same row."""
NEVER = DomainMillis(1 << 52)
"""A moment that does not come: the due time of a job that only waits for its `also_at_real`."""
MAX_UNSAID_PAUSE_MS = 30 * MINUTE
"""However often Slack does not take something, it is tried again after this."""
REVOKE_FIRST, GRANT_NEXT, TELL_LAST = 10, 20, 30
"""Priorities: whatever takes access away goes before whatever gives it."""
_VALUES = ":kind, :lane, :priority, :due_at"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that a worker has claimed."""

    id: str
    kind: JobKind
    lane: str | None
    payload: dict[str, Any]
    due_at: DomainMillis
    attempts: int
    revision: int
    lock_token: str
    leased_until: int
    """Until when it belongs to its worker, by time that no clock's being set changes (`Clock.steady`)."""
    also_at_real: RealMillis | None
    taken_over: bool
    """Another worker had it and let its lock run out: it may still be at work."""


def enqueue(
    tx: Tx,
    job_id: str,
    kind: JobKind,
    *,
    due_at: DomainMillis,
    payload: dict[str, Any] | None = None,
    lane: str | None = None,
    priority: int = TELL_LAST,
    numbered: bool = False,
) -> None:
    """Have a piece of work done at `due_at`, or sooner where it was already wanted sooner. `numbered`: its number is
    appended to its id, since it is another one each time that it is wanted.
    """
    values = {"id": job_id, "kind": kind, "lane": lane, "priority": priority, "due_at": due_at}
    which = ":id || value" if numbered else ":id"
    tx.run("UPDATE counters SET value = value + 1 WHERE name = 'job'")
    _put(
        tx,
        f"{which}, value, {_VALUES}, :payload",
        "counters",
        payload=json.dumps(payload or {}, sort_keys=True),
        **values,
    )


def enqueue_each(
    tx: Tx,
    found: Query,
    job_id: str,
    kind: JobKind,
    *,
    due_at: DomainMillis,
    payload: str,
    lane: str | None = None,
) -> None:
    """The same for each row of a query that has one column, `what`, a text. It stands for the question mark in the id,
    and in the payload, which is JSON. Which of them comes first does not matter.
    """
    values = {"id": job_id, "kind": kind, "lane": lane, "priority": TELL_LAST, "due_at": due_at}
    each = f"REPLACE(:id, '?', what), value, {_VALUES}, REPLACE(:payload, '?', what)"
    _put(tx, each, f"counters, ({found.sql}) AS found", payload=payload, **values, **found.params)


def _put(tx: Tx, each: str, of: str, **values: Any) -> None:
    tx.run(
        f"INSERT INTO jobs (id, seq, kind, lane, priority, due_at, payload) SELECT {each} FROM {of} WHERE name = 'job'"
        " ON CONFLICT (id) DO UPDATE SET revision = jobs.revision + 1, not_before_real = 0, attempts = 0,"
        " lane = excluded.lane,"
        " due_at = CASE WHEN jobs.due_at < excluded.due_at THEN jobs.due_at ELSE excluded.due_at END,"
        " priority = CASE WHEN jobs.priority < excluded.priority THEN jobs.priority ELSE excluded.priority END",
        **values,
    )


def drop(tx: Tx, job_id: str) -> None:
    """Nobody wants it any more. A worker that has it finds its lock lost."""
    tx.run("DELETE FROM jobs WHERE id = :id", id=job_id)


def exists(tx: Tx, job_id: str) -> bool:
    """Whether somebody wants it, or a worker has it."""
    return tx.row("SELECT id FROM jobs WHERE id = :id", id=job_id) is not None


def any_of(tx: Tx, kind: JobKind, begins: str) -> bool:
    """Whether there is a job of a kind whose id begins so."""
    of_kind, named = is_one_of([kind])
    query = f"SELECT id FROM jobs WHERE {of_kind} AND substr(id, 1, :length) = :begins LIMIT 1"
    return tx.row(query, length=len(begins), begins=begins, **named) is not None


def payload_now(tx: Tx, job_id: str) -> dict[str, Any]:
    """As it stands, with what was added since a worker claimed the job.

    Raises:
        LookupError: there is no such job.
    """
    row = tx.row("SELECT payload FROM jobs WHERE id = :id", id=job_id)
    if row is None:
        raise LookupError(job_id)
    payload: dict[str, Any] = json.loads(row["payload"])
    return payload


def add_to_payload(tx: Tx, job_id: str, **more: Any) -> None:
    """Whoever has the job is to take up what is new in it when they finish or requeue it."""
    payload = payload_now(tx, job_id) | more
    tx.run("UPDATE jobs SET payload = :payload WHERE id = :id", payload=payload_as_text(payload), id=job_id)


def payload_as_text(payload: dict[str, Any] | None) -> str | None:
    """As it is stored; None stays None, which leaves what is there."""
    return None if payload is None else json.dumps(payload, sort_keys=True)
