"""What the watchdog changes: it takes up the work on a key as a worker does, and notes that it did and whom it told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from approvals.audit_events import AuditEvent
from approvals.grant import Grant
from approvals.ledger import Ledger, Tx, due_jobs, grants, jobs, trail
from approvals.ledger.jobs import REVOKE_FIRST, Job
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.ports import Clock
from approvals.queries import overdue


def take_up(ledger: Ledger, grant: Grant, clock: Clock, *, again: bool) -> Job | None:
    """The work on the key of an overdue grant, claimed. None where it is not overdue any more, something wants the key
    since, or a worker is at it. `again`: this run had it before, which stands in the trail.
    """
    with ledger.write() as tx:
        now, found = clock.now(), grants.get(tx, grant.id)
        if found is None or not overdue.is_overdue(tx, found, now):
            return None
        job_id = enqueue.reconcile_id(grant.key)
        if not jobs.exists(tx, job_id):
            # Whoever removed it, nothing else would take back what nobody has to reconcile any more.
            enqueue.reconcile(tx, grant.key, now, REVOKE_FIRST)
        token = secrets.token_hex(8)
        job = due_jobs.claim_this(tx, job_id, real=clock.real(), token=token, steady=clock.steady())
        if job is not None and not again:
            _note(tx, now, AuditEvent.WATCHDOG_REVOKES, found)
    return job


def is_in_hand(ledger: Ledger, grant: Grant, clock: Clock) -> bool:
    """Whether a worker is at the grant's key now."""
    with ledger.read() as tx:
        return due_jobs.is_claimed(tx, enqueue.reconcile_id(grant.key), real=clock.real())


def told(ledger: Ledger, found: Iterable[Grant], now: DomainMillis) -> None:
    """Slack has taken what the watchdog says of these."""
    with ledger.write() as tx:
        for grant in found:
            _note(tx, now, AuditEvent.WATCHDOG_ALARM, grant)


def _note(tx: Tx, now: DomainMillis, event: AuditEvent, grant: Grant) -> None:
    trail.append_event(
        tx,
        now,
        event,
        request_id=grant.request_id,
        grant=grant.id,
        ram_user=grant.principal.name,
        ram_user_id=grant.principal.user_id,
        entitlement=str(grant.entitlement),
        trouble=grant.error_kind,
    )
