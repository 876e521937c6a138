"""Signs that people reach this Slack app through two ledgers: a program of the other one runs, or this one is not what
it was. Approvers are told once, and again when it was over for a while.
"""

from __future__ import annotations

from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, jobs, notices
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.model import DAY
from approvals.outbox.notices import close_notice, raise_notice

CLICKS, CONNECTIONS = "clicks", "connections"
"""What the notice is about."""
CLICKS_OVER_AFTER = DAY
"""Domain time without another such click."""
_JOB = f"{JobKind.OTHER_LEDGER}:{CLICKS}"


def clicked(ledger: Ledger, now: DomainMillis) -> bool:
    """Somebody clicked on what names a request of another ledger. Whether that is news."""
    with ledger.write() as tx:
        jobs.drop(tx, _JOB)
        jobs.put(tx, _JOB, JobKind.OTHER_LEDGER, due_at=now + CLICKS_OVER_AFTER)
        return raise_notice(tx, now, NoticeKind.OTHER_LEDGER, CLICKS, {}) is not None


def clicks_over(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Nobody did for a day.

    Raises:
        LostLock: another worker has the job, or somebody did just now.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        _over(tx, CLICKS, now)


def is_connected(tx: Tx) -> bool:
    """Whether it was told that another program is, and not that it is over."""
    return notices.open_about(tx, NoticeKind.OTHER_LEDGER, CONNECTIONS) is not None


def connected(ledger: Ledger, now: DomainMillis, connections: int, ours: int) -> None:
    """Slack counts more connections than `ours`, those of all who work from this ledger."""
    with ledger.write() as tx:
        raise_notice(tx, now, NoticeKind.OTHER_LEDGER, CONNECTIONS, {"connections": connections, "ours": ours})


def disconnected(ledger: Ledger, now: DomainMillis) -> None:
    """Slack counts no connection but ours any more: the notice that it did is closed."""
    with ledger.write() as tx:
        _over(tx, CONNECTIONS, now)


def _over(tx: Tx, about: str, now: DomainMillis) -> None:
    raised = notices.open_about(tx, NoticeKind.OTHER_LEDGER, about)
    if raised:
        close_notice(tx, now, raised.id, NoticeOutcome.OVER)
