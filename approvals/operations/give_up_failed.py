"""The time of a request is up: what could not be attached until then is not tried again."""

from __future__ import annotations

from approvals.grant import EndCause, GrantState
from approvals.ledger import Ledger, grants, job_leases, requests
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.reconcile.plan import end
from approvals.reconcile.transitions import apply


def give_up_failed(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """Carry out a job of the kind `GIVE_UP_FAILED`: the failed grants of its request are void.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        request = requests.get(tx, int(job.payload["request"]))
        if request is not None:
            failed = [grant for grant in grants.of_request(tx, request.id) if grant.state is GrantState.FAILED]
            apply(tx, now, end(failed, now, EndCause.DEADLINE))
            if failed:
                enqueue.redraw(tx, now, request)
        job_leases.finish(tx, job)
