"""When those whose access is reviewed called anything last, by the cloud's own record: a help to reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from approvals.access_review import ReviewedAccess, ReviewItem
from approvals.ids import RamUserId
from approvals.ledger import Ledger, access_reviews, job_leases
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.reminders import LOOKED_TO, LOOKS_UP, moment_of, next_moment, review_of
from approvals.operations.cloud_record.read import is_readable

KEPT_FOR_MS = 89 * DAY
"""ActionTrail keeps 90 days, and takes no question about more (help/actiontrail, LookupEvents)."""
AT_ONCE = 20
"""RAM users that are asked about before the ledger hears of it: two questions a second are taken."""
READ_AT_ONCE = 200
"""Items."""


def to_look_up(ledger: Ledger, job: Job, now: DomainMillis) -> list[ReviewItem]:
    """The next few, by what they are about, of which the record was not asked yet, of what is still to be reviewed.
    None while nothing was ever seen in the record: that it says nothing of somebody is no sign then.
    """
    with ledger.read() as tx:
        if not is_readable(tx):
            return []
        review = access_reviews.open_one(tx)
        if review is None or not review.open or review.collected_at is None or now >= review.due_at:
            return []
        after = str(job.payload.get(LOOKED_TO, ""))
        while page := access_reviews.open_after(tx, review.id, after, READ_AT_ONCE):
            if found := _of_few([item for item in page if not item.access.is_looked_up]):
                return found
            after = page[-1].access.about
    return []


def _of_few(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    users = list(dict.fromkeys(item.access.principal.user_id for item in items))[:AT_ONCE]
    return list(takewhile(lambda item: item.access.principal.user_id in users, items))


def record_last_calls(
    ledger: Ledger,
    job: Job,
    asked: Sequence[ReviewItem],
    found: Mapping[RamUserId, DomainMillis | None],
    now: DomainMillis,
    *,
    more: bool,
) -> None:
    """Keep when each of these did anything last, with what is reviewed of them. `asked`: as `to_look_up` has it.
    `more`: others are asked about, at once; else the review goes on when something is due of it.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        review = review_of(tx, job)
        if review is None:
            return
        if review.collected_at is None or not review.open:
            # It is another one than that of whose people was asked, or it ends.
            job_leases.requeue(tx, job, due_at=now, payload={**job.payload, LOOKS_UP: False}, progress=True)
            return
        known = list(takewhile(lambda item: item.access.principal.user_id in found, asked))
        access_reviews.change_access(tx, {item.id: _known(item, found) for item in known})
        payload = {**job.payload, LOOKS_UP: more}
        if known:
            payload[LOOKED_TO] = known[-1].access.about
        # A moment that passed meanwhile is due at once, and not left out.
        due_at = now if more else min(moment_of(job), next_moment(review, now))
        job_leases.requeue(tx, job, due_at=due_at, payload=payload, progress=True)


def _known(item: ReviewItem, found: Mapping[RamUserId, DomainMillis | None]) -> ReviewedAccess:
    return replace(item.access, is_looked_up=True, last_call=found[item.access.principal.user_id])
