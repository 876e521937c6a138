"""What a Slack client itself requires of a field before it lets a form go."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.wire import Json

REQUIRED = "Please complete this required field."


def field_problem(block: Json, answer: Any) -> str | None:
    """The sentence under the field, or None. `answer` is the plain value of the input block's element."""
    element = block["element"]
    empty = answer is None or answer in ("", [])
    if empty:
        return None if block.get("optional") else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_problem(element, answer)
    if kind == "number_input":
        return _number_problem(element, answer)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", answer):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"\w+://\S+", answer):
        return "Please enter a valid URL."
    most = element.get("max_selected_items")
    if most is not None and len(answer) > most:
        return f"Please choose no more than {most}."
    return None


def _length_problem(element: Json, answer: str) -> str | None:
    if len(answer) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    longest = element.get("max_length", 3000)
    if len(answer) > longest:
        return f"Please use no more than {longest} characters."
    return None


def _number_problem(element: Json, answer: str) -> str | None:
    try:
        number = float(answer) if element.get("is_decimal_allowed") else int(answer)
    except ValueError:
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None
