"""What a check found, in words: how it stands, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status import plan
from handlers.translations import N_, Translations
from handlers.views.finding_texts import TEXTS
from handlers.views.text import first_of, literal
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
STATES = {
    CheckState.OK: N_("OK"),
    CheckState.CONDITIONAL: N_("Conditional"),
    CheckState.FAILED: N_("Failed"),
    CheckState.UNKNOWN: N_("Unknown"),
    CheckState.NOT_SET: N_("Not set up"),
}
SOURCES = {
    plan.PERMISSION: N_("RAM permission"),
    plan.CONNECTION: N_("PAI-Rec connectivity"),
    plan.ROLE: N_("Role"),
    plan.POLICY: N_("Policy"),
    plan.TENANT: N_("Tenant role"),
    plan.ROUTE: N_("Routing"),
    plan.OWNER: N_("Task owner"),
}
UNNAMED = {"role": N_("the role"), "policy": N_("what it says")}
"""What stands in for a fact that an older program did not keep."""
MAXCOMPUTE_ADVICE = N_(
    "A MaxCompute administrator lets the bot's RAM identity read the project and the tenant's roles."
)


def state_name(state: CheckState, translations: Translations) -> str:
    """How a row stands, in a word or two."""
    return translations.gettext(STATES[state])


def source_name(source: str, translations: Translations) -> str:
    """Where a finding comes from: RAM's texts and PAI-Rec's own word are never mixed up."""
    return translations.gettext(SOURCES[source])


def summary(finding: Finding, translations: Translations) -> str:
    """How it stands, in a few words, with the cloud's own where a call failed."""
    return _found(finding, translations) + _call(finding, translations)


def advice(finding: Finding, translations: Translations) -> str | None:
    """What to do about it; None where nothing is to be done."""
    if finding.result is CheckResult.BOT_UNWELL:
        return who_helps(finding.facts["trouble"], translations)
    template = TEXTS[finding.result].advice if finding.result in TEXTS else None
    if finding.result is CheckResult.NO_ROLE and "trusts" in finding.facts:
        template = N_("In the RAM console > Identities > Roles, create {role} and let {trusts} assume it.")
    if finding.result is CheckResult.MAY_NOT_LOOK and _of_maxcompute(finding):
        template = MAXCOMPUTE_ADVICE
    return _filled(template, finding, translations) if template else None


def _found(finding: Finding, translations: Translations) -> str:
    facts = finding.facts
    if finding.result is CheckResult.BOT_UNWELL:
        return translations.gettext("unknown. {why}").format(why=unwell(facts["trouble"], translations))
    if finding.result is CheckResult.INITIALISED:
        holders = facts["holders"]
        return translations.ngettext(
            "initialised, {count} RAM user holds it", "initialised, {count} RAM users hold it", holders
        ).format(count=holders)
    if finding.result is CheckResult.REACHED and facts["of"] > 1:
        return translations.ngettext("Success, {count} resource", "Success, {count} resources", facts["of"]).format(
            count=facts["of"]
        )
    template = TEXTS[finding.result].summary
    if finding.result is CheckResult.MISSING and not facts["denied"]:
        template = N_("missing {missing}")
    if finding.result is CheckResult.MISSING and not facts["missing"]:
        template = N_("denied {denied}")
    if finding.result is CheckResult.MAY_NOT_LOOK and _of_maxcompute(finding):
        template = N_("unknown, MaxCompute does not let the bot look")
    return _filled(template, finding, translations)


def _call(finding: Finding, translations: Translations) -> str:
    """Its code and its id of the call, which its support asks for; an older program kept neither."""
    code, request_id = finding.facts.get("code"), finding.facts.get("request_id")
    if finding.state is not CheckState.UNKNOWN or not code:
        return ""
    template = N_("{code}, request id {request_id}") if request_id else "{code}"
    if finding.result in (CheckResult.NO_ANSWER, CheckResult.BOT_UNWELL):
        template = N_("{action}: {code}, request id {request_id}") if request_id else "{action}: {code}"
    call = translations.gettext(template).format(
        action=literal(str(finding.facts.get("action"))), code=literal(str(code)), request_id=literal(str(request_id))
    )
    return f" ({call})"


def listed(texts: Sequence[str], translations: Translations) -> str:
    """The first few as code, and how many more there are."""
    names = [literal(text, 120) for text in texts]
    shown = 1
    while shown < LISTED and sum(map(len, names[:shown])) <= MAX_LISTED_CHARACTERS:
        shown += 1
    return first_of(names, translations, shown)


def _of_maxcompute(finding: Finding) -> bool:
    """There the right to look is given by roles of the tenant and the project, not by an action of RAM's."""
    return finding.check.partition("/")[2] in (plan.TENANT, plan.ROUTE)


def _filled(template: str, finding: Finding, translations: Translations) -> str:
    return translations.gettext(template).format_map(_FindingValues(finding, translations))


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
            return self._translations.gettext(UNNAMED[name])
        fact = self._facts[name]
        if isinstance(fact, list):
            return listed([str(each) for each in fact], self._translations) or self._translations.gettext("nothing")
        return fact if isinstance(fact, bool | int) else literal(str(fact), 120)
