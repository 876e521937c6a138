"""The language people are spoken to in: gettext catalogues, read from the .po files that come with the program.

The source texts are English; a locale without a catalogue gets them as they are. A text is translated where it is
shown, by `Translations.gettext`; one that stands in a table, or is chosen among several, is marked there with `N_` and
translated where it is shown all the same. `make messages` finds both.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO


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
    """The catalogue of a locale such as `en`. It is read when the first text of it is wanted: it takes 20 ms and some
    megabytes, and what nobody reads is not to.
    """
    found = files("handlers").joinpath("locales", locale, "LC_MESSAGES", "messages.po")

    @cache
    def catalogue() -> gettext.NullTranslations:
        return _read(found, locale) if found.is_file() else gettext.NullTranslations()

    return Translations(
        locale,
        lambda text: catalogue().gettext(text),
        lambda one, many, count: catalogue().ngettext(one, many, count),
    )


def _read(found: Traversable, locale: str) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with found.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
