"""The record's side of telling people what somebody said about a request. The text stands in the trail alone."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.audit_events import AuditEvent
from approvals.comments import Addressee, Comment
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, job_leases, jobs, lanes, people, told, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ledger.told import Told
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.queries import request_view
from approvals.queries.request_view import RequestView


def tell(tx: Tx, request: AccessRequest, said: Comment, now: DomainMillis) -> None:
    """Have whom it is for told: the requester in person, the approvers below the card."""
    if said.to is Addressee.APPROVERS:
        what = {"request": request.id, "key": said.key}
        jobs.enqueue(tx, _job_id(said.key), JobKind.COMMENT, due_at=now, payload=what, lane=lanes.APPROVALS)
        return
    account = people.account_now(tx, request.team_id, request.requester, request.requester_ram_id)
    _put(tx, request.id, said.key, account, now)


def comment_of_job(ledger: Ledger, job: Job) -> tuple[RequestView, Comment] | None:
    """What a job is to tell; None where it was erased meanwhile."""
    with ledger.read() as tx:
        record = request_view.read(tx, int(job.payload["request"]))
        for entry in trail.of_request(tx, int(job.payload["request"])) if record else ():
            said = entry.fields
            if said["event"] == AuditEvent.COMMENTED and said["key"] == job.payload["key"] and "comment" in said:
                by, to = SlackUserId(said["by_slack"]), Addressee(said["addressee"])
                return (record, Comment(said["key"], by, to, said["comment"])) if record else None
    return None


def thread_of(ledger: Ledger, record: RequestView, to: SlackUserId) -> Told | None:
    """The message to a person about a request, below which it is said; None where there is none."""
    with ledger.read() as tx:
        return next(reversed(told.of_request(tx, record.request.id, to)), None)


def send_to_each(ledger: Ledger, job: Job, recipients: Sequence[SlackUserId], now: DomainMillis) -> None:
    """There is no card in a channel to say it below: each of these is told in person."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        for person in recipients:
            _put(tx, int(job.payload["request"]), str(job.payload["key"]), person, now)
        job_leases.finish(tx, job)


def _put(tx: Tx, request_id: int, key: str, to: SlackUserId, now: DomainMillis) -> None:
    jobs.enqueue(
        tx,
        f"{_job_id(key)}:{to}",
        JobKind.COMMENT,
        due_at=now,
        payload={"request": request_id, "key": key, "to": to},
        lane=lanes.slack(to),
    )


def _job_id(key: str) -> str:
    return f"comment:{key}"
