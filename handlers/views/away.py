"""Until when somebody is away, and that they are back."""

from __future__ import annotations

from approvals.millis import DomainMillis
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, button, note, section
from handlers.views.text import moment

BACK = "come_back"


def away_message(until: DomainMillis | None, translations: Translations) -> Message:
    """For themselves: until when, with the button that ends it; or how to say it."""
    if until is None:
        return note(
            translations.gettext("You are not away. `/pairec-access away until monday` says so, and for how long.")
        )
    block = away_block(until, translations)
    return Message(block["text"]["text"], [block])


def away_block(until: DomainMillis, translations: Translations) -> Block:
    """The same as a paragraph with its button."""
    text = translations.gettext("You are away until {when}: not reminded and not counted on. You can still decide.")
    return section(text.format(when=moment(until)), button(translations.gettext("I am back"), BACK, "back"))


def back_message(translations: Translations, *, was_away: bool) -> Message:
    """The answer to whoever says that they are back."""
    return note(translations.gettext("You are back.") if was_away else translations.gettext("You are not away."))
