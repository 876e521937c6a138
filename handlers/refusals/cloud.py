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
    RamSilent: N_("RAM did not answer in time, so nothing was changed. Try again in a minute."),
    RamRefuses: N_(
        "RAM denied the app this read, so nothing was changed. An administrator grants the app the"
        " permission {permission}."
    ),
    SdkTooOld: N_(
        "The installed SDK is too old: {needs} is needed, so nothing was changed. An administrator"
        " installs it and restarts the app."
    ),
    RamOdd: N_(
        "RAM refused this read, so nothing was changed. Try again in a minute; if it goes on, tell your administrator."
    ),
}


def bot_unwell(refusal: BotUnwell, translations: Translations) -> str:
    """What is the matter with the bot, and who can help."""
    nothing = translations.gettext("Nothing was changed.")
    return f"{bot_error_text(refusal.kind, translations)} {nothing} {remedy_text(refusal.kind, translations)}"


def with_call(text: str, call: RamCall | None, translations: Translations) -> str:
    """Whatever was not done because of an answer of the cloud names it: its support asks for that."""
    if call is None or not call.request_id:
        return text
    named = call_text(product_title(None), call.action, call.code, call.request_id, translations, sentence=True)
    return f"{text} {named}"
