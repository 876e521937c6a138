"""The language people are spoken to in: gettext catalogues, read from the .po files that come with the program.

The source texts are English; a locale without a catalogue gets them as they are.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@dataclass(frozen=True, slots=True)
class Translations:
    """One language. Bind `gettext` to `_` where texts are made, so that they are found for translation."""

    locale: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]


def load_translations(locale: str = "en") -> Translations:
    """The catalogue of a locale such as `en`."""
    found = files("handlers").joinpath("locales", locale, "LC_MESSAGES", "messages.po")
    if not found.is_file():
        plain = gettext.NullTranslations()
        return Translations(locale, plain.gettext, plain.ngettext)
    compiled = BytesIO()
    with found.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    return Translations(locale, catalogue.gettext, catalogue.ngettext)
