"""Access from a moment on: approved, and nothing granted before; judged once more when it starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.app import ADMIN, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, refused, stands_under
from tests.harness.reminders import MINUTE, MONDAY, goes_to, is_reminded, lives_in
from tests.harness.rules import catalog_with
from tests.harness.waiting import comes_to
from tests.scenario.policies import change, engine_is_reviewed, notice
from tests.scenario.test_asked_until import SHANGHAI, wall

DAY = 24 * HOUR
ANYBODY = """
[[rules]]
name = "anybody"
when = "item == 'PaiRecEngineAccess'"
auto_approve = "8h"
"""
AT_NIGHT = """
[[rules]]
name = "not at night"
when = "now.getHours('Asia/Shanghai') < 6"
deny = "Not at night."
"""


@pytest.fixture
def monday(app: AppHarness) -> AppHarness:
    lives_in(app, "Asia/Shanghai", app.carol)
    goes_to(app, MONDAY, 10, zone=SHANGHAI)
    return app


def scheduled(app: AppHarness, line: str = "2h from tomorrow 09:00 rolling out") -> str:
    ref = app.asked(app.carol, f"{ENGINE} {line}")
    app.approve(ref, app.bob)
    app.card(ref, "scheduled")
    return ref


def goes_on(app: AppHarness, ref: str) -> None:
    """Until a second after the start."""
    app.people.advance((app.record(ref).request.starts_at or 0) / 1_000 - app.people.now() + 1)


def closes(app: AppHarness, ref: str, why: str) -> None:
    goes_on(app, ref)
    card = app.card(ref, "cancelled")
    assert why in card.plain and "Revoke" not in card.buttons, card.plain
    assert why in app.carol.direct_message_with("could not start").plain
    assert app.record(ref).request.state == "cancelled" and not app.holds("carol", ENGINE)
    assert any(each["event"] == "not started" for each in audit_trail(app)) and app.chain_holds()


def test_nothing_is_granted_before_the_start_and_all_of_it_until_the_end(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} 2h from tomorrow 09:00 rolling out")
    asked = monday.record(ref).request
    assert wall(asked.starts_at) == "Tuesday 09:00" and asked.reason == "rolling out"
    assert "*Starts*" in monday.card(ref).plain
    monday.carol.direct_message_with("you requested *Engine*")
    monday.approve(ref, monday.bob)
    assert "nothing is granted before" in monday.card(ref, "scheduled").plain
    assert "starts <!date^" in monday.carol.direct_message_with("nothing is granted before").plain
    assert monday.record(ref).request.state == "scheduled" and not monday.holds("carol", ENGINE)
    assert wall(monday.record(ref).request.ends_at) == "Tuesday 11:00"
    monday.people.advance(22 * HOUR)
    assert not monday.holds("carol", ENGINE)
    goes_on(monday, ref)
    comes_to(monday, ref, "active")
    assert monday.holds("carol", ENGINE) and wall(monday.record(ref).request.ends_at) == "Tuesday 11:00"
    monday.people.advance(2 * HOUR)
    comes_to(monday, ref, "ended")
    assert not monday.holds("carol", ENGINE) and monday.chain_holds()


def test_until_a_moment_it_ends_then_and_approved_after_the_start_it_begins_at_once(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} until friday 17:30 from tomorrow rolling out")
    request = monday.record(ref).request
    assert wall(request.starts_at) == "Tuesday 09:00" and wall(request.ends_by) == "Friday 17:30"
    late = monday.asked(monday.dave, f"{ENGINE} 2h from today 23:00 rolling out")
    monday.people.advance(23.5 * HOUR)
    monday.approve(late, monday.bob)
    comes_to(monday, late, "active")
    end, now = monday.record(late).request.ends_at or 0, monday.people.now()
    assert abs(end / 1_000 - now - 2 * HOUR) < 60


def test_approved_twice_by_a_double_click_it_is_scheduled_and_given_once(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} 2h 从明天9:00 rolling out")
    monday.people.inject_slack_fault({"fault": "redeliver"})
    monday.approve(ref, monday.bob)
    monday.card(ref, "scheduled")
    goes_on(monday, ref)
    comes_to(monday, ref, "active")
    assert monday.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_the_form_takes_a_start_and_says_under_it_what_cannot_be(monday: AppHarness) -> None:
    monday.carol.type("/pairec-access request")
    wanted = {"What": ENGINE, "Duration": "2h", "Reason": "rolling out"}
    for text, says in (("soon", "is not a start"), ("today 9:00", "has passed"), ("2099-01-01", "days ahead")):
        stands_under(monday.carol.submit({**wanted, "Starts": text}), "starts", says)
    assert monday.requests() == 0
    assert monday.carol.submit({**wanted, "Starts": "friday 14:00"}) == {}
    ref = monday.carol.direct_message_with("you requested *Engine*").plain.split("*")[1]
    assert wall(monday.record(ref).request.starts_at) == "Friday 14:00"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2h from monday 9:00 rolling out", "has passed"),
        ("2h from 2099-12-31 rolling out", "more than 30 days ahead"),
        ("2h from fryday 9:00 rolling out", "is not a start"),
        ("until tomorrow 9:00 from tomorrow 10:00 rolling out", "is not before the end"),
    ],
)
def test_a_start_that_cannot_be_is_one_sentence(monday: AppHarness, line: str, says: str) -> None:
    monday.carol.type(f"/pairec-access request {ENGINE} {line}")
    monday.carol.ephemeral_with(says)
    assert monday.requests() == 0


def test_a_reason_may_begin_with_the_same_word(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} 2h from scratch once more")
    request = monday.record(ref).request
    assert request.starts_at is None and request.reason == "from scratch once more"


def _user_gone(app: AppHarness) -> None:
    app.by_hand("DeleteUser", UserName="carol")


def _approver_gone(app: AppHarness) -> None:
    app.by_hand("DetachPolicyFromUser", PolicyType="Custom", PolicyName=ADMIN, UserName="bob")


def _guest(app: AppHarness) -> None:
    app.people.inject_slack_fault({"person": "U0CAROL", "set": {"is_restricted": True}})


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_user_gone, "its RAM user is gone"),
        (_approver_gone, "its approvals no longer count"),
        (_guest, "its subject is a guest in Slack now"),
    ],
)
def test_what_may_not_be_given_any_more_does_not_start(
    monday: AppHarness, happens: Callable[[AppHarness], None], why: str
) -> None:
    ref = scheduled(monday)
    happens(monday)
    closes(monday, ref, why)


def test_a_rule_that_forbids_it_by_then_keeps_it_from_starting(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, AT_NIGHT))}) as app:
        lives_in(app, "Asia/Shanghai", app.carol)
        goes_to(app, MONDAY, 10, zone=SHANGHAI)
        closes(app, scheduled(app, "2h from tomorrow 03:00 rolling out"), "a rule of the catalogue does not allow it")


def test_a_policy_that_is_not_the_reviewed_one_by_then_keeps_it_from_starting(monday: AppHarness) -> None:
    engine_is_reviewed(monday)
    ref = scheduled(monday)
    change(monday, "*:*")
    closes(monday, ref, "a policy is not the reviewed one")
    assert notice(monday)


def test_what_left_the_catalogue_does_not_start(tmp_path: Path) -> None:
    path = catalog_with(tmp_path)
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}) as app:
        lives_in(app, "Asia/Shanghai", app.carol)
        goes_to(app, MONDAY, 10, zone=SHANGHAI)
        ref = scheduled(app)
        path.write_text(path.read_text("utf-8").replace(ENGINE, MONITOR + "2"), "utf-8")
        app.restart_bot()
        closes(app, ref, "it is not in the catalogue any more")


def test_what_a_rule_approved_starts_while_the_rule_is_there(tmp_path: Path) -> None:
    path = catalog_with(tmp_path, ANYBODY)
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}) as app:
        lives_in(app, "Asia/Shanghai", app.carol)
        goes_to(app, MONDAY, 10, zone=SHANGHAI)
        first = app.asked(app.carol, f"{ENGINE} 2h from today 12:00 rolling out")
        app.card(first, "scheduled")
        goes_on(app, first)
        comes_to(app, first, "active")
        second = app.asked(app.dave, f"{ENGINE} 2h from today 16:00 rolling out")
        app.card(second, "scheduled")
        catalog_with(tmp_path)
        app.restart_bot()
        goes_on(app, second)
        assert "its approvals no longer count" in app.card(second, "cancelled").plain
        assert not app.holds("dave", ENGINE) and app.chain_holds()


def test_a_clock_that_was_ahead_when_it_was_approved_moves_neither_start_nor_end(app: AppHarness) -> None:
    app.clock_is_set(5 * HOUR)
    ref = scheduled(app)
    before = app.record(ref).request
    app.clock_is_set(-5 * HOUR)
    app.until(lambda: "clock was ahead" in app.events(ref), "its time to be put right")
    after = app.record(ref).request
    assert (after.starts_at, after.ends_at, after.state) == (before.starts_at, before.ends_at, "scheduled")
    goes_on(app, ref)
    comes_to(app, ref, "active")
    assert app.chain_holds()


def test_whoever_asked_withdraws_it_before_the_start(monday: AppHarness) -> None:
    ref = scheduled(monday)
    monday.cancels(monday.carol, ref)
    monday.card(ref, "cancelled")
    goes_on_after(monday)
    assert not monday.holds("carol", ENGINE) and monday.chain_holds()


def test_an_approver_revokes_it_before_the_start(monday: AppHarness) -> None:
    ref = scheduled(monday)
    monday.bob.click("Revoke", monday.card(ref, "scheduled"))
    monday.card(ref, "cancelled")
    goes_on_after(monday)
    assert not monday.holds("carol", ENGINE) and monday.chain_holds()


def goes_on_after(app: AppHarness) -> None:
    app.people.advance(2 * DAY)
    # What is asked for after that is active: the other would have been as well.
    other = app.asked(app.dave, f"{ENGINE} 2h rolling out")
    app.approve(other, app.bob)
    comes_to(app, other, "active")


def test_it_is_shown_in_the_list_and_not_extended(monday: AppHarness) -> None:
    ref = scheduled(monday)
    monday.carol.type("/pairec-access list")
    shown = monday.carol.ephemeral_with("nothing is granted before")
    assert ref in shown.plain and "Extend" not in shown.buttons
    assert "Your pending and scheduled requests" in shown.plain


def test_whoever_decides_and_whoever_waits_read_when_it_starts(monday: AppHarness) -> None:
    lives_in(monday, "Asia/Shanghai", monday.alice, monday.bob, monday.judy)
    monday.asked(monday.carol, f"{ENGINE} 2h from tomorrow 09:00 rolling out")
    for person in (monday.carol, monday.bob):
        person.type("/pairec-access list")
        person.ephemeral_with("2h, from <!date^")
    monday.people.advance(15 * MINUTE)
    assert "2h, from <!date^" in is_reminded(monday, monday.bob).plain


def test_explain_takes_a_start(monday: AppHarness) -> None:
    monday.carol.type(f"/pairec-access explain {ENGINE} 2h from tomorrow 9:00")
    assert "2h, from <!date^" in monday.carol.ephemeral_with("needs 1 approval").plain


def test_somebody_elses_request_is_not_theirs_to_withdraw(monday: AppHarness) -> None:
    ref = scheduled(monday)
    with refused(monday, monday.dave, "not_yours", "is not yours", ref, act="cancel"):
        monday.dave.type(f"/pairec-access cancel {ref}")
