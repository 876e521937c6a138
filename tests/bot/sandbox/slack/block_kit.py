"""Small views and blocks for the tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(label: str, block_id: str, element: Json | None = None, **more: Any) -> Json:
    """An input block whose element is a text input unless given."""
    element = element or {"type": "plain_text_input", "action_id": "value"}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **more}


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    body = list(blocks) or [field("Reason", "reason")]
    return {"type": "modal", "title": words(title), "submit": words("Send"), "blocks": body, **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": words(label), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str) -> Json:
    return {"text": words(text), "value": value}
