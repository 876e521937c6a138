"""The languages that the program has, put together once."""

from __future__ import annotations

from bot.app.parts import Parts
from handlers.languages import Languages, Spoken
from handlers.translations import load_translations


def languages_of(parts: Parts) -> Languages:
    """What each person reads, as Slack last said their language, and what the channels read, as is set."""
    spoken = {locale: Spoken(load_translations(locale), catalog) for locale, catalog in parts.catalogs.items()}
    return Languages(spoken, parts.settings.locale.replace("-", "_"), parts.directory.locale)
