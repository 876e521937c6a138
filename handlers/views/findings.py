"""What a check found, in words: how it stands, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status import plan
from handlers.translations import Translations
from handlers.views.text import literal
from handlers.views.unwell import unwell, who_helps

LISTED = 6
"""Actions, conditions or resources that are named; the rest are counted."""
MAX_LISTED_CHARACTERS = 400
"""Characters after which no further one is named."""
SIGNS = {
    CheckState.OK: "🟢",
    CheckState.CONDITIONAL: "🟡",
    CheckState.FAILED: "🔴",
    CheckState.UNKNOWN: "⚪\ufe0f",
    CheckState.NOT_SET: "➖",
}


def state_word(state: CheckState, translations: Translations) -> str:
    return {
        CheckState.OK: translations.gettext("OK"),
        CheckState.CONDITIONAL: translations.gettext("Conditional"),
        CheckState.FAILED: translations.gettext("Failed"),
        CheckState.UNKNOWN: translations.gettext("Unknown"),
        CheckState.NOT_SET: translations.gettext("Not set up"),
    }[state]


def source_word(source: str, translations: Translations) -> str:
    """Where a finding comes from: RAM's texts and PAI-Rec's own word are never mixed up."""
    return {
        plan.PERMISSION: translations.gettext("RAM permission"),
        plan.CONNECTION: translations.gettext("PAI-Rec connectivity"),
        plan.ROLE: translations.gettext("Role"),
        plan.POLICY: translations.gettext("Policy"),
        plan.TENANT: translations.gettext("Tenant role"),
        plan.ROUTE: translations.gettext("Routing"),
        plan.OWNER: translations.gettext("Task owner"),
    }[source]


def said(finding: Finding, translations: Translations) -> str:
    """How it stands, in a few words, with the cloud's own where a call failed."""
    return _said(finding, translations) + _call(finding, translations)


def _call(finding: Finding, translations: Translations) -> str:
    """Its code and its id of the call, which its support asks for; an older program kept neither."""
    code, request_id = finding.facts.get("code"), finding.facts.get("request_id")
    if finding.state is not CheckState.UNKNOWN or not code:
        return ""
    told = translations.gettext("{code}, request id {request_id}") if request_id else "{code}"
    if finding.result in (CheckResult.NO_ANSWER, CheckResult.BOT_UNWELL):
        told = "{action}: " + told
    shown = {"action": finding.facts.get("action"), "code": code, "request_id": request_id}
    return f" ({told})".format_map({name: literal(str(value)) for name, value in shown.items()})


def _said(finding: Finding, translations: Translations) -> str:
    facts = finding.facts
    if finding.result is CheckResult.MISSING:
        return _missing(finding, translations)
    if finding.result is CheckResult.BOT_UNWELL:
        return translations.gettext("unknown. {why}").format(why=unwell(facts["trouble"], translations))
    if finding.result is CheckResult.MAY_NOT_LOOK and _of_maxcompute(finding):
        return translations.gettext("unknown, MaxCompute does not let the bot look")
    if finding.result is CheckResult.REACHED and facts["of"] > 1:
        return translations.ngettext("Success, {count} resource", "Success, {count} resources", facts["of"]).format(
            count=facts["of"]
        )
    if finding.result is CheckResult.INITIALISED:
        count = facts["holders"]
        told = translations.ngettext(
            "initialised, {count} RAM user holds it", "initialised, {count} RAM users hold it", count
        )
        return told.format(count=count)
    templates = {**_of_roles(translations), **_of_the_rest(translations), **_of_nothing(translations)}
    return templates[finding.result].format_map(_FindingValues(finding, translations))


def advice(finding: Finding, translations: Translations) -> str | None:
    """What to do about it; None where nothing is to be done."""
    if finding.result is CheckResult.BOT_UNWELL:
        return who_helps(finding.facts["trouble"], translations)
    steps = {**_steps(translations), **_steps_of_training(translations)}.get(finding.result)
    if finding.result is CheckResult.NO_ROLE and "trusts" in finding.facts:
        steps = translations.gettext(
            "In the RAM console > Identities > Roles, create {role} and let {trusts} assume it."
        )
    if finding.result is CheckResult.MAY_NOT_LOOK and _of_maxcompute(finding):
        steps = translations.gettext(
            "A MaxCompute administrator lets the bot's RAM identity read the project and the tenant's roles."
        )
    return steps.format_map(_FindingValues(finding, translations)) if steps else None


