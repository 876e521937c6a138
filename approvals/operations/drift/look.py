"""Every day the linked accounts are looked at, and then who has what; approvers are told of what is new or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from approvals.catalog.model import Catalog
from approvals.drift import Giver, KeptRow
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, drift_rows, job_leases, jobs, notices, people
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.operations.drift.record import record_accounts, record_in
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Link, Principal
from approvals.queries.access_report import AccessReport
from approvals.queries.drift import list_drift

LOOK_INTERVAL_MS = DAY
LOOK_AGAIN_MS = HOUR
"""Where not all could be read."""
NEXT_ACCOUNTS_MS = MINUTE
ACCOUNTS_PER_LOOK = 50
"""Linked accounts looked at in one go, as for leavers: Slack takes 100 users.info a minute."""
TOLD_ROWS = 10
"""Rows in one message; the list has all."""
AFTER = "after"
"""In the job: the Slack user id that was looked at last."""


def schedule(ledger: Ledger, now: DomainMillis) -> None:
    """Make sure that it is looked at, for the first time after a day; it then schedules itself."""
    with ledger.write() as tx:
        jobs.enqueue(tx, JobKind.DRIFT, JobKind.DRIFT, due_at=DomainMillis(now + LOOK_INTERVAL_MS))


def accounts_to_check(ledger: Ledger, team_id: str, job: Job) -> list[Link]:
    """The next few linked accounts; none, once all were looked at."""
    after = str(job.payload.get(AFTER) or "")
    with ledger.read() as tx:
        left = [link for link in people.links(tx, team_id) if link.slack_user_id > after]
    return sorted(left, key=lambda link: link.slack_user_id)[:ACCOUNTS_PER_LOOK]


def record_look_at_accounts(
    ledger: Ledger, job: Job, seen: Sequence[Link], gone: Collection[SlackUserId], now: DomainMillis
) -> None:
    """Note which of the accounts that were looked at, in their order, are gone; the next ones follow.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        record_accounts(tx, seen, gone, now)
        payload = {AFTER: seen[-1].slack_user_id}
        pause = NEXT_ACCOUNTS_MS if len(seen) == ACCOUNTS_PER_LOOK else 0
        job_leases.requeue(tx, job, due_at=DomainMillis(now + pause), payload=payload, progress=True)


def record_look(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    job: Job,
    found: AccessReport,
    own_user: Principal | None,
    admins: Holders,
    now: DomainMillis,
    *,
    accounts_told: bool,
    givers: Mapping[str, Giver],
) -> None:
    """Keep what the cloud showed, and have approvers told of what is new. `accounts_told`: Slack said of each linked
    account whether it is still there. `givers`: who gave something, by what it is about, where the cloud's own record
    was asked.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        record_in(tx, catalog, team_id, found, own_user, admins, now, givers)
        _end_acceptances(tx, now)
        listed = list_drift(tx, now)
        new = [kept for kept in listed.rows if not kept.told]
        complete = found.complete and accounts_told
        if new:
            _tell(tx, new, len(listed.rows), complete=complete, now=now)
        wait = LOOK_INTERVAL_MS if complete else LOOK_AGAIN_MS
        job_leases.requeue(tx, job, due_at=DomainMillis(now + wait), payload={}, progress=True)


def _end_acceptances(tx: Tx, now: DomainMillis) -> None:
    for kept in drift_rows.every_one(tx).values():
        if kept.acceptance is not None and not kept.is_quiet(now):
            drift_rows.note_over(tx, kept)


def _tell(tx: Tx, new: Sequence[KeptRow], listed: int, *, complete: bool, now: DomainMillis) -> None:
    for before in notices.open_of(tx, NoticeKind.DRIFT):
        close_notice(tx, now, before.id, NoticeOutcome.OUTDATED)
    details: dict[str, Any] = {
        "rows": [kept.row.as_details() for kept in new[:TOLD_ROWS]],
        "new": len(new),
        "kinds": Counter(kept.row.kind.value for kept in new),
        "listed": listed,
        "complete": complete,
    }
    for kept in new:
        drift_rows.note_told(tx, kept)
    raise_notice(tx, now, NoticeKind.DRIFT, str(now), details)
