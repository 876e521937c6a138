"""When somebody works, by the clock on their own wall."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from approvals.millis import DomainMillis
from approvals.working_hours import WorkingHours


def at(moment: str, zone: str) -> DomainMillis:
    return DomainMillis(round(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000))


@pytest.mark.parametrize(
    ("now", "zone", "begins"),
    [
        ("2026-11-30T09:00", "Asia/Shanghai", "2026-11-30T09:00"),
        ("2026-11-30T17:59", "Asia/Shanghai", "2026-11-30T17:59"),
        ("2026-11-30T08:59", "Asia/Shanghai", "2026-11-30T09:00"),
        ("2026-11-30T18:00", "Asia/Shanghai", "2026-12-01T09:00"),
        ("2026-12-04T18:00", "Asia/Kolkata", "2026-12-07T09:00"),
        ("2026-12-05T12:00", "Asia/Kolkata", "2026-12-07T09:00"),
        ("2026-12-06T23:59", "Asia/Kolkata", "2026-12-07T09:00"),
        # The clocks are put forward, and back, on these Sundays.
        ("2026-03-27T18:00", "Europe/Berlin", "2026-03-30T09:00"),
        ("2026-10-23T18:00", "Europe/Berlin", "2026-10-26T09:00"),
        ("2026-03-06T20:00", "America/Los_Angeles", "2026-03-09T09:00"),
        ("2026-10-30T20:00", "America/Los_Angeles", "2026-11-02T09:00"),
    ],
)
def test_they_begin_by_the_clock_on_the_wall(now: str, zone: str, begins: str) -> None:
    assert WorkingHours().next_within(at(now, zone), zone) == at(begins, zone)


def test_a_weekend_in_which_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    for friday, hours in (("2026-03-27T18:00", 62), ("2026-10-23T18:00", 64), ("2026-11-27T18:00", 63)):
        now = at(friday, "Europe/Berlin")
        assert WorkingHours().next_within(now, "Europe/Berlin") - now == hours * 3_600_000


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe", "\0"])
def test_where_somebody_is_who_says_no_such_place_it_is_utc(zone: str | None) -> None:
    assert WorkingHours().next_within(at("2026-11-30T08:00", "UTC"), zone) == at("2026-11-30T09:00", "UTC")


def test_a_whole_day_ends_at_midnight_and_a_weekend_is_none() -> None:
    always = WorkingHours(0, 24)
    assert always.next_within(at("2026-11-27T23:59", "UTC"), "UTC") == at("2026-11-27T23:59", "UTC")
    assert always.next_within(at("2026-11-28T00:00", "UTC"), "UTC") == at("2026-11-30T00:00", "UTC")
