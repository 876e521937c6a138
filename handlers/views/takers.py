"""Who may take access at once in an emergency."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.translations import Translations
from handlers.views.text import first_of, literal


def takers(groups: Sequence[str], on_call: Sequence[str], translations: Translations) -> str:
    """Members of these RAM groups, and of the Slack user groups that the catalogue calls so; one of both is there."""
    if not on_call:
        text = translations.gettext("members of the RAM groups {groups}")
    elif not groups:
        text = translations.gettext("members of the on-call groups {on_call}")
    else:
        text = translations.gettext("members of the RAM groups {groups} or of the on-call groups {on_call}")
    return text.format(groups=_listed(groups, translations), on_call=_listed(on_call, translations))


def _listed(names: Sequence[str], translations: Translations) -> str:
    return first_of([literal(each) for each in names], translations)
