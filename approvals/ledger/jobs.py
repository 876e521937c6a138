"""Due work as rows: put, claimed under a lock, finished only by whoever still has the lock.

A job's id says what it is about, so that wanting the same thing twice is one job. `revision` rises when somebody
wants it again while a worker has it; that worker's finish then leaves it due. `due_at` is domain time; locks,
backoff and lanes are real time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from approvals.errors import LostLock
from approvals.ledger import pace
from approvals.ledger.job_kinds import JobKind, is_one_of, kind_of
from approvals.millis import DomainMillis, RealMillis
from approvals.model import MINUTE, SECOND
from approvals.transaction import Row, Tx

RECONCILE_IDS = "settle:"
"""How the ids of the jobs begin that bring a key in line. Ids stay as they are, whatever a kind is called: a replica of
the version before has to find the same row."""

LOCK_MS = 60_000
"""Milliseconds of real time for which a claimed job belongs to its worker."""

MAX_CLOUD_PAUSE_MS = MINUTE
"""However long the cloud asks to wait: one absurd value must not hold up what is to be taken back."""

MAX_SLACK_PAUSE_MS = 5 * MINUTE
"""Likewise for Slack, which is used to being obeyed."""

MAX_UNSAID_PAUSE_MS = 30 * MINUTE
"""However often Slack does not take something, it is tried again after this."""

SLACK, TURNS = "slack:", " write"
"""How the names of Slack's lanes begin, and how those end in which writes take turns."""

MAX_TURN_MS = 5 * SECOND
"""In a lane in which writes take turns: as long as all who may write at a time."""

NEVER = DomainMillis(1 << 52)
"""A moment that does not come: the due time of a job that only waits for its `also_at_real`."""

REVOKE_FIRST, GRANT_NEXT, TELL_LAST = 10, 20, 30
"""Priorities: whatever takes access away goes before whatever gives it."""


@dataclass(frozen=True, slots=True)
class Job:
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


def put(
    tx: Tx,
    job_id: str,
    kind: JobKind,
    *,
    due_at: DomainMillis,
    payload: dict[str, Any] | None = None,
    lane: str | None = None,
    priority: int = TELL_LAST,
) -> None:
    """Want a piece of work done at `due_at`, or sooner when it was already wanted sooner."""
    seq = next_number(tx, "job")
    tx.run(
        "INSERT INTO jobs (id, seq, kind, lane, priority, payload, due_at)"
        " VALUES (:id, :seq, :kind, :lane, :priority, :payload, :due_at)"
        " ON CONFLICT (id) DO UPDATE SET revision = jobs.revision + 1, not_before_real = 0, attempts = 0,"
        " lane = excluded.lane,"
        " due_at = CASE WHEN jobs.due_at < excluded.due_at THEN jobs.due_at ELSE excluded.due_at END,"
        " priority = CASE WHEN jobs.priority < excluded.priority THEN jobs.priority ELSE excluded.priority END",
        id=job_id,
        seq=seq,
        kind=kind,
        lane=lane,
        priority=priority,
        payload=json.dumps(payload or {}, sort_keys=True),
        due_at=due_at,
    )


def claim(
    tx: Tx,
    kinds: Iterable[JobKind],
    *,
    now: DomainMillis,
    real: RealMillis,
    token: str,
    slot: dict[str, int],
    steady: int = 0,
    in_hand: Collection[str] = (),
) -> Job | None:
    """Take the most urgent due job of these kinds whose lane is free, and its lane's slot with it.

    Args:
        tx: a transaction that writes.
        kinds: those that the worker does.
        now: domain time.
        real: real time.
        token: the worker's, for this job.
        slot: the width of a lane's slot in milliseconds, by the part of the lane's name before the colon.
        steady: time that passes whatever is done to a clock; the lease is counted by it too.
        in_hand: jobs that this process is at work on, whatever a clock that was set says of their locks.
    """
    of_kinds, named = is_one_of(kinds)
    found = tx.row(
        "SELECT jobs.* FROM jobs LEFT JOIN slots ON slots.lane = jobs.lane"
        f" WHERE {of_kinds}"
        " AND ((jobs.due_at <= :now AND jobs.not_before_real <= :real) OR jobs.also_at_real <= :real)"
        f" AND jobs.locked_until_real <= :real{_but(in_hand)}"
        " AND (slots.lane IS NULL OR slots.next_free_real <= :real)"
        " ORDER BY jobs.priority, jobs.due_at, jobs.seq LIMIT 1",
        now=now,
        real=real,
        **named,
        **_ids(in_hand),
    )
    if found is None:
        return None
    tx.run(
        "UPDATE jobs SET kind = :kind, lock_token = :token, locked_until_real = :until, attempts = attempts + 1"
        " WHERE id = :id",
        kind=kind_of(found["kind"]),
        token=token,
        until=real + LOCK_MS,
        id=found["id"],
    )
    if found["lane"] is not None:
        usual = slot[found["lane"].partition(":")[0]]
        hold_lane(tx, found["lane"], real + pace.width(tx, found["lane"], usual), real=real)
    return _job(found, token, steady + LOCK_MS)


