"""Sentences about RAM's answers."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.cloud import BotUnwell, RamCall, RamOdd, RamRefuses, RamSilent, SdkTooOld
from handlers.translations import N_, Translations
from handlers.views.cloud_errors import call_text
from handlers.views.parts import product_title
from handlers.views.unwell import bot_error_text, remedy_text

SENTENCES: Mapping[type[Refusal], str] = {
    RamSilent: N_("RAM did not answer in time, so nothing was decided or changed. Try again in a minute."),
    RamRefuses: N_(
        "RAM did not let the bot look, so nothing was decided or changed. An administrator can give the bot the"
        " permission {permission}."
    ),
    SdkTooOld: N_(
        "The SDK that is installed is too old for this: it needs {needs}, so nothing was decided or changed. An"
        " administrator installs it and starts the bot again."
    ),
    RamOdd: N_(
        "RAM refused to tell, so nothing was decided or changed. Try again in a minute; if it goes on, tell your"
        " administrator."
    ),
}


def bot_unwell(refusal: BotUnwell, translations: Translations) -> str:
    """What is the matter with the bot, and who can help."""
    nothing = translations.gettext("Nothing was decided or changed.")
    return f"{bot_error_text(refusal.kind, translations)} {nothing} {remedy_text(refusal.kind, translations)}"


def with_call(text: str, call: RamCall | None, translations: Translations) -> str:
    """Whatever was not done because of an answer of the cloud names it: its support asks for that."""
    if call is None or not call.request_id:
        return text
    named = call_text(product_title(None), call.action, call.code, call.request_id, translations, sentence=True)
    return f"{text} {named}"
