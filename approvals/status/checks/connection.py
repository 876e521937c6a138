"""What PAI-Rec itself says of its connections to the resources of its instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge
from approvals.status.checks.permission import service_rows
from approvals.status.reads import Answer, CloudReads
from approvals.status.seen import ResourceSeen
from approvals.status.terms import ServiceTerms, StatusTerms

REACHED = CheckResult("reached", CheckState.OK)
NOT_REACHED = CheckResult("not_reached", CheckState.FAILED)
NOT_CHECKED = CheckResult("not_checked", CheckState.UNKNOWN)
NO_INSTANCE = CheckResult("no_instance", CheckState.FAILED)
NO_INSTANCES_SET = CheckResult("no_instances_set", CheckState.NOT_SET)
NO_RESOURCES = CheckResult("no_resources", CheckState.NOT_SET)
NO_CHECK = CheckResult("no_check", CheckState.NOT_SET)


def judge(check: str, service: ServiceTerms, seen: Mapping[str, Sequence[ResourceSeen] | None]) -> Finding:
    """`seen` has the resources of each instance; None for one that there is not."""
    if not service.resources:
        return Finding(check, NO_CHECK)
    if not seen:
        return Finding(check, NO_INSTANCES_SET)
    gone = [instance for instance, resources in seen.items() if resources is None]
    if gone:
        return Finding(check, NO_INSTANCE, {"instances": gone})
    found = [(instance, each) for instance, resources in seen.items() for each in resources or ()]
    failed = [f"{instance}: {each.uri}" for instance, each in found if each.reached is False]
    if failed:
        return Finding(check, NOT_REACHED, {"resources": failed, "of": len(found)})
    untold = [f"{instance}: {each.uri}" for instance, each in found if each.reached is None]
    if untold:
        return Finding(check, NOT_CHECKED, {"resources": untold, "of": len(found)})
    if not found:
        return Finding(check, NO_RESOURCES, {"instances": list(seen)})
    return Finding(check, REACHED, {"of": len(found)})


def _ask(row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    service = terms.services[row]
    asked = {instance: [reads.resources(instance, kind) for kind in service.resources] for instance in terms.instances}
    return lambda check, _now: judge(check, service, {each: _together(asked[each]) for each in asked})


def _together(answers: Sequence[Answer[Sequence[ResourceSeen] | None]]) -> Sequence[ResourceSeen] | None:
    """The resources of all types; None as soon as one answer says that there is no such instance."""
    together: list[ResourceSeen] = []
    gone = False
    for answer in answers:
        resources = answer()
        gone = gone or resources is None
        together += resources or ()
    return None if gone else together


KIND = CheckKind(
    "connection",
    (REACHED, NOT_REACHED, NOT_CHECKED, NO_INSTANCE, NO_INSTANCES_SET, NO_RESOURCES, NO_CHECK),
    service_rows,
    _ask,
    product="pairec",
)