def hold_lane(tx: Tx, lane: str, until_real: RealMillis, *, real: RealMillis) -> None:
    """Keep a lane shut until then: its slot is taken, or the other side asked for a pause. What it is shut for longer
    than its longest pause was written by a clock that was wrong, and does not count.
    """
    latest = real + longest_pause(lane)
    tx.run(
        "INSERT INTO slots (lane, next_free_real) VALUES (:lane, :until)"
        " ON CONFLICT (lane) DO UPDATE SET next_free_real ="
        " CASE WHEN slots.next_free_real > :until AND slots.next_free_real <= :latest"
        " THEN slots.next_free_real ELSE :until END",
        lane=lane,
        until=min(until_real, latest),
        latest=latest,
    )


def longest_pause(lane: str) -> int:
    """Milliseconds for which a lane may be shut."""
    if lane.endswith(TURNS):
        return MAX_TURN_MS
    return MAX_SLACK_PAUSE_MS if lane.startswith(SLACK) else MAX_CLOUD_PAUSE_MS


def lanes(tx: Tx) -> dict[str, int]:
    """Until when each is shut, in real time."""
    return {row["lane"]: row["next_free_real"] for row in tx.rows("SELECT lane, next_free_real FROM slots")}


def open_lane(tx: Tx, lane: str) -> None:
    tx.run("DELETE FROM slots WHERE lane = :lane", lane=lane)


def next_turn(tx: Tx, lane: str, *, real: RealMillis, width: int) -> int:
    """Take the next slot, usually of so many milliseconds, of a lane in which writes take turns; how many milliseconds
    from now it begins.
    """
    turns, width = lane + TURNS, pace.width(tx, lane, width)
    found = tx.row("SELECT next_free_real FROM slots WHERE lane = :lane", lane=turns)
    free = found["next_free_real"] if found else real
    begins = free if real < free <= real + MAX_TURN_MS else real
    hold_lane(tx, turns, begins + width, real=real)
    return begins - real


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
            payload=_as_text(payload),
            id=job.id,
        )
        _unlock(tx, job)


