"""The forms of an onboarding: for whom, and under which name; and what an approver may change."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement, UserSelectElement

from approvals.ids import SlackUserId
from approvals.onboarding import NewUser, Onboarding
from approvals.user_names import MAX_DISPLAY_NAME_CHARACTERS, MAX_NAME_CHARACTERS, as_written
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import context_block, input_field, modal, plain_text, section
from handlers.views.text import person

ASK, CHANGES = "onboard", "onboarding_changes"
SUBJECT, NAME, DISPLAY_NAME, EMAIL = "new_person", "user_name", "display_name", "email"


def ask_form(translations: Translations) -> dict[str, Any]:
    """For whom a RAM user is to be made."""
    return modal(
        translations.gettext("Onboard somebody"),
        [
            input_field(SUBJECT, translations.gettext("Who"), UserSelectElement(action_id=SUBJECT)),
            input_field(
                NAME,
                translations.gettext("Name of the RAM user"),
                PlainTextInputElement(action_id=NAME, placeholder=plain_text("dave")),
                optional=True,
                hint=translations.gettext("Empty is after the e-mail address. Letters a-z, digits and . _ -"),
            ),
            context_block(
                translations.gettext(
                    "An administrator decides. Then the app creates the RAM user, links it, and asks for what the job"
                    " needs."
                )
            ),
        ],
        submit=translations.gettext("Ask"),
        close=translations.gettext("Cancel"),
        callback_id=ASK,
    )


def chosen(interaction: Interaction) -> SlackUserId | None:
    """Who was chosen in the form."""
    values = (interaction.form.get("state") or {}).get("values") or {}
    found = ((values.get(SUBJECT) or {}).get(SUBJECT) or {}).get("selected_user")
    return SlackUserId(found) if isinstance(found, str) and found else None


def changes_form(notice_id: str, onboarding: Onboarding, translations: Translations) -> dict[str, Any]:
    """The user as it was asked for, to be changed before it is approved."""
    user = onboarding.user
    told = translations.gettext("RAM user for {subject}, asked for by {requester}.").format(
        subject=person(onboarding.subject), requester=person(onboarding.requester)
    )
    return modal(
        translations.gettext("Approve a RAM user"),
        [
            section(told),
            input_field(
                NAME,
                translations.gettext("Name of the RAM user"),
                PlainTextInputElement(action_id=NAME, initial_value=user.name),
                hint=translations.gettext("Up to {count} letters a-z, digits and . _ -").format(
                    count=MAX_NAME_CHARACTERS
                ),
            ),
            input_field(
                DISPLAY_NAME,
                translations.gettext("Display name"),
                PlainTextInputElement(action_id=DISPLAY_NAME, initial_value=user.display_name),
                hint=translations.gettext("Up to {count} characters").format(count=MAX_DISPLAY_NAME_CHARACTERS),
            ),
            input_field(
                EMAIL,
                translations.gettext("E-mail"),
                PlainTextInputElement(action_id=EMAIL, initial_value=user.email),
                optional=True,
            ),
        ],
        submit=translations.gettext("Approve"),
        close=translations.gettext("Not now"),
        callback_id=CHANGES,
        metadata=notice_id,
    )


def filled_in(interaction: Interaction) -> NewUser:
    """The user as the approver wants it; whether it fits is not looked at."""
    return as_written(*(interaction.written_in(field) for field in (NAME, DISPLAY_NAME, EMAIL)))
