"""Durations as people type them (`30m`, `8h`, `7d`, `1h30m`) and as they read them back."""

from __future__ import annotations

import re

from approvals.millis import DAY, HOUR, MINUTE

UNTIL_REVOKED = "until-revoked"

_PARTS = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?", re.ASCII | re.IGNORECASE)


def parse_duration(text: str) -> int:
    """Milliseconds in `1d12h`, `8h` or `90m`.

    Raises:
        ValueError: not of that form, or nothing at all (`0h`).
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError(f"not a duration: {text!r}")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    total = days * DAY + hours * HOUR + minutes * MINUTE
    if total <= 0:
        raise ValueError("a duration of nothing")
    return total


def looks_like_duration(text: str) -> bool:
    """Whether somebody meant a duration, well-formed or not: it starts like a number, or says until-revoked."""
    return text.casefold() == UNTIL_REVOKED or re.match(r"[-+]?\d", text) is not None


def format_duration(milliseconds: int | None) -> str:
    """The shortest form that `parse_duration` reads back; `until-revoked` for None."""
    if milliseconds is None:
        return UNTIL_REVOKED
    minutes = max(milliseconds // MINUTE, 0)
    days, rest = divmod(minutes, DAY // MINUTE)
    hours, minutes = divmod(rest, 60)
    parts = [f"{value}{unit}" for value, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if value]
    return "".join(parts) or "0m"