def _missing(finding: Finding, translations: Translations) -> str:
    parts = []
    if finding.facts["missing"]:
        parts.append(
            translations.gettext("missing {actions}").format(actions=listed(finding.facts["missing"], translations))
        )
    if finding.facts["denied"]:
        parts.append(
            translations.gettext("denied {actions}").format(actions=listed(finding.facts["denied"], translations))
        )
    return ", ".join(parts)


def _of_roles(translations: Translations) -> dict[CheckResult, str]:
    return {
        CheckResult.GRANTED: translations.gettext("granted"),
        CheckResult.CONDITIONAL: translations.gettext("granted, but it depends on {limits}"),
        CheckResult.UNREADABLE: translations.gettext("unknown, {policy} cannot be read: {what}"),
        CheckResult.ROLE_READY: translations.gettext("{role} has {policies}"),
        CheckResult.NO_ROLE: translations.gettext("there is no role {role}"),
        CheckResult.NOT_SERVICE_LINKED: translations.gettext("{role} is no service-linked role"),
        CheckResult.NOT_TRUSTED: translations.gettext("{role} does not trust {trusts}"),
        CheckResult.TRUST_CONDITIONAL: translations.gettext("{role} trusts {trusts}, but it depends on {limits}"),
        CheckResult.NO_POLICY: translations.gettext("{role} does not have {policy}"),
        CheckResult.NOT_INITIALISED: translations.gettext("not initialised in this account"),
    }


def _of_the_rest(translations: Translations) -> dict[CheckResult, str]:
    return {
        CheckResult.REACHED: translations.gettext("Success"),
        CheckResult.NOT_REACHED: translations.gettext("Failure, {resources}"),
        CheckResult.NOT_CHECKED: translations.gettext("unknown, PAI-Rec did not say whether it reaches {resources}"),
        CheckResult.NO_INSTANCE: translations.gettext("there is no instance {instances}"),
        CheckResult.NO_INSTANCES_SET: translations.gettext("no instances set"),
        CheckResult.NO_RESOURCES: translations.gettext("no such resource is configured"),
        CheckResult.NO_CHECK: translations.gettext("PAI-Rec has no check for it"),
        CheckResult.TENANT_READY: translations.gettext("{role} has {grants} on {quota}"),
        CheckResult.NO_TENANT_ROLE: translations.gettext("there is no tenant role {role}"),
        CheckResult.WRONG_GRANTS: translations.gettext(
            "{role} should have exactly {grants} on {quota}; it has {found}"
        ),
        CheckResult.NO_PROJECT_SET: translations.gettext("no project set"),
        CheckResult.ROUTE_ON: translations.gettext("on for {project}, which reads through {group}"),
        CheckResult.ROUTE_OFF: translations.gettext("off for {project}, although it reads through {group}"),
        CheckResult.NOT_DEDICATED: translations.gettext(
            "not needed without a Data Transmission Service group of its own"
        ),
        CheckResult.ACCOUNT_OWNS: translations.gettext("the Alibaba Cloud account owns {projects}"),
        CheckResult.OTHERS_OWN: translations.gettext(
            "{projects} should belong to the Alibaba Cloud account, not to {owners}"
        ),
        CheckResult.NO_PROJECT: translations.gettext("there is no project {projects}"),
    }


def _of_nothing(translations: Translations) -> dict[CheckResult, str]:
    return {
        CheckResult.NOT_INSTALLED: translations.gettext("unknown, PyODPS is not installed"),
        CheckResult.SDK_NOT_INSTALLED: translations.gettext("unknown, MaxCompute's SDK is not installed"),
        CheckResult.NO_ANSWER: translations.gettext("no answer in {seconds} s"),
        CheckResult.MAY_NOT_LOOK: translations.gettext("unknown, the bot lacks the permission {permission}"),
        CheckResult.REFUSED: translations.gettext("unknown, {action} was refused"),
    }


