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
    _ = translations.gettext
    return {
        CheckState.OK: _("OK"),
        CheckState.CONDITIONAL: _("Conditional"),
        CheckState.FAILED: _("Failed"),
        CheckState.UNKNOWN: _("Unknown"),
        CheckState.NOT_SET: _("Not set up"),
    }[state]


def source_word(source: str, translations: Translations) -> str:
    """Where a finding comes from: RAM's texts and PAI-Rec's own word are never mixed up."""
    _ = translations.gettext
    return {
        plan.PERMISSION: _("RAM permission"),
        plan.CONNECTION: _("PAI-Rec connectivity"),
        plan.ROLE: _("Role"),
        plan.POLICY: _("Policy"),
        plan.TENANT: _("Tenant role"),
        plan.ROUTE: _("Routing"),
        plan.OWNER: _("Task owner"),
    }[source]


def said(finding: Finding, translations: Translations) -> str:
    """How it stands, in a few words, with the cloud's own where a call failed."""
    return _said(finding, translations) + _call(finding, translations)


def _call(finding: Finding, translations: Translations) -> str:
    """Its code and its id of the call, which its support asks for; an older program kept neither."""
    _ = translations.gettext
    code, request_id = finding.facts.get("code"), finding.facts.get("request_id")
    if finding.state is not CheckState.UNKNOWN or not code:
        return ""
    told = _("{code}, request id {request_id}") if request_id else "{code}"
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
    _ = translations.gettext
    if finding.result is CheckResult.BOT_UNWELL:
        return who_helps(finding.facts["trouble"], translations)
    steps = {**_steps(translations), **_steps_of_training(translations)}.get(finding.result)
    if finding.result is CheckResult.NO_ROLE and "trusts" in finding.facts:
        steps = _("In the RAM console > Identities > Roles, create {role} and let {trusts} assume it.")
    if finding.result is CheckResult.MAY_NOT_LOOK and _of_maxcompute(finding):
        steps = _("A MaxCompute administrator lets the bot's RAM identity read the project and the tenant's roles.")
    return steps.format_map(_FindingValues(finding, translations)) if steps else None


def _missing(finding: Finding, translations: Translations) -> str:
    _ = translations.gettext
    parts = []
    if finding.facts["missing"]:
        parts.append(_("missing {actions}").format(actions=listed(finding.facts["missing"], translations)))
    if finding.facts["denied"]:
        parts.append(_("denied {actions}").format(actions=listed(finding.facts["denied"], translations)))
    return ", ".join(parts)


def _of_roles(translations: Translations) -> dict[CheckResult, str]:
    _ = translations.gettext
    return {
        CheckResult.GRANTED: _("granted"),
        CheckResult.CONDITIONAL: _("granted, but it depends on {limits}"),
        CheckResult.UNREADABLE: _("unknown, {policy} cannot be read: {what}"),
        CheckResult.ROLE_READY: _("{role} has {policies}"),
        CheckResult.NO_ROLE: _("there is no role {role}"),
        CheckResult.NOT_SERVICE_LINKED: _("{role} is no service-linked role"),
        CheckResult.NOT_TRUSTED: _("{role} does not trust {trusts}"),
        CheckResult.TRUST_CONDITIONAL: _("{role} trusts {trusts}, but it depends on {limits}"),
        CheckResult.NO_POLICY: _("{role} does not have {policy}"),
        CheckResult.NOT_INITIALISED: _("not initialised in this account"),
    }


def _of_the_rest(translations: Translations) -> dict[CheckResult, str]:
    _ = translations.gettext
    return {
        CheckResult.REACHED: _("Success"),
        CheckResult.NOT_REACHED: _("Failure, {resources}"),
        CheckResult.NOT_CHECKED: _("unknown, PAI-Rec did not say whether it reaches {resources}"),
        CheckResult.NO_INSTANCE: _("there is no instance {instances}"),
        CheckResult.NO_INSTANCES_SET: _("no instances set"),
        CheckResult.NO_RESOURCES: _("no such resource is configured"),
        CheckResult.NO_CHECK: _("PAI-Rec has no check for it"),
        CheckResult.TENANT_READY: _("{role} has {grants} on {quota}"),
        CheckResult.NO_TENANT_ROLE: _("there is no tenant role {role}"),
        CheckResult.WRONG_GRANTS: _("{role} should have exactly {grants} on {quota}; it has {found}"),
        CheckResult.NO_PROJECT_SET: _("no project set"),
        CheckResult.ROUTE_ON: _("on for {project}, which reads through {group}"),
        CheckResult.ROUTE_OFF: _("off for {project}, although it reads through {group}"),
        CheckResult.NOT_DEDICATED: _("not needed without a Data Transmission Service group of its own"),
        CheckResult.ACCOUNT_OWNS: _("the Alibaba Cloud account owns {projects}"),
        CheckResult.OTHERS_OWN: _("{projects} should belong to the Alibaba Cloud account, not to {owners}"),
        CheckResult.NO_PROJECT: _("there is no project {projects}"),
    }


