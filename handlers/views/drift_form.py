"""The forms behind Accept, Adopt and Revoke: what it is about, for how long, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.drift import KeptRow
from approvals.durations import format_duration
from approvals.millis import DAY, SECOND, DomainMillis
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, input_field, modal, section
from handlers.views.drift_rows import row_text

ACCEPT, ADOPT, REVOKE = "accept_drift", "adopt_drift", "revoke_drift"
UNTIL, DURATION, REASON = "until", "duration", "reason"
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


def adopt_form(kept: KeptRow, usual: int, most: int, catalog: Catalog, translations: Translations) -> dict[str, Any]:
    """For one row. Milliseconds: `usual` is what is proposed, `most` the longest."""
    how_long = input_field(
        DURATION,
        translations.gettext("Ends after"),
        PlainTextInputElement(action_id=DURATION, initial_value=format_duration(min(usual, most) or most)),
        hint=translations.gettext("From its approval on. Such as 8h, 30d or 12w; {most} at most.").format(
            most=format_duration(most)
        ),
    )
    return modal(
        translations.gettext("Adopt as a grant"),
        [
            section(row_text(kept.row, catalog, translations)),
            how_long,
            reason_field(translations),
            context_block(translations.gettext("Another approver decides. Nothing changes until then.")),
        ],
        submit=translations.gettext("Request approval"),
        close=translations.gettext("Cancel"),
        callback_id=ADOPT,
        metadata=kept.id,
    )


def revoke_form(kept: KeptRow, catalog: Catalog, translations: Translations) -> dict[str, Any]:
    """For one row."""
    return modal(
        translations.gettext("Revoke drift"),
        [
            section(row_text(kept.row, catalog, translations)),
            reason_field(translations),
            context_block(translations.gettext("Another approver decides. Nothing changes until then.")),
        ],
        submit=translations.gettext("Request approval"),
        close=translations.gettext("Cancel"),
        callback_id=REVOKE,
        metadata=kept.id,
    )


def reason_field(translations: Translations) -> Block:
    """Why."""
    return input_field(
        REASON,
        translations.gettext("Reason"),
        PlainTextInputElement(action_id=REASON, multiline=True, max_length=3_000),
    )
