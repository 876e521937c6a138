"""The record's side of showing a request that nobody decided to a second place: a channel, or a user group.

The job is put with the request, and stays when that is closed: it has nothing to do then. One that is killed after it
posted, and before that was recorded, posts once more.
"""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, cards, job_leases, jobs, lanes, notices, requests, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, DomainMillis
from approvals.model import AccessRequest
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, raise_notice
from approvals.queries.request_view import RequestView

RETRY_MS = 15 * MINUTE
"""A place that does not take it is tried again after so long, as long as nobody decides."""


def is_group(place: str) -> bool:
    """Whether it is a user group, which is called below the card, and no channel, which gets a card of its own."""
    return place.startswith("S")


def schedule(tx: Tx, request: AccessRequest, after: int | None, to: str | None) -> None:
    """Have it shown there when nobody decided it for so many milliseconds; never, where neither is said."""
    if after is None or to is None or request.created_at + after >= request.expires_at:
        return
    jobs.enqueue(
        tx,
        _job_id(request.id),
        JobKind.ESCALATE,
        due_at=DomainMillis(request.created_at + after),
        payload={"request": request.id, "to": to, "after": after},
        lane=lanes.APPROVALS if is_group(to) else lanes.slack(to),
    )


def reschedule(tx: Tx, request: AccessRequest) -> None:
    """It was asked for by a clock that was ahead."""
    if jobs.exists(tx, _job_id(request.id)):
        payload = jobs.payload_now(tx, _job_id(request.id))
        schedule(tx, request, int(payload["after"]), str(payload["to"]))


def escalated(ledger: Ledger, job: Job, shown: RequestView, posted: tuple[str, str] | None, now: DomainMillis) -> None:
    """It was shown there, as a card at `posted`, if that is a channel; every card says so."""
    request, to = shown.request, str(job.payload["to"])
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        if posted is not None:
            cards.add(tx, request.id, *posted, request.version)
        requests.escalated(tx, request.id, now)
        enqueue.redraw(tx, now, request)
        job_leases.finish(tx, job)
        if notice := notices.open_about(tx, NoticeKind.ESCALATION, to):
            close_notice(tx, now, notice.id, NoticeOutcome.RIGHT_AGAIN)
        trail.append_event(tx, now, AuditEvent.ESCALATED, request_id=request.id, place=to)


def blocked(ledger: Ledger, job: Job, shown: RequestView, why: str, now: DomainMillis) -> None:
    """That place does not take it: approvers are told, once until it does, and it is tried again."""
    to = str(job.payload["to"])
    with ledger.write() as tx:
        job_leases.requeue(tx, job, due_at=DomainMillis(now + RETRY_MS), progress=True)
        raise_notice(tx, now, NoticeKind.ESCALATION, to, {"request": shown.request.ref, "why": why})


def _job_id(request_id: int) -> str:
    return f"escalate:{request_id}"
