"""When those whose access is reviewed called anything last, by the cloud's own record: a help to reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from approvals.ids import RamUserId
from approvals.ledger import Ledger, access_reviews, cloud_reads, job_leases
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.reminders import LOOKS_UP, moment_of
from approvals.operations.cloud_record.read import ReadState
from approvals.people import Principal

KEPT_FOR_MS = 89 * DAY
"""ActionTrail keeps 90 days, and takes no question about more (help/actiontrail, LookupEvents)."""
AT_ONCE = 20
"""RAM users that are asked about before the ledger hears of it: two questions a second are taken."""


def users_to_look_up(ledger: Ledger, now: DomainMillis) -> list[Principal]:
    """The next few of whom the record was not asked yet, of what is still to be reviewed. None while nothing was ever
    seen in the record: that it says nothing of somebody is no sign then.
    """
    with ledger.read() as tx:
        if not any(read.state == ReadState.READ for read in cloud_reads.every_one(tx).values()):
            return []
        review = access_reviews.open_one(tx)
        if review is None or review.collected_at is None or now >= review.due_at:
            return []
        accesses = (item.access for item in access_reviews.open_items(tx, review.id))
        users = {access.principal.user_id: access.principal for access in accesses if not access.is_looked_up}
    return list(users.values())[:AT_ONCE]


def record_last_calls(
    ledger: Ledger, job: Job, found: Mapping[RamUserId, DomainMillis | None], now: DomainMillis, *, more: bool
) -> None:
    """Keep when each of these did anything last, with all that is reviewed of them. `more`: others are asked about, at
    once; else the review goes on when something is due of it.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        review = access_reviews.open_one(tx)
        if review is None:
            job_leases.finish(tx, job)
            return
        if review.collected_at is None:
            # It is another one than that of whose people was asked.
            job_leases.requeue(tx, job, due_at=now, payload={**job.payload, LOOKS_UP: False}, progress=True)
            return
        for item in access_reviews.open_items(tx, review.id):
            user_id = item.access.principal.user_id
            if user_id in found:
                known = replace(item.access, is_looked_up=True, last_call=found[user_id])
                access_reviews.change_access(tx, item, known)
        payload = {**job.payload, LOOKS_UP: more}
        # A moment that passed meanwhile is due at once, and not left out.
        due_at = now if more else moment_of(job)
        job_leases.requeue(tx, job, due_at=due_at, payload=payload, progress=True)
