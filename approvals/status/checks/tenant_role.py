"""Whether the tenant role for training exists and carries just what it should on its quota, and nothing elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.reads import CloudReads
from approvals.status.seen import TenantRoleSeen
from approvals.status.terms import StatusTerms, Training

PAY_AS_YOU_GO = "pay-as-you-go"
TENANT_READY = CheckResult("tenant_ready", CheckState.OK)
NO_TENANT_ROLE = CheckResult("no_tenant_role", CheckState.FAILED)
WRONG_GRANTS = CheckResult("wrong_grants", CheckState.FAILED)
NO_PROJECT_SET = CheckResult("no_project_set", CheckState.NOT_SET)


def judge(check: str, wanted: Training, seen: TenantRoleSeen | None) -> Finding:
    """`seen`: the role of the wanted name, or None."""
    facts: dict[str, Any] = {
        "role": wanted.tenant_role,
        "grants": sorted(wanted.grants),
        "quota": wanted.quota or PAY_AS_YOU_GO,
    }
    if seen is None:
        return Finding(check, NO_TENANT_ROLE, facts)
    on_quota = {
        action.casefold()
        for name, actions in seen.grants.items()
        if _names_quota(name, facts["quota"])
        for action in actions
    }
    elsewhere = [name for name in seen.grants if not _names_quota(name, facts["quota"])]
    if on_quota == {action.casefold() for action in wanted.grants} and not elsewhere:
        return Finding(check, TENANT_READY, facts)
    found = [f"{', '.join(sorted(actions))} on {name}" for name, actions in sorted(seen.grants.items())]
    return Finding(check, WRONG_GRANTS, {**facts, "found": found})


def _names_quota(name: str, quota: str) -> bool:
    """Whether a plain grant is on the quota; one that is denied, or under a condition, has its mark before the name."""
    return " " not in name and name.casefold().rstrip("/").split("/")[-1].split(":")[-1] == quota.casefold()


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    return (StatusRow("tenant-role", terms.training.title, ("training",)),)


def _ask(_row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    wanted = terms.training
    if wanted.project is None:
        return lambda check, _now: Finding(check, NO_PROJECT_SET)
    role = reads.tenant_role(wanted.project, wanted.tenant_role)
    return lambda check, _now: judge(check, wanted, role())


KIND = CheckKind("tenant", (TENANT_READY, NO_TENANT_ROLE, WRONG_GRANTS, NO_PROJECT_SET), _rows, _ask, product="odps")
