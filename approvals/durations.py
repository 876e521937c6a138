"""Durations as people type them (`30m`, `8h`, `1h30m`, `2w`, `8 hours`, `30天`) and as they read them back."""

from __future__ import annotations

import re

from approvals.millis import DAY, HOUR, MINUTE

UNTIL_REVOKED = "until-revoked"

_UNITS = {
    "w": (7 * DAY, r"weeks?|wks?|w|周|星期"),
    "d": (DAY, r"days?|d|天|日"),
    "h": (HOUR, r"hours?|hrs?|h|小时"),
    "m": (MINUTE, r"minutes?|mins?|m|分钟|分"),
}
"""What they are called, from the longest to the shortest."""
_PARTS = re.compile(
    r"\s*".join(rf"(?:(?P<{unit}>\d{{1,6}})\s*(?:{words}))?" for unit, (_, words) in _UNITS.items()),
    re.ASCII | re.IGNORECASE,
)
_UNIT_WORD = re.compile("|".join(words for _, words in _UNITS.values()), re.ASCII | re.IGNORECASE)


def parse_duration(text: str) -> int:
    """Milliseconds in `1d12h`, `8 hours` or `90m`; longer units stand before shorter ones.

    Raises:
        ValueError: not of that form, or nothing at all (`0h`).
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError(f"not a duration: {text!r}")
    total = sum(int(found[unit] or 0) * milliseconds for unit, (milliseconds, _) in _UNITS.items())
    if total <= 0:
        raise ValueError("a duration of nothing")
    return total


def looks_like_duration(text: str) -> bool:
    """Whether somebody meant a duration, well-formed or not: it starts like a number, or says until-revoked."""
    return text.casefold() == UNTIL_REVOKED or re.match(r"[-+]?\d", text) is not None


def take_duration(words: list[str]) -> str:
    """The duration that these words begin with, taken from them: one word, or numbers that each have a unit after them
    (`8 hours 30 minutes`). Whatever follows is somebody's reason.
    """
    taken = [words.pop(0)]
    while taken[-1].isdecimal() and words and _UNIT_WORD.fullmatch(words[0]):
        taken.append(words.pop(0))
        if len(words) > 1 and words[0].isdecimal() and _UNIT_WORD.fullmatch(words[1]):
            taken.append(words.pop(0))
    return " ".join(taken)


def format_duration(milliseconds: int | None) -> str:
    """The shortest form that `parse_duration` reads back; `until-revoked` for None."""
    if milliseconds is None:
        return UNTIL_REVOKED
    minutes = max(milliseconds // MINUTE, 0)
    days, rest = divmod(minutes, DAY // MINUTE)
    hours, minutes = divmod(rest, 60)
    parts = [f"{value}{unit}" for value, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if value]
    return "".join(parts) or "0m"
