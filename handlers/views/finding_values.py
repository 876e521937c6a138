"""The facts of a finding as they stand in its sentences; whatever the cloud said is only text there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from approvals.findings import Finding
from handlers.translations import N_, Translations
from handlers.views.text import first_of, literal

LISTED = 6
"""Actions, conditions or resources that are named; the rest are counted."""
MAX_LISTED_CHARACTERS = 400
"""Characters after which no further one is named."""
UNNAMED = {"role": N_("the role"), "policy": N_("what it says")}
"""What stands in for a fact that an older program did not keep."""


class FindingText(NamedTuple):
    """What is said of one result: marked for translation with places for the facts, or made of them."""

    summary: str | Callable[[Finding, Translations], str]
    """In a few words: it stands behind the name of the row."""
    advice: str | Callable[[Finding, Translations], str | None] | None = None
    """Sentences; None where nothing is to be done."""


def filled(template: str, finding: Finding, translations: Translations) -> str:
    """The sentence, translated and with the facts in their places."""
    return translations.gettext(template).format_map(_FindingValues(finding, translations))


class _FindingValues(dict[str, Any]):
    """Made once a sentence asks for them."""

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


def listed(texts: Sequence[str], translations: Translations) -> str:
    """The first few as code, and how many more there are. No more than these are made fit to be shown."""
    names = [literal(text, 120) for text in texts[:LISTED]]
    shown = 1
    while shown < LISTED and sum(map(len, names[:shown])) <= MAX_LISTED_CHARACTERS:
        shown += 1
    return first_of([*names, *texts[LISTED:]], translations, shown)
