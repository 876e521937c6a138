"""How requests and grants went, week by week, from their rows."""

from __future__ import annotations

from approvals.ledger.history import PastGrant, PastRequest
from approvals.millis import DAY, HOUR, MINUTE
from approvals.queries.history import WEEK, PastWeeks, Spread, _take_grant, _take_request, week_of, weeks_until

MONDAY = 1_795_996_800_000
"""2026-11-30 0:00 UTC."""


def test_a_week_begins_on_monday_at_midnight() -> None:
    assert week_of(MONDAY) == week_of(MONDAY + WEEK - 1) == MONDAY
    assert week_of(MONDAY - 1) == MONDAY - WEEK


def test_so_many_weeks_are_shown_as_there_is_anything_of_and_eight_at_least() -> None:
    assert weeks_until(MONDAY, 52, MONDAY) == [MONDAY - (7 - number) * WEEK for number in range(8)]
    assert len(weeks_until(MONDAY, 52, MONDAY - 20 * WEEK)) == 21
    assert len(weeks_until(MONDAY, 52, 0)) == 52


def test_quantiles_are_right_to_a_tenth() -> None:
    spread = Spread()
    for minutes in range(1, 101):
        spread.take(minutes * MINUTE)
    for part, minutes in ((0.5, 50), (0.9, 90), (1.0, 100)):
        found = spread.quantile(part)
        assert found is not None and minutes * MINUTE <= found <= minutes * MINUTE * 1.11
    assert abs(spread.within(15 * MINUTE) - 15) <= 1
    assert Spread().quantile(0.5) is None


def test_what_is_there_at_the_end_of_a_week_is_counted_by_whether_it_has_an_end() -> None:
    past, weeks = PastWeeks(), [MONDAY - WEEK, MONDAY]
    for grant in (
        PastGrant(1, MONDAY + DAY, MONDAY - 30 * WEEK, None, "active"),
        PastGrant(2, MONDAY, MONDAY - WEEK, MONDAY + HOUR, "ended"),
        PastGrant(3, None, MONDAY, None, "active"),
    ):
        _take_grant(past, grant, MONDAY + 2 * HOUR)
    assert past.standing(weeks, timed=True) == [2, 1]
    assert past.standing(weeks, timed=False) == [0, 1]
    assert (past.late[MONDAY], past.longest_late, past.overdue) == (1, HOUR, 0)


def test_what_should_be_gone_for_more_than_5_minutes_is_overdue() -> None:
    past = PastWeeks()
    _take_grant(past, PastGrant(1, MONDAY, MONDAY - DAY, None, "ending"), MONDAY + 6 * MINUTE)
    _take_grant(past, PastGrant(2, MONDAY, MONDAY - DAY, None, "ending"), MONDAY + 5 * MINUTE)
    assert (past.overdue, past.grants) == (1, 2)


def test_only_what_somebody_decided_counts_for_the_time_to_a_decision() -> None:
    past = PastWeeks()
    for number, state in enumerate(("approved", "denied", "expired", "cancelled", "pending")):
        closed = None if state == "pending" else MONDAY + HOUR
        _take_request(past, PastRequest(number, state, "PaiRecEngineAccess", MONDAY, closed))
    assert past.decisions.number == 2 and past.asked[MONDAY] == 5 and past.states["expired"] == 1
