"""The form behind Accept: what it is about, until when, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.drift import KeptRow
from approvals.millis import DAY, SECOND, DomainMillis
from handlers.translations import Translations
from handlers.views.blocks import Block, input_field, modal, section
from handlers.views.drift_rows import row_text

ACCEPT = "accept_drift"
UNTIL, REASON = "until", "reason"
USUAL_ACCEPTANCE_MS = 90 * DAY


def accept_form(kept: KeptRow, catalog: Catalog, translations: Translations, now: DomainMillis) -> dict[str, Any]:
    """The form for one row."""
    proposed = datetime.fromtimestamp((now + USUAL_ACCEPTANCE_MS) // SECOND, UTC).strftime("%Y-%m-%d")
    until = input_field(
        UNTIL,
        translations.gettext("Until the end of"),
        DatePickerElement(action_id=UNTIL, initial_date=proposed),
        hint=translations.gettext("A year from now at most. Until then nobody is told of it, unless it changes."),
    )
    return modal(
        translations.gettext("Accept drift"),
        [section(row_text(kept.row, catalog, translations)), until, reason_field(translations)],
        submit=translations.gettext("Accept"),
        close=translations.gettext("Cancel"),
        callback_id=ACCEPT,
        metadata=kept.id,
    )


def reason_field(translations: Translations) -> Block:
    """Why."""
    return input_field(
        REASON,
        translations.gettext("Reason"),
        PlainTextInputElement(action_id=REASON, multiline=True, max_length=3_000),
    )
