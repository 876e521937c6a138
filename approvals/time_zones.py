"""The time zone that somebody is in, by the name that Slack gives it."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def time_zone(name: str | None) -> tzinfo:
    """The zone of an IANA name such as Asia/Shanghai; UTC where there is none, or this machine does not know it."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A zone that this machine has no data of, or no name of one.
        return UTC
