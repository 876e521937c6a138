"""A request that was approved for later, when its moment has come: read what it is judged by, and judge it."""

from __future__ import annotations

from approvals.evidence import DecisionEvidence
from approvals.ledger.jobs import Job
from approvals.operations.policy_reviews.compare import tell_of_changes
from approvals.operations.start_scheduled import not_started, start_scheduled
from approvals.outbox import notifications
from approvals.policies.reviewed import PoliciesNow
from approvals.refusals.people import UnknownPerson
from approvals.refusals.request import StartMissed
from approvals.transaction import Ledger
from handlers.actions.policy_reviews import begin_comparison
from handlers.context import HandlerContext
from handlers.fresh_evidence import act_on_fresh_evidence


def start_request(context: HandlerContext, job: Job) -> None:
    """Carry out a job of the kind `START`.

    Raises:
        LostLock: another worker has the job.
        Refusal: Slack or RAM does not say what has to be known; nothing was done.
    """
    record = notifications.view_of_request(context.ledger, int(job.payload["request"]))
    if record is None or not record.scheduled:
        notifications.finish_job(context.ledger, job)
        return
    request = record.request
    if request.ends_at is not None and request.ends_at <= context.clock.now():
        not_started(context.ledger, job, StartMissed(request=request.ref), context.clock.now())
        return
    actor = request.closed_by or request.requester
    others = [word.slack_user_id for word in record.approvals if word.slack_user_id != actor]

    def read() -> tuple[DecisionEvidence, PoliciesNow]:
        policies = begin_comparison(context, request.entitlements)
        evidence = context.directory.decision_evidence(actor, request, others, claimed=False, giving=True)
        return evidence, policies()

    def act(ledger: Ledger, found: tuple[DecisionEvidence, PoliciesNow]) -> None:
        now, required = context.clock.now(), context.review_required
        start_scheduled(ledger, context.catalog, job, *found, now, review_required=required)
        tell_of_changes(ledger, found[1], now)

    try:
        act_on_fresh_evidence(context, read, act)
    except UnknownPerson as gone:
        # One whom Slack has no account of any more neither has access nor approves it.
        not_started(context.ledger, job, gone, context.clock.now())
