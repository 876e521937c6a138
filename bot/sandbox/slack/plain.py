"""Blocks as readable plain text, so that a test can say what a person sees.

Nothing is interpreted: mrkdwn stays as it was written, so an unescaped mention in it shows. Buttons are "[Approve]",
fields "Reason: ____".
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.answers import KINDS, initial_answer
from bot.sandbox.slack.wire import Json

EMPTY = "____"


def plain(blocks: list[Json] | None, state: Json | None = None, errors: dict[str, str] | None = None) -> str:
    """One line or more for each block. `state` is a view's `state.values`, `errors` its sentences by block_id."""
    lines = [_block(block, (state or {}).get(str(block.get("block_id")), {})) for block in blocks or []]
    for index, block in enumerate(blocks or []):
        if errors and block.get("block_id") in errors:
            lines[index] += f"\n  ! {errors[block['block_id']]}"
    return "\n".join(lines)


def plain_view(view: Json, errors: dict[str, str] | None = None) -> str:
    """A modal or home tab with its title and buttons."""
    title = (view.get("title") or {}).get("text", "Home")
    buttons = [f"[{view[key]['text']}]" for key in ("close", "submit") if view.get(key)]
    body = plain(view["blocks"], view.get("state", {}).get("values"), errors)
    return "\n".join(part for part in (f"== {title} ==", body, " ".join(buttons)) if part)


def plain_message(message: Json) -> str:
    """What stands in a message: its blocks, or its text when it has none."""
    return plain(message["blocks"]) if message["blocks"] else str(message["text"])


def plain_screen(screen: Json, last: int = 6) -> str:
    """A whole screen, with the last few messages of each conversation."""
    parts: list[str] = []
    for conversation in screen["conversations"]:
        messages = screen["messages"][conversation["id"]]
        if messages:
            parts.append(f"--- {conversation['name']} ({conversation['id']})")
        for message in messages[-last:]:
            only = " (only you see this)" if message["ephemeral"] else ""
            parts.append(f"{message['name']}{only}: {plain_message(message)}")
    if screen["home"]:
        parts.append(plain_view(screen["home"]))
    parts += [plain_view(view, screen["modal_errors"].get(view["id"])) for view in screen["modals"]]
    if screen["notice"]:
        parts.append(f"(notice: {screen['notice']['text']})")
    return "\n".join(parts) or "(an empty screen)"


def _block(block: Json, state: Json) -> str:
    match block["type"]:
        case "divider":
            return "---"
        case "alert":
            return f"⚠️ {block['text']['text']}"
        case "section":
            texts = [block.get("text"), *block.get("fields", [])]
            shown = "\n".join(text["text"] for text in texts if text)
            return f"{shown} {_element(block['accessory'], state)}" if "accessory" in block else shown
        case "context":
            return " ".join(part.get("text", part.get("alt_text", "")) for part in block["elements"])
        case "actions":
            return " ".join(_element(element, state) for element in block["elements"])
        case "input":
            hint = f"\n  {block['hint']['text']}" if block.get("hint") else ""
            return f"{block['label']['text']}: {_element(block['element'], state)}{hint}"
        case "image":
            return f"({block['alt_text']})"
        case "rich_text":
            return _rich(block["elements"])
        case _:
            text = block.get("text", "")
            return str(text["text"] if isinstance(text, dict) else text)


def _element(element: Json, state: Json) -> str:
    kind = element["type"]
    if kind == "button":
        return f"[{element['text']['text']}]"
    if kind == "image":
        return f"({element['alt_text']})"
    if kind == "overflow":
        return " ".join(f"[{option['text']['text']}]" for option in element["options"])
    if kind not in KINDS:
        return f"({kind})"
    shown = state.get(element["action_id"], {}).get(KINDS[kind].state) if state else initial_answer(element)
    placeholder = element.get("placeholder", {}).get("text", EMPTY)
    return _answer(shown) or f"<{placeholder}>"


def _answer(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_answer(part) for part in value)
    if isinstance(value, dict):
        return str(value["text"]["text"])
    return "" if value is None else str(value)


def _rich(elements: list[Json]) -> str:
    parts: list[str] = []
    for element in elements:
        match element.get("type"):
            case "text" | "link":
                parts.append(element.get("text") or element.get("url", ""))
            case "user":
                parts.append(f"<@{element['user_id']}>")
            case "broadcast":
                parts.append(f"<!{element['range']}>")
            case "emoji":
                parts.append(f":{element['name']}:")
            case _:
                parts.append(_rich(element.get("elements", [])))
    return "".join(parts)