def _steps(translations: Translations) -> dict[CheckResult, str]:
    return {
        CheckResult.MISSING: translations.gettext(
            "The policies of {role} are Alibaba Cloud's own and cannot be changed in this account. In the PAI-Rec"
            " console, open the permission page and authorize the service there again; if that does not help, open a"
            " ticket with the missing actions."
        ),
        CheckResult.NOT_SERVICE_LINKED: translations.gettext(
            "Somebody made an ordinary role of that name. Rename or delete it in the RAM console, then authorize"
            " PAI-Rec again."
        ),
        CheckResult.NOT_TRUSTED: translations.gettext(
            "In the RAM console > Identities > Roles > {role} > Trust Policy, let {trusts} assume it (sts:AssumeRole)."
        ),
        CheckResult.NOT_INITIALISED: translations.gettext(
            "The account's owner creates it on the permission page of the PAI-Rec console."
        ),
        CheckResult.NOT_REACHED: translations.gettext(
            "Look at these resources in the PAI-Rec console > Instance > Resources: their address, network and"
            " permissions. PAI-Rec gives no reason."
        ),
        CheckResult.NOT_CHECKED: translations.gettext(
            "Look again in a few minutes, or in the PAI-Rec console > Instance > Resources."
        ),
        CheckResult.NO_INSTANCE: translations.gettext("Correct PAIREC_INSTANCES, or create the instance."),
        CheckResult.MAY_NOT_LOOK: translations.gettext(
            "An administrator adds {permission} to the policy of the bot's RAM identity."
        ),
        CheckResult.UNREADABLE: translations.gettext(
            "Look at it in its console; what it says cannot be judged from here."
        ),
    }


def _steps_of_training(translations: Translations) -> dict[CheckResult, str]:
    return {
        CheckResult.NO_TENANT_ROLE: translations.gettext(
            "A tenant administrator runs in MaxCompute: {create_role} and gives it {grants} on the"
            " quota {quota} in the MaxCompute console > Tenants > Roles."
        ),
        CheckResult.WRONG_GRANTS: translations.gettext(
            "A tenant administrator sets the role's policy to exactly {grants} on the quota {quota} in the MaxCompute"
            " console > Tenants > Roles."
        ),
        CheckResult.ROUTE_OFF: translations.gettext("The project's owner runs in MaxCompute: {command}"),
        CheckResult.NOT_INSTALLED: translations.gettext("Where the bot runs: `pip install 'pairec-access[training]'`"),
        CheckResult.SDK_NOT_INSTALLED: translations.gettext(
            "Where the bot runs: `pip install 'pairec-access[members]'`"
        ),
        CheckResult.OTHERS_OWN: translations.gettext(
            "In the DataWorks console > Management Center > Computing Resources, somebody who administers the workspace"
            " sets the task owner of {projects} to the Alibaba Cloud account."
        ),
        CheckResult.NO_PROJECT: translations.gettext(
            "An administrator puts the name right in the file that PAIREC_RESOURCES names."
        ),
    }


def listed(texts: Sequence[str], translations: Translations) -> str:
    """The first few as code, and how many more there are."""
    shown: list[str] = []
    for text in texts[:LISTED]:
        shown.append(literal(text, 120))
        if sum(map(len, shown)) > MAX_LISTED_CHARACTERS:
            break
    left = len(texts) - len(shown)
    some = ", ".join(shown)
    return translations.gettext("{some} and {count} more").format(some=some, count=left) if left else some


def _of_maxcompute(finding: Finding) -> bool:
    """There the right to look is given by roles of the tenant and the project, not by an action of RAM's."""
    return finding.check.partition("/")[2] in (plan.TENANT, plan.ROUTE)


class _FindingValues(dict[str, Any]):
    """Facts as they stand in a sentence, made once a sentence asks for them; whatever the cloud said is only text
    there.
    """

    def __init__(self, finding: Finding, translations: Translations) -> None:
        self._facts = finding.facts
        self._translations = translations

    def __missing__(self, name: str) -> Any:
        if name == "create_role":
            return literal(f"CREATE TENANT ROLE {self._facts.get('role', '')};", 200)
        if name not in self._facts:
            return {
                "role": self._translations.gettext("the role"),
                "policy": self._translations.gettext("what it says"),
            }[name]
        fact = self._facts[name]
        if isinstance(fact, list):
            return listed([str(each) for each in fact], self._translations) or self._translations.gettext("nothing")
        return fact if isinstance(fact, bool | int) else literal(str(fact), 120)
