"""Signs that people reach this Slack app through two ledgers: a program of the other one runs, or this one is not what
it was. Approvers are told once, and again when it was over for a while.
"""

from __future__ import annotations

from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, jobs, notices
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.outbox.notices import close_notice, raise_notice

CLICKS, CONNECTIONS = "clicks", "connections"
"""What the notice is about."""
CLICKS_RESOLVED_AFTER_MS = DAY
"""Domain time without another such click."""
_JOB = f"{JobKind.OTHER_LEDGER}:{CLICKS}"


def record_foreign_click(ledger: Ledger, now: DomainMillis) -> bool:
    """Somebody clicked on what names a request of another ledger. Whether that is news."""
    with ledger.write() as tx:
        jobs.drop(tx, _JOB)
        jobs.enqueue(tx, _JOB, JobKind.OTHER_LEDGER, due_at=now + CLICKS_RESOLVED_AFTER_MS)
        return raise_notice(tx, now, NoticeKind.OTHER_LEDGER, CLICKS, {}) is not None


def resolve_foreign_clicks(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Nobody did for a day.

    Raises:
        LostLock: another worker has the job, or somebody did just now.
    """
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        _resolve(tx, CLICKS, now)


def is_foreign_connection_open(tx: Tx) -> bool:
    """Whether it was told that another program is, and not that it is over."""
    return notices.open_about(tx, NoticeKind.OTHER_LEDGER, CONNECTIONS) is not None


def raise_foreign_connections(ledger: Ledger, now: DomainMillis, connections: int, ours: int) -> None:
    """Slack counts more connections than `ours`, those of all who work from this ledger."""
    with ledger.write() as tx:
        raise_notice(tx, now, NoticeKind.OTHER_LEDGER, CONNECTIONS, {"connections": connections, "ours": ours})


def resolve_foreign_connections(ledger: Ledger, now: DomainMillis) -> None:
    """Slack counts no connection but ours any more: the notice that it did is closed."""
    with ledger.write() as tx:
        _resolve(tx, CONNECTIONS, now)


def _resolve(tx: Tx, about: str, now: DomainMillis) -> None:
    raised = notices.open_about(tx, NoticeKind.OTHER_LEDGER, about)
    if raised:
        close_notice(tx, now, raised.id, NoticeOutcome.NO_LONGER_SO)