def again(
    tx: Tx,
    job: Job,
    *,
    due_at: DomainMillis,
    not_before_real: int = 0,
    also_at_real: RealMillis | None = None,
    priority: int | None = None,
    payload: dict[str, Any] | None = None,
    progress: bool = False,
    trouble: str | None = None,
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
        "UPDATE jobs SET also_at_real = :also_at, payload = COALESCE(:payload, payload), last_trouble = :trouble"
        " WHERE id = :id",
        also_at=also_at_real,
        payload=_as_text(payload),
        trouble=trouble,
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
    """Whoever has the job is to take up what is new in it when they finish, or put it off."""
    payload = payload_now(tx, job_id) | more
    tx.run("UPDATE jobs SET payload = :payload WHERE id = :id", payload=_as_text(payload), id=job_id)


def any_of(tx: Tx, begins: str) -> bool:
    """Whether there is a job whose id begins so."""
    query = "SELECT id FROM jobs WHERE substr(id, 1, :length) = :begins LIMIT 1"
    return tx.row(query, length=len(begins), begins=begins) is not None


def ids_of(tx: Tx, begins: str) -> set[str]:
    """The ids of all jobs whose id begins so."""
    query = "SELECT id FROM jobs WHERE substr(id, 1, :length) = :begins"
    return {row["id"] for row in tx.rows(query, length=len(begins), begins=begins)}


def exists(tx: Tx, job_id: str) -> bool:
    return tx.row("SELECT id FROM jobs WHERE id = :id", id=job_id) is not None


def check_lock(tx: Tx, job: Job) -> None:
    """
    Raises:
        LostLock: the job is gone, or another worker's.
    """
    if not tx.row("SELECT id FROM jobs WHERE id = :id AND lock_token = :token", id=job.id, token=job.lock_token):
        raise LostLock(job.id)


def release_all(tx: Tx) -> None:
    """Every lock is a dead worker's: whoever claims such a job next takes it over at once."""
    tx.run("UPDATE jobs SET locked_until_real = 0 WHERE lock_token IS NOT NULL")


def drop(tx: Tx, job_id: str) -> None:
    """Nobody wants it any more. A worker that has it finds its lock lost."""
    tx.run("DELETE FROM jobs WHERE id = :id", id=job_id)


def next_due(
    tx: Tx, kinds: Iterable[JobKind], *, now: DomainMillis, real: RealMillis, in_hand: Collection[str] = ()
) -> int | None:
    """Milliseconds until some job of these kinds may be claimed, looking one second ahead: 0 when one may be now, None
    when there is none. `in_hand`: those that are not claimed, as for `claim`.
    """
    of_kinds, named = is_one_of(kinds)
    row = tx.row(
        "SELECT MIN(CASE WHEN ready > shut AND ready > 0 THEN ready WHEN shut > 0 THEN shut ELSE 0 END) AS soonest"
        " FROM (SELECT CASE WHEN usual < also THEN usual ELSE also END AS ready,"
        " CASE WHEN lock > slot THEN lock ELSE slot END AS shut FROM ("
        " SELECT CASE WHEN jobs.due_at - :now > jobs.not_before_real - :real THEN jobs.due_at - :now"
        " ELSE jobs.not_before_real - :real END AS usual, COALESCE(jobs.also_at_real - :real, :far) AS also,"
        " jobs.locked_until_real - :real AS lock, COALESCE(slots.next_free_real, 0) - :real AS slot"
        " FROM jobs LEFT JOIN slots ON slots.lane = jobs.lane"
        f" WHERE {of_kinds}{_but(in_hand)}"
        " AND (jobs.due_at <= :now + 1000 OR jobs.also_at_real <= :real + 1000)) AS parts) AS waits",
        now=now,
        real=real,
        far=NEVER,
        **named,
        **_ids(in_hand),
    )
    return None if row is None else row["soonest"]


def next_number(tx: Tx, counter: str) -> int:
    """The next number of a counter; gaps are possible, repeats are not."""
    row = tx.row("UPDATE counters SET value = value + 1 WHERE name = :name RETURNING value", name=counter)
    if row is None:
        raise LookupError(counter)
    value: int = row["value"]
    return value


def _unlock(tx: Tx, job: Job, *, keep_token: bool = False) -> None:
    tx.run(
        "UPDATE jobs SET lock_token = :token, locked_until_real = 0 WHERE id = :id",
        token=job.lock_token if keep_token else None,
        id=job.id,
    )


def _as_text(payload: dict[str, Any] | None) -> str | None:
    return None if payload is None else json.dumps(payload, sort_keys=True)


def _ids(in_hand: Collection[str]) -> dict[str, str]:
    return {f"busy{number}": job_id for number, job_id in enumerate(in_hand)}


def _but(in_hand: Collection[str]) -> str:
    names = ", ".join(f":{name}" for name in _ids(in_hand))
    return f" AND jobs.id NOT IN ({names})" if names else ""


def _job(row: Row, token: str, leased_until: int) -> Job:
    return Job(
        id=row["id"],
        kind=kind_of(row["kind"]),
        lane=row["lane"],
        payload=json.loads(row["payload"]),
        due_at=row["due_at"],
        attempts=row["attempts"] + 1,
        revision=row["revision"],
        lock_token=token,
        leased_until=leased_until,
        also_at_real=row["also_at_real"],
        taken_over=row["lock_token"] is not None,
    )
