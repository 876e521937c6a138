"""The form for more time: what ends when, how much longer, and why."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.durations import format_duration
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import context_block, input_field, modal, plain_text, section
from handlers.views.card_facts import item_name
from handlers.views.text import moment, person

CALLBACK = "extend_access"
DURATION, REASON = "duration", "reason"


def extend_form(record: RequestView, most: int, catalog: Catalog, translations: Translations) -> dict[str, Any]:
    """The form for one request. `most`: milliseconds that may be added at most."""
    request = record.request
    ends_at = request.ends_at or 0
    text = translations.gettext("{what} for {subject} expires {ends}.").format(
        what=item_name(record, catalog), subject=person(request.subject), ends=moment(ends_at)
    )
    item = catalog.named(request.item)
    by_catalog = request.ends_by is not None or request.duration is None
    usual = item.default if item and by_catalog else request.duration
    how_long = input_field(
        DURATION,
        translations.gettext("How much longer"),
        PlainTextInputElement(action_id=DURATION, initial_value=format_duration(min(usual or most, most))),
        hint=translations.gettext("Such as 30m, 8 hours or 2w; {most} at most.").format(most=format_duration(most)),
    )
    why = input_field(
        REASON,
        translations.gettext("Reason"),
        PlainTextInputElement(
            action_id=REASON,
            multiline=True,
            max_length=3_000,
            placeholder=plain_text(translations.gettext("What is left to do")),
        ),
    )
    needs = translations.gettext("It needs the same approvals as before, by {ends}.").format(ends=moment(ends_at))
    return modal(
        translations.gettext("Extend {ref}").format(ref=request.ref),
        [section(text), how_long, why, context_block(needs)],
        submit=translations.gettext("Send request"),
        close=translations.gettext("Cancel"),
        callback_id=CALLBACK,
        metadata=request.public_id,
    )
