"""Which job is next: the most urgent one that is due, that nobody has, and whose lane is free."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from approvals.ledger.job_kinds import JobKind, is_one_of, kind_of
from approvals.ledger.job_leases import LOCK_MS
from approvals.ledger.job_leases import MARK as MARK
from approvals.ledger.jobs import NEVER, Job
from approvals.ledger.lanes import take_slot
from approvals.millis import DomainMillis, RealMillis
from approvals.transaction import Row, Tx


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
        slot: the width of a lane's slot in milliseconds, by its name, or by the part of that before the colon.
        steady: time that passes whatever is done to a clock; the lease is counted by it too.
        in_hand: jobs that this process is at work on, whatever a clock that was set says of their locks.
    """
    found = _most_urgent(tx, kinds, now, real, in_hand)
    if found is None:
        return None
    token = _locked(tx, found, token, real)
    if found["lane"] is not None:
        width = slot.get(found["lane"]) or slot[found["lane"].partition(":")[0]]
        take_slot(tx, found["lane"], real=real, width=width)
    return _job(found, token, steady + LOCK_MS)


def claim_this(tx: Tx, job_id: str, *, real: RealMillis, token: str, steady: int) -> Job | None:
    """Take one job, whether or not it is due; None where it is not there, or a worker has it. Its lane's slot is not
    taken: writes have turns of their own besides. The arguments are those of `claim`.
    """
    found = tx.row("SELECT * FROM jobs WHERE id = :id AND locked_until_real <= :real", id=job_id, real=real)
    if found is None:
        return None
    token = _locked(tx, found, token, real)
    return _job(found, token, steady + LOCK_MS)


def is_claimed(tx: Tx, job_id: str, *, real: RealMillis) -> bool:
    """Whether a worker has it."""
    return tx.row("SELECT id FROM jobs WHERE id = :id AND locked_until_real > :real", id=job_id, real=real) is not None


def _locked(tx: Tx, found: Row, token: str, real: RealMillis) -> str:
    """As whose it is locked."""
    token = f"{MARK}{token}"
    tx.run(
        "UPDATE jobs SET kind = :kind, lock_token = :token, locked_until_real = :until, attempts = attempts + 1"
        " WHERE id = :id",
        kind=kind_of(found["kind"]),
        token=token,
        until=real + LOCK_MS,
        id=found["id"],
    )
    return token


def _most_urgent(
    tx: Tx, kinds: Iterable[JobKind], now: DomainMillis, real: RealMillis, in_hand: Collection[str]
) -> Row | None:
    of_kinds, named = is_one_of(kinds)
    return tx.row(
        "SELECT jobs.* FROM jobs LEFT JOIN slots ON slots.lane = jobs.lane"
        f" WHERE {_due(of_kinds)}"
        " AND ((jobs.due_at <= :now AND jobs.not_before_real <= :real) OR jobs.also_at_real <= :real)"
        f" AND jobs.locked_until_real <= :real{_but(in_hand)}"
        " AND (slots.lane IS NULL OR slots.next_free_real <= :real)"
        " ORDER BY jobs.priority, jobs.due_at, jobs.seq LIMIT 1",
        now=now,
        real=real,
        **named,
        **_ids(in_hand),
    )


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
        f" WHERE {_due(of_kinds, ' + 1000')}{_but(in_hand)}) AS parts) AS waits",
        now=now,
        real=real,
        far=NEVER,
        **named,
        **_ids(in_hand),
    )
    return None if row is None else row["soonest"]


def _due(of_kinds: str, ahead: str = "") -> str:
    """That a job is due by one of its two times, or soon: each has an index, and an OR of both would use none."""
    return (
        f"jobs.id IN (SELECT jobs.id FROM jobs WHERE {of_kinds} AND jobs.due_at <= :now{ahead}"
        f" UNION SELECT jobs.id FROM jobs WHERE {of_kinds} AND jobs.also_at_real <= :real{ahead})"
    )


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
