"""What each result of a check means, in words: how it stands, and what a person can do about it."""

from __future__ import annotations

from typing import NamedTuple

from approvals.findings import CheckResult
from handlers.translations import N_


class FindingText(NamedTuple):
    """Marked for translation, with places for the facts of a finding."""

    summary: str
    """In a few words: it stands behind the name of the row."""
    advice: str | None = None
    """Sentences; None where nothing is to be done, or where that depends on the facts."""


TEXTS: dict[CheckResult, FindingText] = {
    CheckResult.GRANTED: FindingText(N_("granted")),
    CheckResult.MISSING: FindingText(
        N_("missing {missing}, denied {denied}"),
        N_(
            "The policies of {role} are Alibaba Cloud's own and cannot be changed in this account. In the PAI-Rec"
            " console, open the permission page and authorize the service there again; if that does not help, open"
            " a ticket with the missing actions."
        ),
    ),
    CheckResult.CONDITIONAL: FindingText(N_("granted, but it depends on {limits}")),
    CheckResult.UNREADABLE: FindingText(
        N_("unknown, {policy} cannot be read: {what}"),
        N_("Look at it in its console; what it says cannot be judged from here."),
    ),
    CheckResult.ROLE_READY: FindingText(N_("{role} has {policies}")),
    CheckResult.NO_ROLE: FindingText(N_("there is no role {role}")),
    CheckResult.NOT_SERVICE_LINKED: FindingText(
        N_("{role} is no service-linked role"),
        N_(
            "Somebody made an ordinary role of that name. Rename or delete it in the RAM console, then authorize"
            " PAI-Rec again."
        ),
    ),
    CheckResult.NOT_TRUSTED: FindingText(
        N_("{role} does not trust {trusts}"),
        N_("In the RAM console > Identities > Roles > {role} > Trust Policy, let {trusts} assume it (sts:AssumeRole)."),
    ),
    CheckResult.TRUST_CONDITIONAL: FindingText(N_("{role} trusts {trusts}, but it depends on {limits}")),
    CheckResult.NO_POLICY: FindingText(N_("{role} does not have {policy}")),
    CheckResult.NOT_INITIALISED: FindingText(
        N_("not initialised in this account"),
        N_("The account's owner creates it on the permission page of the PAI-Rec console."),
    ),
    CheckResult.REACHED: FindingText(N_("Success")),
    CheckResult.NOT_REACHED: FindingText(
        N_("Failure, {resources}"),
        N_(
            "Look at these resources in the PAI-Rec console > Instance > Resources: their address, network and"
            " permissions. PAI-Rec gives no reason."
        ),
    ),
    CheckResult.NOT_CHECKED: FindingText(
        N_("unknown, PAI-Rec did not say whether it reaches {resources}"),
        N_("Look again in a few minutes, or in the PAI-Rec console > Instance > Resources."),
    ),
    CheckResult.NO_INSTANCE: FindingText(
        N_("there is no instance {instances}"), N_("Correct PAIREC_INSTANCES, or create the instance.")
    ),
    CheckResult.NO_INSTANCES_SET: FindingText(N_("no instances set")),
    CheckResult.NO_RESOURCES: FindingText(N_("no such resource is configured")),
    CheckResult.NO_CHECK: FindingText(N_("PAI-Rec has no check for it")),
    CheckResult.TENANT_READY: FindingText(N_("{role} has {grants} on {quota}")),
    CheckResult.NO_TENANT_ROLE: FindingText(
        N_("there is no tenant role {role}"),
        N_(
            "A tenant administrator runs in MaxCompute: {create_role} and gives it {grants} on the quota {quota}"
            " in the MaxCompute console > Tenants > Roles."
        ),
    ),
    CheckResult.WRONG_GRANTS: FindingText(
        N_("{role} should have exactly {grants} on {quota}; it has {found}"),
        N_(
            "A tenant administrator sets the role's policy to exactly {grants} on the quota {quota} in the"
            " MaxCompute console > Tenants > Roles."
        ),
    ),
    CheckResult.NO_PROJECT_SET: FindingText(N_("no project set")),
    CheckResult.ROUTE_ON: FindingText(N_("on for {project}, which reads through {group}")),
    CheckResult.ROUTE_OFF: FindingText(
        N_("off for {project}, although it reads through {group}"),
        N_("The project's owner runs in MaxCompute: {command}"),
    ),
    CheckResult.NOT_DEDICATED: FindingText(N_("not needed without a Data Transmission Service group of its own")),
    CheckResult.ACCOUNT_OWNS: FindingText(N_("the Alibaba Cloud account owns {projects}")),
    CheckResult.OTHERS_OWN: FindingText(
        N_("{projects} should belong to the Alibaba Cloud account, not to {owners}"),
        N_(
            "In the DataWorks console > Management Center > Computing Resources, somebody who administers the"
            " workspace sets the task owner of {projects} to the Alibaba Cloud account."
        ),
    ),
    CheckResult.NO_PROJECT: FindingText(
        N_("there is no project {projects}"),
        N_("An administrator puts the name right in the file that PAIREC_RESOURCES names."),
    ),
    CheckResult.NOT_INSTALLED: FindingText(
        N_("unknown, PyODPS is not installed"), N_("Where the bot runs: `pip install 'pairec-access[training]'`")
    ),
    CheckResult.SDK_NOT_INSTALLED: FindingText(
        N_("unknown, MaxCompute's SDK is not installed"),
        N_("Where the bot runs: `pip install 'pairec-access[members]'`"),
    ),
    CheckResult.NO_ANSWER: FindingText(N_("no answer in {seconds} s")),
    CheckResult.MAY_NOT_LOOK: FindingText(
        N_("unknown, the bot lacks the permission {permission}"),
        N_("An administrator adds {permission} to the policy of the bot's RAM identity."),
    ),
    CheckResult.REFUSED: FindingText(N_("unknown, {action} was refused")),
}
"""By result; what depends on more than that is in `handlers.views.findings`."""
