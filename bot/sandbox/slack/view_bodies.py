"""Whether Slack would take this view."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.blocks import complaints_about, with_ids
from bot.sandbox.slack.checks import Check, Complaints, anything, boolean, one_of, shape, string
from bot.sandbox.slack.elements import plain
from bot.sandbox.slack.wire import Json, SlackError

MAX_VIEW_BYTES = 250_000

_COMMON: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_HOME = shape({"type": one_of("home"), "blocks": anything}, _COMMON)
_MODAL = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": anything},
    {
        **_COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)


def accepted_view(view: Any, surface: str) -> Json:
    """A copy of a "modal" or "home" with every id filled in. SlackError `invalid_arguments` or `view_too_large`."""
    complaints = Complaints()
    if isinstance(view, dict):
        # Clients send fields that they leave empty as null; Slack takes null for "not given".
        view = {name: value for name, value in view.items() if value is not None}
    (_HOME if surface == "home" else _MODAL)(view, "/view", complaints)
    messages = complaints.messages
    if not messages:
        messages = complaints_about(view["blocks"], surface, "/view/blocks")
    if not messages and surface == "modal" and "submit" not in view and _has_input(view["blocks"]):
        messages = ["[ERROR] missing required field: submit, as there is an input block [json-pointer:/view]"]
    if messages:
        raise SlackError("invalid_arguments", messages=messages)
    if len(json.dumps(view)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": with_ids(view["blocks"])}


def _has_input(blocks: list[Json]) -> bool:
    return any(block["type"] == "input" for block in blocks)
