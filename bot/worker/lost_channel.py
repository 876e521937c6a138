"""A watching channel that the app lost is watched no longer."""

from __future__ import annotations

import logging

from approvals.errors import Refusal
from approvals.ledger import Ledger, job_leases
from approvals.ledger.jobs import Job
from approvals.ports import Clock
from approvals.status import watches

log = logging.getLogger(__name__)


def stop_watching(ledger: Ledger, clock: Clock, job: Job, channel: str, why: str) -> None:
    """The bot was taken out of the channel, or the channel is no more, or others read it now: nobody is told. `why` is
    Slack's code.

    Raises:
        LostLock: another worker has the job.
    """
    log.warning("a channel is not watched any more", extra={"channel": channel, "error": why})
    try:
        watches.unwatch(ledger, channel, None, clock.now(), why)
    except Refusal:
        log.info("nobody watches there any more", extra={"channel": channel})
    with ledger.write() as tx:
        job_leases.finish(tx, job)
