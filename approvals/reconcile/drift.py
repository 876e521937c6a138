"""Compare what should be active with what the cloud shows, and have every difference reconciled."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.entitlements import Entitlement, Key
from approvals.ids import RamUserId
from approvals.ledger import Ledger, identity, job_leases, jobs, open_grants
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import GRANT_NEXT, Job
from approvals.millis import MINUTE, DomainMillis
from approvals.outbox import enqueue

DRIFT_INTERVAL_MS = 5 * MINUTE
JOB_ID = "reconcile"
"""Stays as it is, whatever its kind is called: a replica of the version before has to find the same row."""


def schedule(ledger: Ledger, now: DomainMillis) -> None:
    """Make sure that the comparison is due; it then schedules itself."""
    with ledger.write() as tx:
        jobs.enqueue(tx, JOB_ID, JobKind.FIND_DRIFT, due_at=now)


def active_entitlements(ledger: Ledger) -> list[Entitlement]:
    """Each once, for each type of its policy that was given; of what is given by hand there is nothing to compare."""
    with ledger.read() as tx:
        return [each for each in open_grants.active_entitlements(tx) if not each.by_hand]


def find_drift(
    ledger: Ledger, job: Job, seen: Sequence[tuple[Entitlement, frozenset[RamUserId]]], now: DomainMillis
) -> None:
    """`seen` are the UserIds that have each entitlement directly; one that could not be read is left out."""
    shown = {_what(entitlement): ids for entitlement, ids in seen}
    with ledger.write() as tx:
        for entitlement in open_grants.active_entitlements(tx):
            ids = shown.get(_what(entitlement))
            untyped = entitlement.has_type and entitlement.policy_type is None
            if untyped or ids is not None:
                # Of ten thousand who have it, nothing is made of those who are seen to.
                users = open_grants.active_users(tx, entitlement)
                for user_id in sorted(users if untyped or ids is None else users - ids):
                    enqueue.reconcile(tx, Key(user_id, entitlement), now, GRANT_NEXT)
        # Nothing else would take back what nobody has to reconcile any more, whoever removed that.
        for grant in open_grants.without_job(tx, jobs.RECONCILE_IDS):
            enqueue.reconcile(tx, grant.key, grant.ends_at or now, GRANT_NEXT)
        identity.put(tx, identity.WORKED_UNTIL, str(now))
        job_leases.requeue(tx, job, due_at=now + DRIFT_INTERVAL_MS, progress=True)


def _what(entitlement: Entitlement) -> tuple[str, str | None]:
    return str(entitlement), entitlement.policy_type
