"""Close a request that nobody decided on in time."""

from __future__ import annotations

from dataclasses import replace

from approvals.audit_events import AuditEvent
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, job_leases, requests
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.close_request import Closing, close_request


def expire(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Carry out a job of the kind `EXPIRE`: close its request, if that is still pending and its time is over.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        request = requests.get(tx, int(job.payload["request"]))
        if request and request.state is RequestState.PENDING and request.expires_at <= now:
            job_leases.check_lock(tx, job)
            expire_in(tx, request, now)
            return
        job_leases.finish(tx, job)


def expire_in(tx: Tx, request: AccessRequest, now: DomainMillis) -> AccessRequest:
    """The request as it is from then on."""
    close_request(tx, request, now, Closing(RequestState.EXPIRED, AuditEvent.EXPIRED, MessageKind.EXPIRED))
    return replace(request, state=RequestState.EXPIRED, closed_at=now)
