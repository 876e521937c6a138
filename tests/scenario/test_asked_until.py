"""Access that is asked for until a moment: by the clock on the wall of whoever asks, and never for longer."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.forms import other
from tests.harness.refusals import stands_under
from tests.harness.reminders import FRIDAY, MONDAY, goes_to, lives_in
from tests.harness.waiting import comes_to

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def monday(app: AppHarness) -> AppHarness:
    lives_in(app, "Asia/Shanghai", app.carol)
    goes_to(app, MONDAY, 10, zone=SHANGHAI)
    return app


def wall(milliseconds: int | None) -> str:
    assert milliseconds is not None
    return datetime.fromtimestamp(milliseconds / 1_000, SHANGHAI).strftime("%A %H:%M")


def test_it_ends_at_that_moment_however_late_it_was_approved(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} until friday 17:30 rolling out")
    asked = monday.record(ref).request
    assert wall(asked.ends_by) == "Friday 17:30" and asked.reason == "rolling out"
    until = datetime.fromtimestamp((asked.ends_by or 0) / 1_000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    shown = monday.card(ref).plain
    assert "*Duration*\nuntil <!date" in shown and f"|{until}>" in shown
    monday.people.advance(20 * HOUR)
    monday.approve(ref, monday.bob)
    comes_to(monday, ref, "active")
    assert wall(monday.record(ref).request.ends_at) == "Friday 17:30"
    monday.people.advance((asked.ends_by or 0) / 1_000 - monday.people.now() + 1)
    comes_to(monday, ref, "ended")
    assert not monday.holds("carol", ENGINE)


def test_a_request_that_nobody_decided_by_then_expires(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} until 12:00 rolling out")
    card = monday.card(ref)
    monday.people.advance(2 * HOUR)
    monday.carol.direct_message_with("expired without a decision")
    assert monday.record(ref).request.state == "expired"
    assert "Approve" not in monday.card(ref, "expired").buttons and card.ts == monday.card(ref, "expired").ts


def test_an_approval_for_a_shorter_time_ends_sooner(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} until friday rolling out")
    monday.bob.click("Approve with changes", monday.card(ref))
    assert monday.bob.submit({"Duration": "2h"}) == {}
    comes_to(monday, ref, "active")
    assert wall(monday.record(ref).request.ends_at).startswith("Monday 12:0")


def test_the_form_takes_it_by_the_same_clock_and_asking_again_shows_the_usual_time(monday: AppHarness) -> None:
    monday.carol.type("/pairec-access request")
    assert monday.carol.submit({"What": ENGINE, **other("until tomorrow"), "Reason": "rolling out"}) == {}
    ref = monday.carol.direct_message_with("you requested *Engine*").plain.split("*")[1]
    assert wall(monday.record(ref).request.ends_by) == "Tuesday 18:00"
    monday.cancels(monday.carol, ref)
    monday.carol.click("Request again", monday.carol.direct_message_with("was cancelled"))
    assert "Duration: 8h" in monday.carol.modal("Request access").plain


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("until monday 9:00", "until monday 9:00 has passed: that was"),
        ("until fryday", "until fryday is not a duration. Use a format such as 30m, 8 hours or 2w, until friday 18:00"),
        ("until 9999-12-31", "until 9999-12-31 is not a duration"),
        ("until 2099-12-31", "90d"),
    ],
)
def test_what_cannot_be_is_said_under_the_field_and_asks_for_nothing(monday: AppHarness, text: str, says: str) -> None:
    monday.carol.type("/pairec-access request")
    errors = monday.carol.submit({"What": ENGINE, **other(text), "Reason": "rolling out"})
    stands_under(errors, "other", says)
    assert monday.requests() == 0


def test_friday_that_is_over_on_a_friday_evening_is_asked_back_with_the_date_of_the_next(app: AppHarness) -> None:
    lives_in(app, "Asia/Shanghai", app.carol)
    goes_to(app, FRIDAY, 20, zone=SHANGHAI)
    next_week = datetime.fromtimestamp(app.people.now() + 7 * 24 * HOUR, SHANGHAI)
    app.carol.type(f"/pairec-access request {ENGINE} until friday")
    app.carol.ephemeral_with(f"Write a later date, such as `until {next_week:%Y-%m-%d} 18:00`")
    assert app.requests() == 0
