"""Two small windows on a request: all that is recorded of it, and the form that a denial needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject

from approvals.audit import Entry
from approvals.catalog import Catalog
from approvals.ledger.records import Record
from handlers.views.blocks import Block, context, modal, section, typed
from handlers.views.card import card
from handlers.views.text import capped, literal, person
from handlers.words import Words

DENY = "deny_request"
REASON = "reason"
ENTRIES = 40


def details(record: Record, trail: Sequence[Entry], catalog: Catalog, words: Words) -> dict[str, Any]:
    """The whole reason, and the audit trail of the request, oldest entry first."""
    _ = words.gettext
    shown = [block for block in card(record, catalog, words).blocks if block["type"] not in ("actions", "header")]
    blocks: list[Block] = [*shown, section(_("*The whole reason*")), typed(record.request.reason)]
    blocks.append(section(_("*What happened*")))
    blocks += [context(_entry(entry)) for entry in trail[-ENTRIES:]]
    return modal(record.request.ref, blocks, close=_("Close"))


def _entry(entry: Entry) -> str:
    fields = entry.fields
    event = fields.pop("event")
    by = fields.pop("by_slack", None)
    fields = {name: value for name, value in fields.items() if name not in ("request", "reason", "entitlements")}
    told = ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(fields.items()))
    line = f"{entry.at} *{event}*"
    if by:
        line += f" {person(str(by))}"
    return f"{line} {literal(capped(told, 400), 400)}" if told else line


def deny_form(record: Record, words: Words) -> dict[str, Any]:
    """A reason is required; the requester gets to read it."""
    _ = words.gettext
    field = InputBlock(
        block_id=REASON,
        label=_text(_("Why not?")),
        element=PlainTextInputElement(action_id=REASON, multiline=True, focus_on_load=True),
        hint=_text(_("The requester gets to read this.")),
    )
    return modal(
        _("Deny {ref}").format(ref=record.request.ref),
        [field.to_dict()],
        submit=_("Deny"),
        close=_("Close"),
        callback_id=DENY,
        metadata=record.request.ref,
    )


def _text(text: str) -> PlainTextObject:
    return PlainTextObject(text=text, emoji=False)
