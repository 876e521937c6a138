"""The record's side of alarms: what is overdue, who was told, and whether anybody heard it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.audit_events import AuditEvent
from approvals.grant import OURS, Grant, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, grants, job_leases, jobs, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, MINUTE, DomainMillis
from approvals.outbox import enqueue, timers
from approvals.queries import request_view
from approvals.queries.request_view import RequestView

ALARM_INTERVAL_MS = HOUR
UNDELIVERED_RETRY_MS = 5 * MINUTE
"""An alarm that nobody could be told is tried again after so long."""
RAISED, SENT_TO_EACH, DELIVERED = "raised", "told_each", "heard"
"""In an alarm's job: somebody ever heard it; each approver is told of this round in person; one of them was."""


def alarm_of_job(ledger: Ledger, job: Job, now: DomainMillis) -> tuple[Grant, RequestView, bool] | None:
    """The grant that an alarm is about, its request, and whether it is over, so that the alarm is called off.

    None when there is nothing to say: it is not overdue, it ended without an alarm, or a notice says it.
    """
    with ledger.read() as tx:
        grant = grants.get(tx, int(job.payload["grant"]))
        record = request_view.read(tx, grant.request_id) if grant else None
    if grant is None or record is None or grant.blocked:
        return None
    if is_overdue(grant, now):
        return grant, record, False
    return (grant, record, True) if job.payload.get(RAISED) else None


def is_overdue(grant: Grant, now: DomainMillis) -> bool:
    """Whether it should have ended by now, and the cloud may still have what this program put there."""
    late = grant.state is GrantState.ENDING or (grant.ends_at is not None and grant.ends_at <= now)
    return grant.state in OURS and late and not grant.blocked


def direct_alarm_of_job(ledger: Ledger, job: Job, now: DomainMillis) -> tuple[Grant, RequestView, bool] | None:
    """What one approver is told in person: the grant, its request, and whether it is over. None when an alarm is not
    worth saying any more.
    """
    with ledger.read() as tx:
        grant = grants.get(tx, int(job.payload["grant"]))
        record = request_view.read(tx, grant.request_id) if grant else None
    over = job.payload["what"] == MessageKind.ALARM_OVER
    if grant is None or record is None or not (over or is_overdue(grant, now)):
        return None
    return grant, record, over


def was_attempted(grant: Grant) -> bool:
    """Whether taking it away was tried and did not work at once. After a standstill, all that is overdue is alarmed
    about before that was so much as tried. Whoever is to take it away by hand was told at once.
    """
    tried = grant.detaches > 1 or grant.error_kind is not None or grant.entitlement.by_hand
    return grant.state is GrantState.ENDING and tried


def alarm_posted(ledger: Ledger, job: Job, grant: Grant, now: DomainMillis) -> None:
    """Somebody who approves heard it; it is raised again every hour until the revoke holds."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        payload = jobs.payload_now(tx, job.id) | {RAISED: True, SENT_TO_EACH: False}
        job_leases.requeue(tx, job, due_at=now + ALARM_INTERVAL_MS, payload=payload, progress=True)
        _note(tx, now, grant)


def send_to_each(ledger: Ledger, job: Job, grant: Grant, people: Sequence[SlackUserId], now: DomainMillis) -> None:
    """The channel takes it not yet: each of these is told in person meanwhile."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        _send_to_each(tx, grant, people, MessageKind.ALARM, now)
        jobs.add_to_payload(tx, job.id, **{SENT_TO_EACH: True, DELIVERED: False})


def fall_back_to_each(ledger: Ledger, job: Job, grant: Grant, people: Sequence[SlackUserId], now: DomainMillis) -> None:
    """No channel of theirs takes it: each of these is told in person. Whether anybody hears it is seen as they are."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        _send_to_each(tx, grant, people, MessageKind.ALARM, now)
        payload = jobs.payload_now(tx, job.id) | {SENT_TO_EACH: False, DELIVERED: False}
        job_leases.requeue(tx, job, due_at=now + ALARM_INTERVAL_MS, payload=payload, progress=True)


def alarm_resolved(ledger: Ledger, job: Job, grant: Grant, people: Sequence[SlackUserId], now: DomainMillis) -> None:
    """It is over, and has been said to be; these are told in person."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        _send_to_each(tx, grant, people, MessageKind.ALARM_OVER, now)
        job_leases.finish(tx, job)


def no_recipients(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """There is nobody to tell."""
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=now + UNDELIVERED_RETRY_MS)


def delivered(ledger: Ledger, job: Job, grant: Grant, now: DomainMillis) -> None:
    """Somebody was told of an alarm in person."""
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        alarm_id = timers.alarm_id(grant.id)
        known = jobs.payload_now(tx, alarm_id) if jobs.exists(tx, alarm_id) else {DELIVERED: True}
        if not known.get(DELIVERED):
            jobs.add_to_payload(tx, alarm_id, **{RAISED: True, DELIVERED: True})
            _note(tx, now, grant)


def undeliverable(ledger: Ledger, job: Job, grant: Grant, why: str, now: DomainMillis) -> bool:
    """Somebody can never be told in person. Whether others were, or may be; otherwise it begins anew after a while."""
    with ledger.write() as tx:
        job_leases.finish(tx, job)
        to = job.payload.get("to")
        trail.append_event(tx, now, AuditEvent.NOT_TOLD, request_id=grant.request_id, to=to, job=job.id, why=why)
        alarm_id = timers.alarm_id(grant.id)
        others = jobs.any_of(tx, JobKind.TELL, f"tell:{_name(MessageKind.ALARM, grant, '')}")
        if others or not jobs.exists(tx, alarm_id) or jobs.payload_now(tx, alarm_id).get(DELIVERED):
            return True
        timers.schedule_alarm_at(tx, grant.id, now + UNDELIVERED_RETRY_MS)
        return False


def _send_to_each(tx: Tx, grant: Grant, people: Sequence[SlackUserId], kind: MessageKind, now: DomainMillis) -> None:
    for person in people:
        enqueue.direct_message(tx, now, person, kind, grant.request_id, name=_name(kind, grant, person), grant=grant.id)


def _name(kind: MessageKind, grant: Grant, person: str) -> str:
    """Of the job that tells somebody: who could not be told of the last round hears of an alarm once."""
    return f"{kind}:{grant.id}:{person}"


def _note(tx: Tx, now: DomainMillis, grant: Grant) -> None:
    trail.append_event(
        tx,
        now,
        AuditEvent.ALARM,
        request_id=grant.request_id,
        grant=grant.id,
        ram_user=grant.principal.name,
        ram_user_id=grant.principal.user_id,
        entitlement=str(grant.entitlement),
        trouble=grant.error_kind,
    )
