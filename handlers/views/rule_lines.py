"""What a standing rule of the catalogue wants of a request."""

from __future__ import annotations

from handlers.translations import Translations
from handlers.views.text import literal


def by_rule(rule: str, needed: int, translations: Translations) -> str:
    """Which rule wants so many approvals."""
    return translations.ngettext(
        "The rule {rule} wants {count} approval.", "The rule {rule} wants {count} approvals.", needed
    ).format(rule=literal(rule), count=needed)
