"""Who or what brought a change of the status about, as far as the ledger tells."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Item
from approvals.findings import CheckResult, CheckState, Doer, Finding
from approvals.grant import Grant
from approvals.ledger import Tx, grants, status_findings
from approvals.ledger.status_findings import StoredChange
from approvals.queries import request_view
from approvals.status.checks import permission
from approvals.status.checks.kind import source_of
from approvals.status.checks.roles import NO_ROLE
from approvals.status.checks.service_role import SERVICE_ROLE

Repairs = Mapping[str, Item]
"""By their names, as `approvals.status.plan` has them."""


def doer_of(tx: Tx, change: StoredChange, was: CheckResult, found: Finding, repairs: Repairs) -> Doer | None:
    """None where nothing that is recorded here happened between the change before and this one. That something else
    did it at the same time cannot be ruled out.
    """
    grant = _grant(tx, was, found, repairs)
    if grant is None:
        return None
    came = found.state is CheckState.OK
    happened = grant.active_at if came else grant.ended_at
    before = status_findings.changed_before(tx, change)
    if happened is None or not (before or 0) < happened <= change.at:
        return None
    record = request_view.read(tx, grant.request_id)
    if record is None:
        return None
    if came:
        return Doer(record.request.ref, record.approvals[-1].slack_user_id if record.approvals else None)
    return Doer(record.request.ref, record.early_end.by if record.early_end else None)


def _grant(tx: Tx, was: CheckResult, found: Finding, repairs: Repairs) -> Grant | None:
    """The last grant of the repair that such a change may come from."""
    item = repairs.get(_repair(was, found))
    if item is None:
        return None
    given = [grants.newest_of(tx, entitlement, item.role or "") for entitlement in item.entitlements]
    return next((grant for grant in given if grant is not None), None)


def _repair(was: CheckResult, found: Finding) -> str:
    """Its row has its name. What a service may do comes and goes with PAI-Rec's own role."""
    row = found.check.partition("/")[0]
    of_role = source_of(found.check) == permission.KIND.source and NO_ROLE in (was, found.result)
    return SERVICE_ROLE if of_role else row
