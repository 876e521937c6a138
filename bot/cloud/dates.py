"""The cloud's own dates in its answers, in milliseconds since the epoch and to the second: this machine's clock may be
wrong, and two dates of the cloud's can be compared all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

STAMP = "%Y-%m-%dT%H:%M:%SZ"


def parse_date(stamp: str | None) -> int | None:
    """A date in an answer, such as an AttachDate; None where it is missing or no date."""
    try:
        return round(datetime.strptime(stamp or "", STAMP).replace(tzinfo=UTC).timestamp() * 1_000)
    except ValueError:
        return None


def answered_at(headers: Mapping[str, str] | None) -> int | None:
    """When the cloud gave an answer; None where it does not say."""
    try:
        return round(parsedate_to_datetime((headers or {}).get("date", "")).timestamp() * 1_000)
    except (TypeError, ValueError):
        return None
