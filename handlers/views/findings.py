"""What a check found, in words: how it stands, and what a person can do about it."""

from __future__ import annotations

from approvals.findings import CheckState, Finding
from approvals.status.checks import unseen
from approvals.status.checks.kind import source_of
from handlers.translations import N_, Translations
from handlers.views.finding_texts import TEXTS
from handlers.views.finding_values import FindingText, filled
from handlers.views.text import literal
from handlers.views.unseen_texts import UNHEARD_OF, UNSEEN

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


def state_name(state: CheckState, translations: Translations) -> str:
    """How a row stands, in a word or two."""
    return translations.gettext(STATES[state])


def source_name(source: str, translations: Translations) -> str:
    """Where a finding comes from: RAM's texts and PAI-Rec's own word are never mixed up. One that only a newer version
    knows is named as the ledger has it.
    """
    named = next((texts.source for kind, texts in TEXTS.items() if kind.source == source), None)
    return translations.gettext(named) if named else literal(source)


def summary(finding: Finding, translations: Translations) -> str:
    """How it stands, in a few words, with the cloud's own where a call failed."""
    return _found(finding, translations) + _call(finding, translations)


def advice(finding: Finding, translations: Translations) -> str | None:
    """What to do about it; None where nothing is to be done."""
    text = _text(finding).advice
    if text is None or isinstance(text, str):
        return filled(text, finding, translations) if text else None
    return text(finding, translations)


def _found(finding: Finding, translations: Translations) -> str:
    text = _text(finding).summary
    return filled(text, finding, translations) if isinstance(text, str) else text(finding, translations)


def _text(finding: Finding) -> FindingText:
    """What its own kind says of the result comes before what is said of it otherwise."""
    source = source_of(finding.check)
    own = [texts.results for kind, texts in TEXTS.items() if kind.source == source]
    others = [texts.results for texts in TEXTS.values()]
    return next((table[finding.result] for table in (*own, UNSEEN, *others) if finding.result in table), UNHEARD_OF)


def _call(finding: Finding, translations: Translations) -> str:
    """Its code and its id of the call, which its support asks for; an older program kept neither."""
    code, request_id = finding.facts.get("code"), finding.facts.get("request_id")
    if finding.state is not CheckState.UNKNOWN or not code:
        return ""
    template = N_("{code}, request id {request_id}") if request_id else "{code}"
    if finding.result in (unseen.NO_ANSWER, unseen.BOT_UNWELL):
        template = N_("{action}: {code}, request id {request_id}") if request_id else "{action}: {code}"
    call = translations.gettext(template).format(
        action=literal(str(finding.facts.get("action"))), code=literal(str(code)), request_id=literal(str(request_id))
    )
    return f" ({call})"
