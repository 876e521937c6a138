"""Close a request that nobody decided on in time."""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, jobs, requests, trail
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.claims import close_claim
from approvals.outbox import enqueue


def expire(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    with ledger.write() as tx:
        request = requests.get(tx, int(job.payload["request"]))
        if request and request.state is RequestState.PENDING and request.expires_at <= now:
            jobs.check_lock(tx, job)
            expire_in(tx, request, now)
            return
        jobs.finish(tx, job)


def expire_in(tx: Tx, request: AccessRequest, now: DomainMillis) -> AccessRequest:
    requests.close(tx, request.id, RequestState.EXPIRED, now=now, by=None)
    close_claim(tx, request.id, now)
    enqueue.no_longer_expires(tx, request.id)
    enqueue.tell_both(tx, now, request, MessageKind.EXPIRED)
    enqueue.redraw(tx, now, request)
    trail.append_event(tx, now, AuditEvent.EXPIRED, request_id=request.id)
    return replace(request, state=RequestState.EXPIRED, closed_at=now)
