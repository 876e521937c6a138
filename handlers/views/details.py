"""Two small windows on a request: all that is recorded of it, and the form that a denial needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement

from approvals.audit import Entry
from approvals.catalog.model import Catalog
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, divider, modal, plain_text, section
from handlers.views.card_facts import facts
from handlers.views.card_progress import progress
from handlers.views.history import event_line
from handlers.views.text import moment
from handlers.views.tracker import Tracker

OF_OWN = "own_details"
DENY = "deny_request"
REASON = "reason"
MAX_ENTRIES = 40
ENTRIES_PER_BLOCK = 5
"""Entries in one block of text, so that even long ones are not cut off."""


def details(
    record: RequestView, trail: Sequence[Entry], catalog: Catalog, translations: Translations, tracker: Tracker
) -> dict[str, Any]:
    """The whole reason, and the audit trail of the request, oldest entry first."""
    request = record.request
    lines = [event_line(entry, catalog, translations) for entry in trail[-MAX_ENTRIES:]]
    blocks: list[Block] = [
        *facts(record, catalog, translations, tracker, whole=True),
        *progress(record, catalog, translations),
        divider(),
        section(translations.gettext("*History*")),
        *[
            context_block("\n".join(lines[first : first + ENTRIES_PER_BLOCK]))
            for first in range(0, len(lines), ENTRIES_PER_BLOCK)
        ],
    ]
    if record.pending:
        blocks.append(
            context_block(
                translations.gettext("Expires {when} without a decision.").format(when=moment(request.expires_at))
            )
        )
    return modal(request.ref, blocks, close=translations.gettext("Close"))


def deny_form(record: RequestView, translations: Translations) -> dict[str, Any]:
    """A reason is required; the requester gets to read it."""
    hint = translations.gettext("The requester can read this.")
    title = translations.gettext("Deny {ref}").format(ref=record.request.ref)
    return reason_form(DENY, record.request.public_id, title, hint, translations)


def reason_form(callback: str, metadata: str, title: str, hint: str, translations: Translations) -> dict[str, Any]:
    """Why something is denied. `hint`: who gets to read it."""
    field = InputBlock(
        block_id=REASON,
        label=plain_text(translations.gettext("Reason")),
        element=PlainTextInputElement(action_id=REASON, multiline=True, focus_on_load=True),
        hint=plain_text(hint),
    )
    return modal(
        title,
        [field.to_dict()],
        submit=translations.gettext("Deny"),
        close=translations.gettext("Cancel"),
        callback_id=callback,
        metadata=metadata,
    )
