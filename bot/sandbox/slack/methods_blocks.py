"""`blocks.validate`: whether Slack would take blocks, a message or a view, without sending it.

Source: docs.slack.dev/reference/methods/blocks.validate, as of 2026-08. It needs no scope; exactly one of the three is
given; what is wrong comes with a JSON pointer, a code and a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.blocks import accepted_message_blocks
from bot.sandbox.slack.view_bodies import accepted_view
from bot.sandbox.slack.wire import Json, SlackError

_COMPLAINT = re.compile(r"\[ERROR\] (.*?)(?: \[json-pointer:(.*)\])?")


def block_methods() -> dict[str, Method]:
    """Those that are served, by name."""
    return {"blocks.validate": Method(validate)}


def validate(args: Json) -> Json:
    """Nothing more, where all is well.

    Raises:
        SlackError: `invalid_blocks`, `invalid_message` or `invalid_view`, with what is wrong; `invalid_arguments`.
    """
    given = [name for name in _CHECKS if name in args]
    if len(given) != 1:
        raise SlackError("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, message or view"])
    name = given[0]
    try:
        _CHECKS[name](_read(args[name]))
    except SlackError as error:
        raise SlackError(f"invalid_{name}", errors=_errors(error)) from None
    return {}


def _message(message: Any) -> None:
    if not isinstance(message, dict) or not (message.get("blocks") or message.get("text")):
        raise SlackError("no_text")
    accepted_message_blocks(message.get("blocks", []))


def _view(view: Any) -> None:
    accepted_view(view, "home" if isinstance(view, dict) and view.get("type") == "home" else "modal")


_CHECKS: dict[str, Callable[[Any], object]] = {
    "blocks": accepted_message_blocks,
    "message": _message,
    "view": _view,
}


def _read(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise SlackError("invalid_json") from None


def _errors(error: SlackError) -> list[Json]:
    found = [_COMPLAINT.fullmatch(line) for line in error.messages] or [None]
    return [
        {
            "pointer": (match[2] if match else None) or "/",
            "code": "failed_constraint" if match else error.code,
            "message": match[1] if match else error.code,
        }
        for match in found
    ]
