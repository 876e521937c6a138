"""When people work: some hours of Monday to Friday, in the time zone that they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals.millis import DomainMillis
from approvals.time_zones import time_zone

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
        where = time_zone(zone)
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
