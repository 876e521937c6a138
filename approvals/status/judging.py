"""From what was seen to a finding: is it as PAI-Rec needs it? Pure functions, one for each kind of row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.audit import iso
from approvals.errors import CloudError, CloudErrorKind
from approvals.findings import CheckResult, Finding
from approvals.millis import DomainMillis
from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import Statement, UnreadableDocument, read_document, read_trust
from approvals.policies.matching import ResourcePattern
from approvals.policies.ruling import PolicyVerdict, rule
from approvals.status.plan import ENGINE_ROLE, SERVICE_ROLE, EngineRole, ServiceTerms, Training
from approvals.status.seen import PolicySummary, ResourceSeen, RoleSeen, TenantRoleSeen

PAY_AS_YOU_GO = "pay-as-you-go"


def service_role(check: str, name: str, role: RoleSeen | None) -> Finding:
    """Whether PAI-Rec's own role exists and is one."""
    if role is None:
        return Finding(check, CheckResult.NO_ROLE, {"role": name, "mend": SERVICE_ROLE})
    facts = {"role": role.name, "policies": [policy.name for policy in role.policies]}
    return Finding(check, CheckResult.ROLE_READY if role.service_linked else CheckResult.NOT_SERVICE_LINKED, facts)


def permission(check: str, service: ServiceTerms, name: str, role: RoleSeen | None, now: DomainMillis) -> Finding:
    """Whether the texts of the role's policies let it do what counts for a service, at `now` (milliseconds)."""
    if role is None:
        return Finding(check, CheckResult.NO_ROLE, {"role": name, "mend": SERVICE_ROLE})
    statements: list[Statement] = []
    for policy in role.policies:
        try:
            statements += read_document(policy.document or "")
        except UnreadableDocument as unreadable:
            return Finding(check, CheckResult.UNREADABLE, {"policy": policy.name, "what": str(unreadable)})
    context = EvaluationContext({"acs:CurrentTime": iso(now)})
    everything = ResourcePattern(account_id=role.account_id)
    rulings = {action: rule(action, statements, context, everything) for action in service.actions}
    missing = [action for action, ruling in rulings.items() if ruling.verdict is PolicyVerdict.MISSING]
    denied = [action for action, ruling in rulings.items() if ruling.verdict is PolicyVerdict.DENIED]
    if missing or denied:
        return Finding(check, CheckResult.MISSING, {"missing": missing, "denied": denied, "role": role.name})
    limits = list(dict.fromkeys(limit for ruling in rulings.values() for limit in ruling.limits))
    return (
        Finding(check, CheckResult.CONDITIONAL, {"limits": limits}) if limits else Finding(check, CheckResult.GRANTED)
    )


def engine_role(check: str, wanted: EngineRole, role: RoleSeen | None) -> Finding:
    """Whether the engine can run under its role without an access key."""
    if role is None:
        return Finding(check, CheckResult.NO_ROLE, {"role": wanted.name, "trusts": wanted.trusts})
    facts: dict[str, Any] = {"role": role.name, "trusts": wanted.trusts, "policy": wanted.policy}
    try:
        trust = rule("sts:AssumeRole", read_trust(role.trust_document, wanted.trusts), EvaluationContext())
    except UnreadableDocument as unreadable:
        return Finding(check, CheckResult.UNREADABLE, {"policy": role.name, "what": str(unreadable)})
    if trust.verdict in (PolicyVerdict.MISSING, PolicyVerdict.DENIED):
        return Finding(check, CheckResult.NOT_TRUSTED, facts)
    if wanted.policy not in {policy.name for policy in role.policies}:
        return Finding(check, CheckResult.NO_POLICY, {**facts, "mend": ENGINE_ROLE})
    if trust.verdict is PolicyVerdict.CONDITIONAL:
        return Finding(check, CheckResult.TRUST_CONDITIONAL, {**facts, "limits": list(trust.limits)})
    return Finding(check, CheckResult.ROLE_READY, {"role": role.name, "policies": [wanted.policy]})


def policy(check: str, name: str, summary: PolicySummary) -> Finding:
    if summary.trouble is CloudErrorKind.NO_POLICY:
        return Finding(check, CheckResult.NOT_INITIALISED, {"policy": name})
    if summary.trouble is not None:
        return Finding(check, CheckResult.REFUSED, {"code": summary.trouble.value, "action": "GetPolicy"})
    return Finding(check, CheckResult.INITIALISED, {"policy": name, "holders": summary.holders})