def _of_nothing(translations: Translations) -> dict[CheckResult, str]:
    _ = translations.gettext
    return {
        CheckResult.NOT_INSTALLED: _("unknown, PyODPS is not installed"),
        CheckResult.SDK_NOT_INSTALLED: _("unknown, MaxCompute's SDK is not installed"),
        CheckResult.NO_ANSWER: _("no answer in {seconds} s"),
        CheckResult.MAY_NOT_LOOK: _("unknown, the bot lacks the permission {permission}"),
        CheckResult.REFUSED: _("unknown, {action} was refused"),
    }


def _steps(translations: Translations) -> dict[CheckResult, str]:
    _ = translations.gettext
    return {
        CheckResult.MISSING: _(
            "The policies of {role} are Alibaba Cloud's own and cannot be changed in this account. In the PAI-Rec"
            " console, open the permission page and authorize the service there again; if that does not help, open a"
            " ticket with the missing actions."
        ),
        CheckResult.NOT_SERVICE_LINKED: _(
            "Somebody made an ordinary role of that name. Rename or delete it in the RAM console, then authorize"
            " PAI-Rec again."
        ),
        CheckResult.NOT_TRUSTED: _(
            "In the RAM console > Identities > Roles > {role} > Trust Policy, let {trusts} assume it (sts:AssumeRole)."
        ),
        CheckResult.NOT_INITIALISED: _("The account's owner creates it on the permission page of the PAI-Rec console."),
        CheckResult.NOT_REACHED: _(
            "Look at these resources in the PAI-Rec console > Instance > Resources: their address, network and"
            " permissions. PAI-Rec gives no reason."
        ),
        CheckResult.NOT_CHECKED: _("Look again in a few minutes, or in the PAI-Rec console > Instance > Resources."),
        CheckResult.NO_INSTANCE: _("Correct PAIREC_INSTANCES, or create the instance."),
        CheckResult.MAY_NOT_LOOK: _("An administrator adds {permission} to the policy of the bot's RAM identity."),
        CheckResult.UNREADABLE: _("Look at it in its console; what it says cannot be judged from here."),
    }


def _steps_of_training(translations: Translations) -> dict[CheckResult, str]:
    _ = translations.gettext
    return {
        CheckResult.NO_TENANT_ROLE: _(
            "A tenant administrator runs in MaxCompute: {create_role} and gives it {grants} on the"
            " quota {quota} in the MaxCompute console > Tenants > Roles."
        ),
        CheckResult.WRONG_GRANTS: _(
            "A tenant administrator sets the role's policy to exactly {grants} on the quota {quota} in the MaxCompute"
            " console > Tenants > Roles."
        ),
        CheckResult.ROUTE_OFF: _("The project's owner runs in MaxCompute: {command}"),
        CheckResult.NOT_INSTALLED: _("Where the bot runs: `pip install 'pairec-access[training]'`"),
        CheckResult.SDK_NOT_INSTALLED: _("Where the bot runs: `pip install 'pairec-access[members]'`"),
        CheckResult.OTHERS_OWN: _(
            "In the DataWorks console > Management Center > Computing Resources, somebody who administers the workspace"
            " sets the task owner of {projects} to the Alibaba Cloud account."
        ),
        CheckResult.NO_PROJECT: _("An administrator puts the name right in the file that PAIREC_RESOURCES names."),
    }


def listed(texts: Sequence[str], translations: Translations) -> str:
    """The first few as code, and how many more there are."""
    _ = translations.gettext
    shown: list[str] = []
    for text in texts[:LISTED]:
        shown.append(literal(text, 120))
        if sum(map(len, shown)) > MAX_LISTED_CHARACTERS:
            break
    left = len(texts) - len(shown)
    some = ", ".join(shown)
    return _("{some} and {count} more").format(some=some, count=left) if left else some


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
        _ = self._translations.gettext
        if name == "create_role":
            return literal(f"CREATE TENANT ROLE {self._facts.get('role', '')};", 200)
        if name not in self._facts:
            return {"role": _("the role"), "policy": _("what it says")}[name]
        fact = self._facts[name]
        if isinstance(fact, list):
            return listed([str(each) for each in fact], self._translations) or _("nothing")
        return fact if isinstance(fact, bool | int) else literal(str(fact), 120)
