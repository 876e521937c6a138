"""What notices have in common: two buttons of which one is dangerous, and how a notice reads once it is resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.notice import Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, confirmation, note, section
from handlers.views.text import person


@dataclass(frozen=True, slots=True)
class DangerousButton:
    """A button that asks first. All texts are translated."""

    action_id: str
    text: str
    title: str
    """Of the question, like what it asks and the button that says yes to it."""
    question: str
    yes: str


def choice(
    notice: Notice,
    paragraphs: Sequence[str],
    dangerous: DangerousButton,
    harmless: tuple[str, str],
    translations: Translations,
) -> Message:
    """An open notice that somebody decides on.

    Args:
        notice: the one whose id the buttons carry.
        paragraphs: what it says; a notification has the first alone.
        dangerous: the button that changes something.
        harmless: text and action id of the button that leaves things as they are.
        translations: the language.
    """
    question = confirmation(
        dangerous.title, dangerous.question, dangerous.yes, translations.gettext("Cancel"), danger=True
    )
    text, action_id = harmless
    blocks = [
        *(section(paragraph) for paragraph in paragraphs),
        buttons(
            button(dangerous.text, dangerous.action_id, notice.id, "danger", confirm=question),
            button(text, action_id, notice.id),
        ),
    ]
    return Message(paragraphs[0], blocks)


def resolved(
    notice: Notice, outcomes: Mapping[str, str], otherwise: str, translations: Translations, **values: object
) -> Message:
    """What is left of a notice once it is resolved.

    Args:
        notice: a resolved one; whoever resolved it is `{by}` in the sentence.
        outcomes: the sentence of each outcome, marked for translation.
        otherwise: the sentence of any other one.
        translations: the language.
        values: what the sentences name.
    """
    template = outcomes.get(notice.outcome or "", otherwise)
    return note(translations.gettext(template).format(by=person(notice.resolved_by or ""), **values))
