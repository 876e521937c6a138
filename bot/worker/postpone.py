"""What Slack did not take now is due again later: after a growing pause, and not before Slack itself said."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from random import Random
from typing import Any

from approvals.backoff import backoff
from approvals.errors import Refusal
from approvals.ledger import Ledger, job_leases, jobs, lanes
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, DomainMillis
from approvals.ports import Clock
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import NotSent

log = logging.getLogger(__name__)

MAX_POSTPONE_MS = 5 * MINUTE
POSTPONED_AT = "postponed_at"
"""In the job: when it was first postponed, in domain time."""
FORMERLY_POSTPONED_AT = "put_off_at"
"""The same, as it was stored before schema step 18, and still is by a replica of the version before."""


class Postpone:
    """Has a job done again later."""

    def __init__(self, ledger: Ledger, clock: Clock, chance: Random) -> None:
        self._ledger = ledger
        self._clock = clock
        self._chance = chance

    def __call__(self, job: Job, error: NotSent | Refusal, *, at_least: int = 0) -> None:
        """`at_least`: milliseconds that it waits in any case.

        Raises:
            LostLock: another worker has the job.
        """
        failure = error.failure if isinstance(error, NotSent) else None
        code = error.code if isinstance(error, NotSent) else error.reason
        asked = min(failure.asked_pause_ms, lanes.MAX_SLACK_PAUSE_MS) if failure else 0
        log.warning("Slack did not take it", extra={"job": job.id, "error": code, "attempt": job.attempts})
        real = self._clock.real()
        with self._ledger.write() as tx:
            job_leases.check_lock(tx, job)
            if asked and job.lane and failure and failure.kind is SlackErrorKind.RATE_LIMITED:
                lanes.hold(tx, job.lane, real + asked, real=real)
            payload = jobs.payload_now(tx, job.id)
            payload |= {POSTPONED_AT: _postponed_at(payload, self._clock.now())}
            job_leases.requeue(
                tx,
                job,
                due_at=self._clock.now(),
                not_before_real=real + max(backoff(job.attempts, self._chance, MAX_POSTPONE_MS), asked, at_least),
                payload=payload,
                error=code[:80],
            )


def postponed_for(job: Job, now: DomainMillis) -> int:
    """Milliseconds of domain time since it was first postponed."""
    return now - _postponed_at(job.payload, now)


def _postponed_at(payload: Mapping[str, Any], now: int) -> int:
    """Where replicas of two versions took turns, each has noted when it was first: the earlier one counts."""
    return min((int(payload[name]) for name in (POSTPONED_AT, FORMERLY_POSTPONED_AT) if name in payload), default=now)
