"""Why somebody approves, where the catalogue wants them to say so."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, input_field, modal, section
from handlers.views.card_facts import asks

CALLBACK = "approve_with_note"
NOTE = "note"


def note_form(record: RequestView, catalog: Catalog, translations: Translations) -> dict[str, Any]:
    """What the Approve button opens: all that was asked for, and the note."""
    return modal(
        translations.gettext("Approve {ref}").format(ref=record.request.ref),
        [section(asks(record, catalog, translations)), note_field(translations)],
        submit=translations.gettext("Approve"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=record.request.public_id,
    )


def note_field(translations: Translations) -> Block:
    """It is required."""
    return input_field(
        NOTE,
        translations.gettext("Why you approve"),
        PlainTextInputElement(action_id=NOTE, multiline=True, focus_on_load=True),
        hint=translations.gettext("It is kept with the request; Details shows it."),
    )
