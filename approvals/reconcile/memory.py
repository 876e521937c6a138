"""What a reconcile job remembers from one run to the next: read once, and written whole with the end of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.entitlements import Key
from approvals.ledger import Tx, jobs
from approvals.millis import MINUTE, RealMillis
from approvals.outbox import enqueue
from approvals.reconcile.plan import NOTHING_LATE, Write

LATE_WRITE_MS = MINUTE
"""Real time after which a worker whose lock ran out writes no more: by then its calls have long timed out."""
LATE_WRITES = "came_late"
"""Replicas of two versions add to it at the same time: its name stays."""
FORMER_NAMES = {"mend_at_real": "repair_at_real", "waited": "waits"}
"""What was stored by other names before schema step 18, and still is by a replica of the version before."""


@dataclass(frozen=True, slots=True)
class LateWrite:
    """A write that was made when its worker had lost the job, or that a product may make by itself."""

    write: Write
    until: RealMillis
    """Real time until which it may still be carried out."""


@dataclass(frozen=True, slots=True)
class Memory:
    """As a worker finds it; all times are real. What a run does not carry over is forgotten with it."""

    late_writes: tuple[LateWrite, ...] = ()
    repair_at: RealMillis | None = None
    """By when every write of `late` was carried out, if ever."""
    late: frozenset[Write] = NOTHING_LATE
    """Writes of which nobody got the answer."""
    absent_at: int | None = None
    """See `KeyContext.absent_at`; by the cloud's clock."""
    attaching: bool = False
    """An attach was begun, and its answer is not recorded."""
    delayed: bool = False
    """Those who wait were told that it takes longer."""
    taken_over: bool = False
    """The worker before the one that waited for another key may be in the middle of a write."""
    waits: int = 0
    """How often it waited for another key."""

    @classmethod
    def read(cls, payload: Mapping[str, Any], real: RealMillis) -> Memory:
        """`real`: now. A clock that was wrong may have said later than any write can come."""
        until = real + LATE_WRITE_MS
        stored = {now: payload[before] for before, now in FORMER_NAMES.items() if before in payload} | {**payload}
        repair_at = stored.get("repair_at_real")
        # An older program did not say which writes, so that it may be either.
        late = NOTHING_LATE if repair_at is None else frozenset(map(Write, stored.get("late", list(Write))))
        return cls(
            late_writes=tuple(LateWrite(Write(name), min(at, until)) for name, at in stored.get(LATE_WRITES, ())),
            repair_at=None if repair_at is None else min(repair_at, until),
            late=late,
            absent_at=stored.get("not_seen_at"),
            attaching=bool(stored.get("attaching")),
            delayed=bool(stored.get("delayed")),
            taken_over=bool(stored.get("taken_over")),
            waits=stored.get("waits", 0),
        )

    def to_payload(self, key: Key) -> dict[str, Any]:
        """As it is stored; what is as it usually is takes no room."""
        payload: dict[str, Any] = {"key": str(key)}
        if self.late_writes:
            payload[LATE_WRITES] = _as_stored(self.late_writes)
        if self.repair_at is not None:
            payload |= {"repair_at_real": self.repair_at, "late": sorted(self.late)}
        if self.absent_at is not None:
            payload["not_seen_at"] = self.absent_at
        if self.waits:
            payload["waits"] = self.waits
        flags = {"attaching": self.attaching, "delayed": self.delayed, "taken_over": self.taken_over}
        return payload | {name: True for name, there in flags.items() if there}


def remember_late_write(tx: Tx, key: Key, late: LateWrite, real: RealMillis) -> None:
    """Whoever has the key's job takes it up when the run ends. That may be a replica of the version before, which knows
    `came_late` and not everything else by its name of now: nothing else is written.
    """
    job_id = enqueue.reconcile_id(key)
    known = Memory.read(jobs.payload_now(tx, job_id), real).late_writes
    jobs.add_to_payload(tx, job_id, **{LATE_WRITES: _as_stored((*known, late))})


def _as_stored(late_writes: Iterable[LateWrite]) -> list[list[str | int]]:
    return [[each.write.value, each.until] for each in late_writes]
