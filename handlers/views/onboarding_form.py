"""The forms of an onboarding: for whom, under which name and for which job; and what an approver may change."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement, UserSelectElement

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from approvals.onboarding import BUNDLE as USUAL
from approvals.onboarding import Onboarding, OnboardingChanges
from approvals.user_names import MAX_DISPLAY_NAME_CHARACTERS, MAX_NAME_CHARACTERS, as_written
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, input_field, modal, plain_text, section
from handlers.views.details import reason_form
from handlers.views.request_offers import Places, bundle_offers
from handlers.views.selects import select
from handlers.views.text import person

ASK, CHANGES, DENIAL = "onboard", "onboarding_changes", "onboarding_denial"
SUBJECT, NAME, DISPLAY_NAME, EMAIL, BUNDLE = "new_person", "user_name", "display_name", "email", "bundle"


def ask_form(catalog: Catalog, translations: Translations, places: Places) -> dict[str, Any]:
    """For whom a RAM user is to be made, and what is asked for next."""
    usual = catalog.find(USUAL)
    return modal(
        translations.gettext("Onboard somebody"),
        [
            input_field(SUBJECT, translations.gettext("Who"), UserSelectElement(action_id=SUBJECT)),
            input_field(
                NAME,
                translations.gettext("Name of the RAM user"),
                PlainTextInputElement(action_id=NAME, placeholder=plain_text("dave")),
                optional=True,
                hint=translations.gettext("If empty, made from the email address. Letters a-z, digits and . _ -"),
            ),
            *_bundle(catalog, translations, places, usual.name if usual else None),
            context_block(
                translations.gettext(
                    "An administrator decides. Then the RAM user is created and linked, and what the job needs is"
                    " requested, which needs an approval of its own."
                )
            ),
        ],
        submit=translations.gettext("Request"),
        close=translations.gettext("Cancel"),
        callback_id=ASK,
    )


def chosen(interaction: Interaction) -> SlackUserId | None:
    """Who was chosen in the form."""
    values = (interaction.form.get("state") or {}).get("values") or {}
    found = ((values.get(SUBJECT) or {}).get(SUBJECT) or {}).get("selected_user")
    return SlackUserId(found) if isinstance(found, str) and found else None


def changes_form(
    notice_id: str, onboarding: Onboarding, catalog: Catalog, translations: Translations, places: Places
) -> dict[str, Any]:
    """The user as it was asked for, to be changed before it is approved."""
    user = onboarding.user
    told = translations.gettext("RAM user for {subject}, requested by {requester}.").format(
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
                translations.gettext("Email"),
                PlainTextInputElement(action_id=EMAIL, initial_value=user.email),
                optional=True,
            ),
            *_bundle(catalog, translations, places, onboarding.item),
        ],
        submit=translations.gettext("Approve"),
        close=translations.gettext("Cancel"),
        callback_id=CHANGES,
        metadata=notice_id,
    )


def denial_form(notice_id: str, translations: Translations) -> dict[str, Any]:
    """A reason is required; whoever asked, and the person, get to read it."""
    title, hint = (
        translations.gettext("Deny a RAM user"),
        translations.gettext("The requester and whom it is for can read this."),
    )
    return reason_form(DENIAL, notice_id, title, hint, translations)


def filled_in(interaction: Interaction) -> OnboardingChanges:
    """The user and the bundle as the approver wants them; whether they fit is not looked at."""
    user = as_written(*(interaction.written_in(field) for field in (NAME, DISPLAY_NAME, EMAIL)))
    return OnboardingChanges(user, interaction.chosen_in(BUNDLE) or None)


def _bundle(catalog: Catalog, translations: Translations, places: Places, chosen: str | None) -> list[Block]:
    """What the job needs; nothing where there are no bundles to choose from."""
    offers = bundle_offers(catalog, places)
    if not offers:
        return []
    element = select(BUNDLE, translations.gettext("A job"), offers, chosen)
    label = translations.gettext("Then request what the job needs")
    return [input_field(BUNDLE, label, element)]
