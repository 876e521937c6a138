"""When something is due of a review whose items are known, and whether its reviewers were reminded in time."""

from __future__ import annotations

from approvals.access_review import AccessReview
from approvals.ledger import Tx, access_reviews, job_leases, jobs
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, DomainMillis

LAST_REMINDER_MS = DAY
"""So long before its end reviewers are reminded for the last time; the first time is half way."""
LOOK_AGAIN_MS = HOUR
"""Where not all could be read that is to be reviewed, it is read again after so long."""
ASK_AGAIN_MS = HOUR
"""Where something is to be revoked, and the cloud does not say who may approve, it is asked again after this."""
LOOKS_UP = "looks_up"
"""In the job: it asks the cloud's own record next, at once."""
LOOKED_TO = "looked_to"
"""In the job: what the item is about up to which it did so, since the last reminder."""
TELLS_ANEW = "tells_anew"
"""In the job: what reviewers said may be lost, so that they are reminded at once, and have a day from then."""
GAVE_TIME = "gave_time"
"""In the job: the review that had such a day since no bot ran for a while."""
MOMENT = "moment"
"""In the job: when a reminder or the end is due next, whatever it does until then."""


def review_of(tx: Tx, job: Job) -> AccessReview | None:
    """The review that a job is there for; None where none is open, and then the job is done. None also where something
    was added to the job since it was claimed, as where reviewers are to have more time, or the clock was put right:
    what its worker read, and the moment it goes by, are of before, and the job has another turn at once.

    Raises:
        LostLock: another worker has the job.
    """
    job_leases.check_lock(tx, job)
    if jobs.payload_now(tx, job.id) != job.payload:
        job_leases.requeue(tx, job, due_at=job.due_at, progress=True)
        return None
    review = access_reviews.open_one(tx)
    if review is None:
        job_leases.finish(tx, job)
    return review


def next_moment(review: AccessReview, now: DomainMillis) -> DomainMillis:
    """When something is due of it next."""
    half = DomainMillis(review.started_at + (review.due_at - review.started_at) // 2)
    last = DomainMillis(review.due_at - LAST_REMINDER_MS)
    return min((moment for moment in (half, last) if moment > now), default=review.due_at)


def moment_of(job: Job) -> DomainMillis:
    """The reminder or the end that it is there for, which may be long past."""
    return DomainMillis(job.payload.get(MOMENT, job.due_at))


def is_reminded(review: AccessReview, job: Job) -> bool:
    """Whether every reminder was told before the end that this job is there for, however late."""
    return moment_of(job) >= review.due_at


def put_off(tx: Tx, job: Job, review: AccessReview, now: DomainMillis, *, looks_up: bool = False) -> None:
    """The job waits for what is due next. `looks_up`: it asks the cloud's own record until then.

    Raises:
        LostLock: another worker has the job.
    """
    moment = next_moment(review, now)
    payload = {**job.payload, LOOKS_UP: looks_up, MOMENT: moment}
    for over in (LOOKED_TO, TELLS_ANEW):
        payload.pop(over, None)
    job_leases.requeue(tx, job, due_at=now if looks_up else moment, payload=payload, progress=True)
