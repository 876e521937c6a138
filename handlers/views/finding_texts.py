"""What each kind of check has to say, a table a kind: how it stands, and what a person can do about it."""

from __future__ import annotations

from typing import NamedTuple

from approvals.findings import CheckResult, Finding
from approvals.status.checks import (
    connection,
    engine_role,
    expected_role,
    own_role,
    permission,
    policy,
    quota_route,
    roles,
    service_role,
    task_owner,
    tenant_role,
    unseen,
)
from approvals.status.checks.kind import CheckKind
from handlers.translations import N_, Translations
from handlers.views.finding_values import FindingText, filled
from handlers.views.text import literal


class KindTexts(NamedTuple):
    """All that is said of the findings of a kind."""

    source: str
    """What its findings rest on, marked for translation."""
    results: dict[CheckResult, FindingText]
    """Its own; what it shares with other kinds need be with one of them only."""


def _missing(finding: Finding, translations: Translations) -> str:
    template = N_("missing {missing}, denied {denied}")
    if not finding.facts["denied"]:
        template = N_("missing {missing}")
    if not finding.facts["missing"]:
        template = N_("denied {denied}")
    return filled(template, finding, translations)


def _no_role_advice(finding: Finding, translations: Translations) -> str | None:
    """PAI-Rec's own role is made by a click; the engine's, of which it is known whom it has to trust, is not."""
    if "trusts" not in finding.facts:
        return None
    template = N_("In the RAM console > Identities > Roles, create {role} and let {trusts} assume it.")
    return filled(template, finding, translations)


def _initialised(finding: Finding, translations: Translations) -> str:
    holders = finding.facts["holders"]
    return translations.ngettext(
        "initialized, {count} RAM user holds it", "initialized, {count} RAM users hold it", holders
    ).format(count=holders)


def _expected(finding: Finding, translations: Translations) -> str:
    count = finding.facts["of"]
    return translations.ngettext(
        "{count} person who should be {role} is", "{count} people who should be {role} are", count
    ).format(count=count, role=literal(finding.facts["role"]))


def _reached(finding: Finding, translations: Translations) -> str:
    count = finding.facts["of"]
    if count > 1:
        text = translations.ngettext("Success, {count} resource", "Success, {count} resources", count)
        return text.format(count=count)
    return translations.gettext("Success")


MAY_NOT_LOOK_IN_MAXCOMPUTE = FindingText(
    N_("unknown, MaxCompute denies the app this read"),
    N_("A MaxCompute administrator lets the app's RAM identity read the project and the tenant's roles."),
)
"""There the right to look is given by roles of the tenant and the project, not by an action of RAM's."""

