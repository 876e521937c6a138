"""The language people are spoken to in: gettext catalogues, read from the .po files that come with the program.

The source texts are English; a locale without a catalogue gets them as they are. A text is translated where it is
shown, by `Translations.gettext`; one that stands in a table, or is chosen among several, is marked there with `N_` and
translated where it is shown all the same. `make messages` finds both.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def N_(text: str) -> str:
    """The text as it is, marked for translation (docs.python.org/3/library/gettext.html, "Deferred translations")."""
    return text


@dataclass(frozen=True, slots=True)
class Translations:
    """One language."""

    locale: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]


def locales() -> tuple[str, ...]:
    """All that there are: English, in which the texts are written, and those that have a catalogue."""
    found = (each.name for each in files("handlers").joinpath("locales").iterdir() if each.is_dir())
    return ("en", *sorted(name for name in found if name != "en"))


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
