"""Whether somebody is reminded by direct message as well, with the button that changes it."""

from __future__ import annotations

from handlers.translations import Translations
from handlers.views.blocks import Block, Message, button, section

DM_REMINDERS = "dm_reminders"
ON, OFF = "on", "off"


def dm_reminders_message(translations: Translations, *, wished: bool) -> Message:
    """For themselves."""
    block = dm_reminders_block(translations, wished=wished)
    return Message(block["text"]["text"], [block])


def dm_reminders_block(translations: Translations, *, wished: bool) -> Block:
    """A paragraph with its button."""
    if wished:
        text = translations.gettext("Reminders of what needs your approval also come by direct message.")
        return section(text, button(translations.gettext("In threads only"), DM_REMINDERS, OFF))
    text = translations.gettext("Reminders of what needs your approval mention you in the card's thread.")
    return section(text, button(translations.gettext("By direct message too"), DM_REMINDERS, ON))
