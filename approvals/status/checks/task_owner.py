"""Whether the Alibaba Cloud account itself owns each MaxCompute project, and so what is scheduled in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.reads import CloudReads
from approvals.status.terms import StatusTerms

ACCOUNT = "ALIYUN$"
"""What the name of an Alibaba Cloud account begins with in MaxCompute; a RAM user's begins with `RAM$`."""
ACCOUNT_OWNS = CheckResult("account_owns", CheckState.OK)
OTHERS_OWN = CheckResult("others_own", CheckState.FAILED)
NO_PROJECT = CheckResult("no_project", CheckState.FAILED)


def judge(check: str, owners: Mapping[str, str | None]) -> Finding:
    """`owners`: whom each project belongs to; None for one that does not exist."""
    gone = [project for project, owner in owners.items() if owner is None]
    if gone:
        return Finding(check, NO_PROJECT, {"projects": gone})
    others = {project: owner for project, owner in owners.items() if owner and not owner.upper().startswith(ACCOUNT)}
    if others:
        facts = {"projects": list(others), "owners": sorted({str(owner) for owner in others.values()})}
        return Finding(check, OTHERS_OWN, facts)
    return Finding(check, ACCOUNT_OWNS, {"projects": list(owners)})


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    """One row, where jobs run in any project at all."""
    return (StatusRow("task-owner", terms.training.owner_title, ("owner",)),) if terms.projects else ()


def _ask(_row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    owners = {project: reads.project_owner(project) for project in terms.projects}
    return lambda check, _now: judge(check, {project: owner() for project, owner in owners.items()})


KIND = CheckKind("owner", (ACCOUNT_OWNS, OTHERS_OWN, NO_PROJECT), _rows, _ask, product="odps")
