"""A step of a workflow that asks for access: recorded before Slack is told that it was heard."""

from __future__ import annotations

import re
from collections.abc import Mapping

from approvals.ledger import Ledger, job_leases
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, DomainMillis
from approvals.outbox import enqueue
from approvals.text_input import MAX_REASON_CHARACTERS

REFUSED_AT = "refused_at"
REMEMBERED_FOR_MS = HOUR
"""Slack sends what was not acknowledged for some minutes."""
_EXECUTION = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)


def record_step(ledger: Ledger, execution: str, asks: Mapping[str, str], now: DomainMillis) -> bool:
    """Have what a step asks for asked, once, however often Slack says so. `execution` is Slack's id of the step's run;
    False where it cannot be one.
    """
    if not _EXECUTION.fullmatch(execution):
        return False
    with ledger.write() as tx:
        enqueue.workflow_step(tx, now, execution, **{name: text[:MAX_REASON_CHARACTERS] for name, text in asks.items()})
    return True


def note_refused(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Slack was told that it may not be asked for. What it sends again of that run asks for nothing more, although it
    might be granted by then: the workflow has stopped.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        refused_at = DomainMillis(job.payload.get(REFUSED_AT, now))
        if now >= refused_at + REMEMBERED_FOR_MS:
            job_leases.finish(tx, job)
            return
        remembered = {**job.payload, REFUSED_AT: refused_at}
        job_leases.requeue(tx, job, due_at=DomainMillis(refused_at + REMEMBERED_FOR_MS), payload=remembered)
