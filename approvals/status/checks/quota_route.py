"""Whether a project that reads through a Data Transmission Service group of its own has the routing switched on."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.checks.tenant_role import NO_PROJECT_SET
from approvals.status.reads import CloudReads
from approvals.status.terms import StatusTerms, Training

ROUTE_ON = CheckResult("route_on", CheckState.OK)
ROUTE_OFF = CheckResult("route_off", CheckState.FAILED)
NOT_DEDICATED = CheckResult("not_dedicated", CheckState.NOT_SET)


def judge(check: str, wanted: Training, value: str | None) -> Finding:
    """`value`: what the routing property of the project is set to, or None."""
    facts = {
        "project": wanted.project,
        "group": wanted.tunnel_group,
        "command": f"setproject {wanted.route}=true;",
    }
    if wanted.tunnel_group is None:
        return Finding(check, NOT_DEDICATED, facts)
    on = (value or "").strip().casefold() == "true"
    return Finding(check, ROUTE_ON if on else ROUTE_OFF, facts)


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    return (StatusRow("quota-route", terms.training.route_title, ("dts",)),)


def _ask(_row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    wanted = terms.training
    if wanted.project is None:
        return lambda check, _now: Finding(check, NO_PROJECT_SET)
    if wanted.tunnel_group is None:
        return lambda check, _now: judge(check, wanted, None)
    value = reads.project_property(wanted.project, wanted.route)
    return lambda check, _now: judge(check, wanted, value())


KIND = CheckKind("route", (ROUTE_ON, ROUTE_OFF, NOT_DEDICATED, NO_PROJECT_SET), _rows, _ask, product="odps")
