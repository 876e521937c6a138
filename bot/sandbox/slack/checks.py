"""Building blocks for checking JSON the way Slack does: every complaint names the place as a JSON pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Complaints:
    """What was found wrong so far, in Slack's words."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, where: str, text: str) -> None:
        """`where` is a JSON pointer."""
        self.messages.append(f"[ERROR] {text} [json-pointer:{where}]")


Check = Callable[[Any, str, Complaints], None]


def string(longest: int, *, shortest: int = 0) -> Check:
    """A text of so many characters."""

    def check(value: Any, where: str, complaints: Complaints) -> None:
        if not isinstance(value, str):
            complaints.add(where, "must be a string")
        elif len(value) > longest:
            complaints.add(where, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            complaints.add(where, f"must be more than {shortest - 1} characters")

    return check


def boolean(value: Any, where: str, complaints: Complaints) -> None:
    """True or false, and not a number or text."""
    if not isinstance(value, bool):
        complaints.add(where, "must be a boolean")


def integer(value: Any, where: str, complaints: Complaints) -> None:
    """A whole number, and neither true nor false."""
    if isinstance(value, bool) or not isinstance(value, int):
        complaints.add(where, "must be an integer")


def between(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any, where: str, complaints: Complaints) -> None:
        integer(value, where, complaints)
        if isinstance(value, int) and not least <= value <= most:
            complaints.add(where, f"must be between {least} and {most}")

    return check


def number_like(value: Any, where: str, complaints: Complaints) -> None:
    """A number, or text that reads as one, as Slack takes for number inputs."""
    if isinstance(value, bool) or not str(value).replace(".", "", 1).lstrip("-").isdigit():
        complaints.add(where, "must be a number")


def anything(value: Any, where: str, complaints: Complaints) -> None:
    """For parts that the sandbox takes as they are."""


def one_of(*allowed: str) -> Check:
    """One of these values."""

    def check(value: Any, where: str, complaints: Complaints) -> None:
        if value not in allowed:
            complaints.add(where, f"must be a valid enum value; allowed: {', '.join(allowed)}")

    return check


def listed(item: Check, *, most: int, least: int = 1) -> Check:
    """A list of so many items, each of which `item` checks."""

    def check(value: Any, where: str, complaints: Complaints) -> None:
        if not isinstance(value, list):
            complaints.add(where, "must be an array")
            return
        if len(value) > most:
            complaints.add(where, f"no more than {most} items allowed")
        if len(value) < least:
            complaints.add(where, f"must have at least {least} item(s)")
        for index, part in enumerate(value):
            item(part, f"{where}/{index}", complaints)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str, complaints: Complaints) -> None:
        if not isinstance(value, dict):
            complaints.add(where, "must be an object")
            return
        for name in required:
            if name not in value:
                complaints.add(where, f"missing required field: {name}")
        for name, part in value.items():
            if name not in known:
                complaints.add(where, f"invalid additional property: {name}")
            else:
                known[name](part, f"{where}/{name}", complaints)

    return check


def by_type(table: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says which check applies; a type that is not in the table is refused."""

    def check(value: Any, where: str, complaints: Complaints) -> None:
        if not isinstance(value, dict):
            complaints.add(where, "must be an object")
        elif not isinstance(value.get("type"), str):
            complaints.add(where, "missing required field: type")
        elif value["type"] not in table:
            complaints.add(f"{where}/type", f"unsupported {what} type: {value['type']}")
        else:
            table[value["type"]](value, where, complaints)

    return check
