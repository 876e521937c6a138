"""Whether PAI-Rec's own role exists and is one."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.findings import REPAIR, CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.checks.roles import NO_ROLE, ROLE_READY
from approvals.status.reads import CloudReads
from approvals.status.seen import RoleSeen
from approvals.status.terms import StatusTerms

SERVICE_ROLE = "service-role"
"""The row, and the repair that creates the role."""
NOT_SERVICE_LINKED = CheckResult("not_service_linked", CheckState.FAILED)


def judge(check: str, name: str, role: RoleSeen | None) -> Finding:
    """`role`: the one of that name, or None."""
    if role is None:
        return Finding(check, NO_ROLE, {"role": name, REPAIR: SERVICE_ROLE})
    facts = {"role": role.name, "policies": [policy.name for policy in role.policies]}
    return Finding(check, ROLE_READY if role.service_linked else NOT_SERVICE_LINKED, facts)


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    return (StatusRow(SERVICE_ROLE, terms.service_role.title, (terms.service_role.name,)),)


def _ask(_row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    name = terms.service_role.name
    role = reads.role(name)
    return lambda check, _now: judge(check, name, role())


KIND = CheckKind("role", (ROLE_READY, NO_ROLE, NOT_SERVICE_LINKED), _rows, _ask)
