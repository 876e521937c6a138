"""How requests and grants went, week by week: however many there are, what is kept of them is a few numbers a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, log

from approvals.grant import ALARM_AFTER_MS, GrantState
from approvals.ledger import Tx, history
from approvals.ledger.history import PastGrant, PastRequest
from approvals.millis import DAY, MINUTE, SECOND
from approvals.model import RequestState

WEEK = 7 * DAY
MONDAY = 4 * DAY
"""The first of all time."""
STEP = 1.1
"""Durations are told apart by a tenth."""
OPEN = (GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
DECISION_BOUNDS = (5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 240 * MINUTE, DAY, 3 * DAY)
"""Milliseconds."""
DECIDED = (RequestState.APPROVED, RequestState.DENIED)


class Spread:
    """Durations, as far as their quantiles go."""

    def __init__(self) -> None:
        self.number = 0
        self._counts: Counter[int] = Counter()

    def take(self, milliseconds: int) -> None:
        """One more."""
        self.number += 1
        self._counts[ceil(log(max(milliseconds, SECOND) / SECOND, STEP))] += 1

    def quantile(self, part: float) -> int | None:
        """Milliseconds that so many of them were within, to a tenth; None where there are none."""
        seen = 0
        for step, count in sorted(self._counts.items()):
            seen += count
            if seen >= part * self.number:
                return round(STEP**step * SECOND)
        return None

    def within(self, bound: int) -> int:
        """How many took so many milliseconds or less."""
        return sum(count for step, count in self._counts.items() if STEP**step * SECOND <= bound * STEP**0.5)


@dataclass
class PastWeeks:
    """All of it. Weeks are the number of milliseconds at which they begin, on Mondays at 0:00 UTC."""

    asked: Counter[int] = field(default_factory=Counter)
    """By week."""
    states: Counter[str] = field(default_factory=Counter)
    """Requests by state."""
    items: Counter[str] = field(default_factory=Counter)
    """Requests by what was asked for."""
    decisions: Spread = field(default_factory=Spread)
    """From asking to the decision."""
    grants: int = 0
    begun: dict[bool, Counter[int]] = field(default_factory=lambda: {True: Counter(), False: Counter()})
    """Grants that came to be there, by whether they have an end, and by week."""
    over: dict[bool, Counter[int]] = field(default_factory=lambda: {True: Counter(), False: Counter()})
    late: Counter[int] = field(default_factory=Counter)
    """Grants that were gone more than 5 minutes after their end, by the week of that."""
    longest_late: int = 0
    """Milliseconds."""
    overdue: int = 0
    """Grants that should be gone for 5 minutes, and are not."""

    def standing(self, weeks: list[int], *, timed: bool) -> list[int]:
        """How many grants were there at the end of each of these weeks, which follow each other."""
        began, ended = self.begun[timed], self.over[timed]
        before = sum(number for week, number in began.items() if week < weeks[0])
        number = before - sum(number for week, number in ended.items() if week < weeks[0])
        found = []
        for week in weeks:
            number += began[week] - ended[week]
            found.append(number)
        return found


def week_of(moment: int) -> int:
    """That of a moment."""
    return (moment - MONDAY) // WEEK * WEEK + MONDAY


def weeks_until(now: int, most: int, first: int) -> list[int]:
    """The last so many weeks, and no more than 8 where the `first` is not before them."""
    last = week_of(now)
    begin = max(min(week_of(first), last - 7 * WEEK), last - (most - 1) * WEEK)
    return [*range(begin, last + 1, WEEK)]


def past_weeks(tx: Tx, now: int, progress: Callable[[int], object]) -> PastWeeks:
    """Read all of it; `progress` is told of so many more rows now and again."""
    found, rows = PastWeeks(), 0
    for request in history.past_requests(tx):
        _take_request(found, request)
        rows = _told(rows, progress)
    for grant in history.past_grants(tx):
        _take_grant(found, grant, now)
        rows = _told(rows, progress)
    progress(rows % history.ROWS_PER_PAGE)
    return found


def _told(rows: int, progress: Callable[[int], object]) -> int:
    rows += 1
    if rows % history.ROWS_PER_PAGE == 0:
        progress(history.ROWS_PER_PAGE)
    return rows


def _take_request(found: PastWeeks, request: PastRequest) -> None:
    found.asked[week_of(request.created_at)] += 1
    found.states[request.state] += 1
    found.items[request.item] += 1
    if request.closed_at is not None and request.state in DECIDED:
        found.decisions.take(request.closed_at - request.created_at)


def _take_grant(found: PastWeeks, grant: PastGrant, now: int) -> None:
    timed = grant.ends_at is not None
    found.grants += 1
    found.begun[timed][week_of(grant.active_at)] += 1
    if grant.ended_at is not None:
        found.over[timed][week_of(grant.ended_at)] += 1
    if grant.ends_at is None:
        return
    if grant.ended_at is not None and grant.ended_at - grant.ends_at > ALARM_AFTER_MS:
        found.late[week_of(grant.ended_at)] += 1
        found.longest_late = max(found.longest_late, grant.ended_at - grant.ends_at)
    elif grant.ended_at is None and grant.state in OPEN and now - grant.ends_at > ALARM_AFTER_MS:
        found.overdue += 1