def connection(check: str, service: ServiceTerms, seen: Mapping[str, Sequence[ResourceSeen] | None]) -> Finding:
    """What PAI-Rec says of its own connections. `seen` has the resources of each instance; None for one that there is
    not.
    """
    if not service.resources:
        return Finding(check, CheckResult.NO_CHECK)
    if not seen:
        return Finding(check, CheckResult.NO_INSTANCES_SET)
    gone = [instance for instance, resources in seen.items() if resources is None]
    if gone:
        return Finding(check, CheckResult.NO_INSTANCE, {"instances": gone})
    found = [(instance, each) for instance, resources in seen.items() for each in resources or ()]
    failed = [f"{instance}: {each.uri}" for instance, each in found if each.reached is False]
    if failed:
        return Finding(check, CheckResult.NOT_REACHED, {"resources": failed, "of": len(found)})
    untold = [f"{instance}: {each.uri}" for instance, each in found if each.reached is None]
    if untold:
        return Finding(check, CheckResult.NOT_CHECKED, {"resources": untold, "of": len(found)})
    if not found:
        return Finding(check, CheckResult.NO_RESOURCES, {"instances": list(seen)})
    return Finding(check, CheckResult.REACHED, {"of": len(found)})


def tenant_role(check: str, wanted: Training, quota: str | None, seen: TenantRoleSeen | None) -> Finding:
    """Whether the tenant role exists and carries exactly what it should on its quota, and nothing elsewhere."""
    facts: dict[str, Any] = {
        "role": wanted.tenant_role,
        "grants": sorted(wanted.grants),
        "quota": quota or PAY_AS_YOU_GO,
    }
    if seen is None:
        return Finding(check, CheckResult.NO_TENANT_ROLE, facts)
    on_quota = {
        action.casefold()
        for name, actions in seen.grants.items()
        if _names_quota(name, facts["quota"])
        for action in actions
    }
    elsewhere = [name for name in seen.grants if not _names_quota(name, facts["quota"])]
    if on_quota == {action.casefold() for action in wanted.grants} and not elsewhere:
        return Finding(check, CheckResult.TENANT_READY, facts)
    found = [f"{', '.join(sorted(actions))} on {name}" for name, actions in sorted(seen.grants.items())]
    return Finding(check, CheckResult.WRONG_GRANTS, {**facts, "found": found})


def _names_quota(name: str, quota: str) -> bool:
    """Whether a plain grant is on the quota; one that is denied, or under a condition, has its mark before the name."""
    return " " not in name and name.casefold().rstrip("/").split("/")[-1].split(":")[-1] == quota.casefold()


def quota_route(check: str, wanted: Training, project: str, group: str | None, value: str | None) -> Finding:
    """Whether a project that reads through a Data Transmission Service group of its own has the routing switched on."""
    facts = {"project": project, "group": group, "command": f"setproject {wanted.route}=true;"}
    if group is None:
        return Finding(check, CheckResult.NOT_DEDICATED, facts)
    on = (value or "").strip().casefold() == "true"
    return Finding(check, CheckResult.ROUTE_ON if on else CheckResult.ROUTE_OFF, facts)


ACCOUNT = "ALIYUN$"
"""What the name of an Alibaba Cloud account begins with in MaxCompute; a RAM user's begins with `RAM$`."""


def task_owner(check: str, owners: Mapping[str, str | None]) -> Finding:
    """Whether the Alibaba Cloud account itself owns each project, and so what is scheduled in it. None: no such
    project.
    """
    gone = [project for project, owner in owners.items() if owner is None]
    if gone:
        return Finding(check, CheckResult.NO_PROJECT, {"projects": gone})
    others = {project: owner for project, owner in owners.items() if owner and not owner.upper().startswith(ACCOUNT)}
    if others:
        facts = {"projects": list(others), "owners": sorted({str(owner) for owner in others.values()})}
        return Finding(check, CheckResult.OTHERS_OWN, facts)
    return Finding(check, CheckResult.ACCOUNT_OWNS, {"projects": list(owners)})


def not_seen(check: str, error: CloudError | None, seconds: int) -> Finding:
    """Nothing was concluded: the cloud did not answer within so many seconds (no `error`), or said no."""
    if error is None:
        return Finding(check, CheckResult.NO_ANSWER, {"seconds": seconds, "throttled": False})
    call = {"action": error.action or "?", "code": error.code, "request_id": error.request_id}
    if error.trouble in (CloudErrorKind.SILENT, CloudErrorKind.THROTTLED):
        throttled = error.trouble is CloudErrorKind.THROTTLED
        return Finding(check, CheckResult.NO_ANSWER, {"seconds": seconds, "throttled": throttled, **call})
    if error.trouble.of_the_bot:
        return Finding(check, CheckResult.BOT_UNWELL, {"trouble": error.trouble.value, **call})
    if error.trouble is CloudErrorKind.NOT_INSTALLED:
        return Finding(check, CheckResult.SDK_NOT_INSTALLED)
    if error.trouble is CloudErrorKind.NO_PERMISSION:
        return Finding(check, CheckResult.MAY_NOT_LOOK, {"permission": error.action or "?", **call})
    return Finding(check, CheckResult.REFUSED, {**call, "code": error.code or error.trouble.value})
