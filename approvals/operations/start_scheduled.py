"""What was approved for later begins: it is judged once more, on what RAM and Slack say then, and granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.evidence import DecisionEvidence
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, job_leases, requests, trail
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.model import NOT_STARTED, AccessRequest, RequestState
from approvals.operations.approval_tally import tally_approvals
from approvals.operations.check_possible import check_possible
from approvals.operations.close_request import Closing, close_request
from approvals.operations.grant_agreed import plan_grants
from approvals.operations.policy_reviews.compare import check_reviewed
from approvals.operations.standing_rules import check_rules
from approvals.operations.terms import ApprovalTerms
from approvals.outbox import enqueue
from approvals.policies.reviewed import PoliciesNow
from approvals.queries.actor import standing
from approvals.refusals.request import ApprovalsLapsed, StartMissed
from approvals.refusals.service import SlackSilent


def start_scheduled(
    ledger: Ledger,
    catalog: Catalog,
    job: Job,
    evidence: DecisionEvidence,
    policies: PoliciesNow,
    now: DomainMillis,
    *,
    review_required: bool,
) -> None:
    """Carry out a job of the kind `START`. `evidence.actor`: who gave the last approval, or whoever asked where a rule
    approved it. `policies`: those that have to be the ones that were reviewed, as RAM shows them now.

    Raises:
        LostLock: another worker has the job.
        Refusal: Slack did not say what has to be known; nothing was done.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        request = requests.get(tx, int(job.payload["request"]))
        if request is None or request.state is not RequestState.SCHEDULED:
            job_leases.finish(tx, job)
            return
        told: dict[str, Any] = {}
        try:
            agreed = _judge(tx, catalog, request, evidence, policies, now, told, review_required=review_required)
        except SlackSilent:
            raise
        except Refusal as refusal:
            not_started_in(tx, request, refusal, now, told)
            return
        given = plan_grants(tx, request, agreed.parts or (), now, request.ends_at)
        enqueue.redraw(tx, now, request)
        trail.append_event(
            tx, now, AuditEvent.STARTED, request_id=request.id, ends_at=request.ends_at, grants=given, **told
        )
        job_leases.finish(tx, job)


def not_started(ledger: Ledger, job: Job, refusal: Refusal, now: DomainMillis) -> None:
    """It is known without asking anybody that it may not begin.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        request = requests.get(tx, int(job.payload["request"]))
        if request is None or request.state is not RequestState.SCHEDULED:
            job_leases.finish(tx, job)
            return
        not_started_in(tx, request, refusal, now, {})


def not_started_in(
    tx: Tx, request: AccessRequest, refusal: Refusal, now: DomainMillis, told: Mapping[str, Any]
) -> None:
    """Close it and tell everybody why. Its job goes with that."""
    why = f"{NOT_STARTED}{refusal.reason}"
    closing = Closing(RequestState.CANCELLED, AuditEvent.NOT_STARTED, MessageKind.CANCELLED, reason=why)
    close_request(tx, request, now, closing, why=why, **told)


def _judge(
    tx: Tx,
    catalog: Catalog,
    request: AccessRequest,
    evidence: DecisionEvidence,
    policies: PoliciesNow,
    now: DomainMillis,
    told: dict[str, Any],
    *,
    review_required: bool,
) -> ApprovalTerms:
    """What is to be granted now. `told` takes up what the trail has to say of the approvals."""
    if request.ends_at is not None and request.ends_at <= now:
        raise StartMissed(request=request.ref)
    agreed = ApprovalTerms(request.entitlements, request.duration)
    if request.approved_by_rule is None:
        actor = standing(tx, request.team_id, evidence.actor, evidence.admins, request)
        found = tally_approvals(tx, request, evidence, actor.requester_ram_id)
        told |= found.audit_fields
        if len(found.counting) < request.approvals_needed or not found.agreed.parts:
            raise ApprovalsLapsed(request=request.ref)
        agreed = found.agreed
    elif not any(rule.auto_approve and rule.name == request.approved_by_rule for rule in catalog.rules.rules):
        raise ApprovalsLapsed(request=request.ref)
    parts = agreed.parts or ()
    check_possible(tx, catalog, request, evidence, parts)
    check_rules(tx, catalog, request, now)
    check_reviewed(tx, parts, policies, required=review_required)
    return agreed
