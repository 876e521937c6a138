"""A comment on a request: the form for it, and what those see whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.comments import Addressee, Comment
from approvals.ids import SlackUserId
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, context_block, input_field, modal, section, typed
from handlers.views.card_facts import item_name
from handlers.views.selects import SelectOption, select
from handlers.views.text import person

CALLBACK = "comment_on_request"
BUTTON = "comment"
TEXT, TO = "comment", "to"
ADDRESSEES = {Addressee.REQUESTER: N_("The requester"), Addressee.APPROVERS: N_("The approvers")}


def comment_form(record: RequestView, offered: Sequence[Addressee], translations: Translations) -> dict[str, Any]:
    """`offered`: whom it may be for, the likeliest first."""
    options = [SelectOption(each.value, translations.gettext(ADDRESSEES[each])) for each in offered]
    return modal(
        translations.gettext("Comment on {ref}").format(ref=record.request.ref),
        [
            input_field(
                TEXT,
                translations.gettext("Comment"),
                PlainTextInputElement(action_id=TEXT, multiline=True, focus_on_load=True),
            ),
            input_field(
                TO,
                translations.gettext("For whom"),
                select(TO, translations.gettext("For whom"), options, offered[0].value),
            ),
            context_block(
                translations.gettext("It decides nothing. It is kept with the request, for its approvers too.")
            ),
        ],
        submit=translations.gettext("Send"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=record.request.public_id,
    )


def comment_message(
    record: RequestView, said: Comment, mentioned: Sequence[SlackUserId], catalog: Catalog, translations: Translations
) -> Message:
    """`mentioned`: whom it calls, below a card; nobody where it is said to one person alone."""
    text = translations.gettext("{by} comments on {ref}, {what}:").format(
        by=person(said.by), ref=f"*{record.request.ref}*", what=item_name(record, catalog)
    )
    text = " ".join([*map(person, mentioned), text])
    return Message(text, [section(text), typed(said.text)])
