"""Compare what should be active with what the cloud shows, and have every difference settled."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.ledger import Ledger, grants, identity, jobs
from approvals.ledger.jobs import GRANT_NEXT, Job
from approvals.model import MINUTE, Entitlement
from approvals.operations import consequences

EVERY = 5 * MINUTE


def schedule(ledger: Ledger, now: int) -> None:
    """Make sure that the comparison is due; it then schedules itself."""
    with ledger.write() as tx:
        jobs.put(tx, "reconcile", "reconcile", due_at=now)


def active_entitlements(ledger: Ledger) -> set[Entitlement]:
    with ledger.read() as tx:
        return {key.entitlement for key in grants.active_keys(tx)}


def reconcile(ledger: Ledger, job: Job, seen: Mapping[Entitlement, frozenset[str]], now: int) -> None:
    """`seen` holds the UserIds that have each entitlement directly; one that could not be read is left out."""
    with ledger.write() as tx:
        for key in grants.active_keys(tx):
            if key.entitlement in seen and key.user_id not in seen[key.entitlement]:
                consequences.settle(tx, key, now, GRANT_NEXT)
        identity.put(tx, identity.WORKED_UNTIL, str(now))
        jobs.again(tx, job, due_at=now + EVERY, progress=True)
