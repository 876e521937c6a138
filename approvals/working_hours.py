"""When people work: some hours of Monday to Friday, in the time zone that they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from approvals.millis import DomainMillis

SATURDAY = 5
"""As `datetime.weekday` counts."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of the day by the clock on somebody's wall, from one to before the other; 24 is midnight."""

    begin: int = 9
    end: int = 18

    def __str__(self) -> str:
        return f"{self.begin}-{self.end}"

    def next_within(self, now: DomainMillis, zone: str | None) -> DomainMillis:
        """`now` where that is within these hours, and else the moment when they begin next. `zone`: the IANA name of
        where somebody is, such as Asia/Shanghai; UTC where it is not known.
        """
        where = _zone(zone)
        local = datetime.fromtimestamp(now / 1_000, where)
        if local.weekday() < SATURDAY and self.begin <= local.hour < self.end:
            return now
        day = local.date()
        while True:
            begins = datetime(day.year, day.month, day.day, self.begin, tzinfo=where)
            moment = DomainMillis(round(begins.timestamp() * 1_000))
            if begins.weekday() < SATURDAY and moment > now:
                return moment
            day += timedelta(days=1)


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A zone that this machine has no data of, or no name of one.
        return UTC
