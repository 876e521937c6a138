"""The record's side of reminding approvers of a request that waits: when, and what was said.

The job is put with the request, and is there until its last reminder was sent or the request is closed. One that is
killed after it posted, and before that was recorded, posts once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, away, dm_reminders, job_leases, jobs, lanes, trail
from approvals.ledger.cards import Card
from approvals.ledger.cards import of_request as cards_of
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.model import AccessRequest
from approvals.outbox import enqueue
from approvals.queries.request_view import RequestView

AFTER_MS = (15 * MINUTE, HOUR, 4 * HOUR)
"""Milliseconds for which a request has waited when its approvers are reminded."""
REVIEW_AFTER_MS = 4 * HOUR
REVIEW_AGAIN_MS = DAY
"""Milliseconds after which a review is reminded of, and from one reminder to the next."""
AT_ONCE = "at_once"
"""In the job: it is for this time alone, and for whoever sleeps as well."""
LOOK_INTERVAL_MS = HOUR
"""Where somebody is away: they may be back sooner than they said."""
MAX_WAIT_MS = 4 * 24 * HOUR
"""Milliseconds: no two of somebody's working hours are further apart, whatever weekend is between them."""


def schedule(tx: Tx, request: AccessRequest) -> None:
    """Have those who may decide reminded while it waits."""
    jobs.enqueue(
        tx,
        _job_id(request.id),
        JobKind.ASK_AGAIN,
        due_at=DomainMillis(request.created_at + AFTER_MS[0]),
        payload={"request": request.id},
        lane=lanes.APPROVALS,
    )


def schedule_review(tx: Tx, request: AccessRequest, now: DomainMillis) -> None:
    """Have those who may review what was taken in an emergency reminded, until somebody did."""
    jobs.enqueue(
        tx,
        _job_id(request.id),
        JobKind.ASK_AGAIN,
        due_at=DomainMillis(now + REVIEW_AFTER_MS),
        payload={"request": request.id},
        lane=lanes.APPROVALS,
    )


def at_once(tx: Tx, request: AccessRequest, now: DomainMillis) -> None:
    """Have them reminded now, besides, and whether or not they work."""
    jobs.enqueue(
        tx,
        f"ask_now:{request.id}",
        JobKind.ASK_AGAIN,
        due_at=now,
        payload={"request": request.id, AT_ONCE: True},
        lane=lanes.APPROVALS,
    )


def cancel(tx: Tx, request_id: int) -> None:
    """It is closed: nobody is reminded any more."""
    jobs.drop(tx, _job_id(request_id))


def still_waits(record: RequestView, now: DomainMillis) -> bool:
    """Whether somebody may yet have to be reminded."""
    return record.under_review or (record.pending and now < record.request.expires_at)


def is_wanted(record: RequestView, now: DomainMillis) -> bool:
    """Whether there is still somebody's word to wait for."""
    if record.under_review:
        return True
    missing = len(record.approvals) < record.request.approvals_needed
    return record.pending and missing and now < record.request.expires_at


def away_until(ledger: Ledger, request: AccessRequest) -> Mapping[SlackUserId, DomainMillis]:
    """Until when whoever is away is, by Slack user id."""
    with ledger.read() as tx:
        return away.every_one(tx, request.team_id)


def wish_messages(ledger: Ledger, request: AccessRequest) -> set[SlackUserId]:
    """Slack user ids of those who wish to be reminded by direct message as well."""
    with ledger.read() as tx:
        return set(dm_reminders.every_one(tx, request.team_id))


def newest_card(ledger: Ledger, request_id: int, channel: str | None) -> Card | None:
    """The request's card in that channel; None where there is none."""
    with ledger.read() as tx:
        return next((card for card in reversed(cards_of(tx, request_id)) if card.channel == channel), None)


def wait(ledger: Ledger, job: Job, until: DomainMillis) -> None:
    """Nobody who is asked works now."""
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=until, progress=True)


def reminded(
    ledger: Ledger, job: Job, record: RequestView, now: DomainMillis, people: Sequence[SlackUserId] = ()
) -> None:
    """It was said to these, or there is nobody to say it to: the next reminder is due, if there is one. Those of them
    who wish that are told in person as well.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        wish = dm_reminders.every_one(tx, record.request.team_id)
        _tell_each(tx, record, [each for each in people if each in wish], now)
        _go_on(tx, job, record, now)


def nobody_to_remind(ledger: Ledger, job: Job, record: RequestView, now: DomainMillis) -> None:
    """Whoever wanted them reminded at once hears that nobody was, and may want it again at any time."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        request = record.request
        if to := enqueue.accounts_now(tx, request).get(request.requester):
            moved: dict[str, Any] = {} if to == request.requester else {"as": request.requester}
            enqueue.direct_message(tx, now, to, MessageKind.NOT_REMINDED, request.id, **moved)
        job_leases.finish(tx, job)
        trail.append_event(tx, now, AuditEvent.NOBODY_REMINDED, request_id=request.id)


def send_to_each(
    ledger: Ledger, job: Job, record: RequestView, people: Sequence[SlackUserId], now: DomainMillis
) -> None:
    """There is no card in a channel to say it under: each of these is told in person."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        _tell_each(tx, record, people, now)
        _go_on(tx, job, record, now)


def _tell_each(tx: Tx, record: RequestView, people: Sequence[SlackUserId], now: DomainMillis) -> None:
    number = record.request.id
    for person in people:
        jobs.enqueue(
            tx,
            f"{_job_id(number)}:{person}",
            JobKind.ASK_AGAIN,
            due_at=now,
            payload={"request": number, "to": person},
            lane=lanes.slack(person),
        )


def _go_on(tx: Tx, job: Job, record: RequestView, now: DomainMillis) -> None:
    request = record.request
    following = (DomainMillis(request.created_at + after) for after in AFTER_MS)
    due_at = next((moment for moment in following if moment > now), None)
    if record.under_review:
        due_at = DomainMillis(now + REVIEW_AGAIN_MS)
    if due_at is None or job.payload.get(AT_ONCE):
        job_leases.finish(tx, job)
    else:
        job_leases.requeue(tx, job, due_at=due_at, payload={"request": request.id}, progress=True)


def _job_id(request_id: int) -> str:
    return f"ask_again:{request_id}"