_SERVICE_ROLE: dict[CheckResult, FindingText] = {
    roles.ROLE_READY: FindingText(N_("{role} has {policies}")),
    roles.NO_ROLE: FindingText(N_("there is no role {role}"), _no_role_advice),
    service_role.NOT_SERVICE_LINKED: FindingText(
        N_("{role} is no service-linked role"),
        N_(
            "Somebody created an ordinary role of that name. Rename or delete it in the RAM console, then"
            " authorize PAI-Rec again."
        ),
    ),
}
_PERMISSION: dict[CheckResult, FindingText] = {
    permission.GRANTED: FindingText(N_("granted")),
    permission.MISSING: FindingText(
        _missing,
        N_(
            "The policies of {role} are Alibaba Cloud's own and cannot be changed in this account. In the PAI-Rec"
            " console, open the permission page and authorize the service there again; if that does not help, open"
            " a ticket with the missing actions."
        ),
    ),
    permission.CONDITIONAL: FindingText(N_("granted, but it depends on {limits}")),
}
_CONNECTION: dict[CheckResult, FindingText] = {
    connection.REACHED: FindingText(_reached),
    connection.NOT_REACHED: FindingText(
        N_("Failure, {resources}"),
        N_(
            "Check these resources in the PAI-Rec console > Instance > Resources: their address, network"
            " and permissions. PAI-Rec gives no reason."
        ),
    ),
    connection.NOT_CHECKED: FindingText(
        N_("unknown, PAI-Rec did not say whether it reaches {resources}"),
        N_("Check again in a few minutes, or in the PAI-Rec console > Instance > Resources."),
    ),
    connection.NO_INSTANCE: FindingText(
        N_("there is no instance {instances}"), N_("Correct PAIREC_INSTANCES, or create the instance.")
    ),
    connection.NO_INSTANCES_SET: FindingText(N_("no instances set")),
    connection.NO_RESOURCES: FindingText(N_("no such resource is configured")),
    connection.NO_CHECK: FindingText(N_("PAI-Rec has no check for it")),
}
_ENGINE_ROLE: dict[CheckResult, FindingText] = {
    engine_role.NOT_TRUSTED: FindingText(
        N_("{role} does not trust {trusts}"),
        N_("In the RAM console > Identities > Roles > {role} > Trust Policy, let {trusts} assume it (sts:AssumeRole)."),
    ),
    engine_role.TRUST_CONDITIONAL: FindingText(N_("{role} trusts {trusts}, but it depends on {limits}")),
    engine_role.NO_POLICY: FindingText(N_("{role} does not have {policy}")),
}
_POLICY: dict[CheckResult, FindingText] = {
    policy.INITIALISED: FindingText(_initialised),
    policy.NOT_INITIALISED: FindingText(
        N_("not initialized in this account"),
        N_("The account's owner creates it on the permission page of the PAI-Rec console."),
    ),
}
_TENANT_ROLE: dict[CheckResult, FindingText] = {
    tenant_role.TENANT_READY: FindingText(N_("{role} has {grants} on {quota}")),
    tenant_role.NO_TENANT_ROLE: FindingText(
        N_("there is no tenant role {role}"),
        N_(
            "A tenant administrator runs in MaxCompute: {create_role} and gives it {grants} on the quota {quota}"
            " in the MaxCompute console > Tenants > Roles."
        ),
    ),
    tenant_role.WRONG_GRANTS: FindingText(
        N_("{role} should have exactly {grants} on {quota}; it has {found}"),
        N_(
            "A tenant administrator sets the role's policy to exactly {grants} on the quota {quota} in the"
            " MaxCompute console > Tenants > Roles."
        ),
    ),
    tenant_role.NO_PROJECT_SET: FindingText(N_("no project set")),
    unseen.MAY_NOT_LOOK: MAY_NOT_LOOK_IN_MAXCOMPUTE,
}
_QUOTA_ROUTE: dict[CheckResult, FindingText] = {
    quota_route.ROUTE_ON: FindingText(N_("on for {project}, which reads through {group}")),
    quota_route.ROUTE_OFF: FindingText(
        N_("off for {project}, although it reads through {group}"),
        N_("The project's owner runs in MaxCompute: {command}"),
    ),
    quota_route.NOT_DEDICATED: FindingText(N_("not needed without a Data Transmission Service group of its own")),
    unseen.MAY_NOT_LOOK: MAY_NOT_LOOK_IN_MAXCOMPUTE,
}
_TASK_OWNER: dict[CheckResult, FindingText] = {
    task_owner.ACCOUNT_OWNS: FindingText(N_("the Alibaba Cloud account owns {projects}")),
    task_owner.OTHERS_OWN: FindingText(
        N_("{projects} should belong to the Alibaba Cloud account, not to {owners}"),
        N_(
            "In the DataWorks console > Management Center > Computing Resources, somebody who administers the"
            " workspace sets the task owner of {projects} to the Alibaba Cloud account."
        ),
    ),
    task_owner.NO_PROJECT: FindingText(
        N_("there is no project {projects}"),
        N_("An administrator corrects the name in the file that PAIREC_RESOURCES names."),
    ),
}
_OWN_ROLE = {
    own_role.OWN_ROLE: FindingText(N_("{role} in {places}")),
    own_role.OWN_ROLE_LACKING: FindingText(
        N_("is not {role} in {places}"),
        N_("Whoever administers {places} makes the app's RAM user {role}. Until then, nobody is granted a role there."),
    ),
}
_EXPECTED_ROLE = {
    expected_role.EXPECTED_ROLE: FindingText(_expected),
    expected_role.NOBODY_EXPECTED: FindingText(N_("nobody has a bundle that it goes with")),
    expected_role.EXPECTED_ROLE_LACKING: FindingText(
        N_("{people} should be {role}"),
        N_(
            "An owner adds them by hand; or an administrator deletes `granted = false` from the role in"
            " the catalog, and they request it again."
        ),
    ),
}
TEXTS: dict[CheckKind, KindTexts] = {
    service_role.KIND: KindTexts(N_("Role"), _SERVICE_ROLE),
    permission.KIND: KindTexts(N_("RAM permission"), _PERMISSION),
    connection.KIND: KindTexts(N_("PAI-Rec connectivity"), _CONNECTION),
    engine_role.KIND: KindTexts(N_("Role"), _ENGINE_ROLE),
    policy.KIND: KindTexts(N_("Policy"), _POLICY),
    tenant_role.KIND: KindTexts(N_("Tenant role"), _TENANT_ROLE),
    quota_route.KIND: KindTexts(N_("Routing"), _QUOTA_ROUTE),
    task_owner.KIND: KindTexts(N_("Task owner"), _TASK_OWNER),
    own_role.KIND: KindTexts(N_("Membership"), _OWN_ROLE),
    expected_role.KIND: KindTexts(N_("Members"), _EXPECTED_ROLE),
}
"""Every kind of `approvals.status.checks.registry`."""
