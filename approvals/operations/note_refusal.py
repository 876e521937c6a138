"""The record of those who were turned away."""

from __future__ import annotations

from approvals.audit_events import AuditEvent
from approvals.errors import Refusal
from approvals.ids import is_random_id
from approvals.ledger import Ledger, jobs, notices, requests, trail
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DomainMillis
from approvals.refusals.decision import UnconfirmedAdmin
from approvals.rules import Act


def note_refusal(
    ledger: Ledger, now: DomainMillis, act: Act, actor_slack_id: str, about: int | str | None, refusal: Refusal
) -> None:
    """Every attempt is in the trail, the refused ones too. `about` is a request's number, where somebody typed that, or
    what a button named: a request, or a task that requests are behind.
    """
    with ledger.write() as tx:
        if isinstance(refusal, UnconfirmedAdmin):
            # Whoever could confirm them is told at once, and not only at the next look.
            jobs.enqueue(tx, JobKind.ADMINS, JobKind.ADMINS, due_at=now)
        named = requests.by_public_id(tx, about) if isinstance(about, str) else None
        task = notices.get(tx, about) if isinstance(about, str) and is_random_id(about) and named is None else None
        behind = task.details.get("requests") if task else None
        request_id = named.id if named else behind[-1] if behind else about if isinstance(about, int) else None
        trail.append_event(
            tx,
            now,
            AuditEvent.REFUSED,
            request_id=request_id,
            act=act.value,
            by_slack=actor_slack_id,
            why=refusal.reason,
        )
