"""What Slack did not take now is due again later: after a growing pause, and not before Slack itself said."""

from __future__ import annotations

import logging
from random import Random

from approvals.backoff import backoff
from approvals.ledger import Ledger, jobs
from approvals.ledger.jobs import Job
from approvals.ports import Clock
from bot.slack_errors import code_of, retry_after

log = logging.getLogger(__name__)


def put_off(ledger: Ledger, clock: Clock, chance: Random, job: Job, error: Exception) -> None:
    """
    Raises:
        LostLock: another worker has the job.
    """
    log.warning("Slack did not take it", extra={"job": job.id, "error": code_of(error), "attempt": job.attempts})
    asked = retry_after(error)
    real = clock.real()
    with ledger.write() as tx:
        if asked and job.lane:
            jobs.hold_lane(tx, job.lane, real + asked)
        jobs.again(
            tx,
            job,
            due_at=clock.now(),
            not_before_real=real + max(backoff(job.attempts, chance), asked),
            trouble=code_of(error)[:80],
        )
