"""Slack, or what answers in its place, takes nothing for some seconds: every kind of message comes in the end, and none
counts as said before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.app import APPROVALS, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.boards import GENERAL, board, boards, thread
from tests.harness.newer_version import raise_unknown_notice
from tests.harness.refusals import is_told
from tests.harness.waiting import carol_has, in_time

Order = dict[str, Any]

WORDS = (
    "account_inactive",
    "org_login_required",
    "ekm_access_denied",
    "missing_scope",
    "accesslimited",
    "team_access_not_granted",
    "access_denied",
    "no_permission",
    "invalid_auth",
    "two_factor_setup_required",
    "a_word_of_tomorrow",
)
ANSWERS: dict[str, Order] = {
    **{word: {"fault": "error", "error": word} for word in WORDS},
    "html 403": {"fault": "html"},
    "html 200": {"fault": "html", "status": 200},
    "html 502": {"fault": "html", "status": 502},
    "html 404": {"fault": "html", "status": 404},
    "nothing": {"fault": "answer"},
    "nothing 503": {"fault": "answer", "status": 503},
    "{}": {"fault": "answer", "body": "{}"},
    "only ok": {"fault": "answer", "body": '{"ok": true}'},
    "null": {"fault": "answer", "body": "null"},
    "a list": {"fault": "answer", "body": '["ok"]'},
    "another shape": {"fault": "answer", "body": '{"ok": false, "error": {"code": 403}}'},
    "cut": {"fault": "cut_answer"},
}
FEW = ("account_inactive", "html 403", "{}", "only ok", "a list", "a_word_of_tomorrow")
"""One of each kind, where a test takes long."""
TIMES = 3
DETACH = "DetachPolicyFromUser"


def takes_nothing(app: AppHarness, name: str, method: str = "*", **more: Any) -> None:
    """Some calls long. Who people are is known all the while, so that they can do something."""
    methods = ["chat.postMessage", "chat.update", "views.publish", "conversations.info"] if method == "*" else [method]
    for each in methods:
        app.people.inject_slack_fault({**ANSWERS[name], "method": each, "times": TIMES, **more})


def sees(app: AppHarness, person: str, text: str) -> Callable[[], bool]:
    return lambda: any(text in message.plain for message in app.people.person(person).messages())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_card_and_what_is_told_of_it_come_in_the_end(app: AppHarness, name: str) -> None:
    takes_nothing(app, name)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    in_time(app, lambda: app.cards(), "a card")
    in_time(app, sees(app, "carol", "needs 1 approval"), "carol to be told")
    assert app.card("R-1001").buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_decision_is_shown_in_the_end(app: AppHarness, name: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    takes_nothing(app, name, "chat.update")
    app.bob.click("Approve", card)
    in_time(app, lambda: "active" in app.card(ref).plain, "the card to be redrawn")
    assert app.card(ref).buttons == ["Revoke", "Details"]


@pytest.mark.parametrize("name", [name for name in FEW if name != "only ok"])
def test_an_answer_in_private_comes_in_the_end(app: AppHarness, name: str) -> None:
    takes_nothing(app, name, "chat.postMessage", channel="U0DAVE")
    app.people.inject_slack_fault({**ANSWERS[name], "method": "response_url"})
    app.dave.type(f"/pairec-access request {MONITOR} 8h watching")
    in_time(app, sees(app, "dave", f"RAM user `dave` has `{MONITOR}` already"), "dave to be answered")


@pytest.mark.parametrize("name", FEW)
def test_an_alarm_counts_as_raised_when_it_was_taken(app: AppHarness, name: str) -> None:
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    app.people.advance(HOUR + 1)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    for method in ("chat.postMessage", "conversations.info"):
        app.people.inject_slack_fault({**ANSWERS[name], "method": method, "times": None})
    app.people.advance(5 * 60)
    app.until(lambda: put_off(app, "alarm"), "the alarm to be put off")
    assert "alarm" not in app.events(ref)
    app.people.clear_faults()
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    in_time(app, sees(app, "bob", "access is not revoked yet"), "the alarm")
    in_time(app, lambda: "alarm" in app.events(ref), "the alarm to count")


@pytest.mark.parametrize("name", FEW)
def test_a_notice_comes_in_the_end(app: AppHarness, name: str) -> None:
    takes_nothing(app, name)
    raise_unknown_notice(app.ledger)
    in_time(app, sees(app, "bob", "needs an administrator's attention"), "the notice")


@pytest.mark.parametrize("name", FEW)
def test_app_home_is_drawn_in_the_end(app: AppHarness, name: str) -> None:
    takes_nothing(app, name, "views.publish")
    app.carol.open_home()
    in_time(app, lambda: "Request access" in app.carol.screen_text(), "App Home to be drawn")


@pytest.mark.parametrize("name", FEW)
def test_a_board_and_what_changed_come_in_the_end(app: AppHarness, name: str) -> None:
    takes_nothing(app, name, "chat.postMessage", channel=GENERAL)
    is_told(app, app.carol, "/pairec-status watch 30m", "This channel watches the status now")
    in_time(app, lambda: boards(app.carol), "a board")
    takes_nothing(app, name, "chat.update", channel=GENERAL)
    first = board(app, app.carol, "watched every 30m")
    takes_nothing(app, name, "chat.postMessage", channel=GENERAL)
    app.people.turn_switch("oss.permission")
    app.people.advance(1801)
    in_time(app, lambda: thread(app.carol, first), "the change to be posted")


@pytest.mark.parametrize("name", ["html 403", "html 200", "nothing", "{}"])
def test_a_board_that_is_sent_as_a_reply_comes_in_the_end(app: AppHarness, name: str) -> None:
    app.people.inject_slack_fault({**ANSWERS[name], "method": "response_url", "times": 2})
    app.carol.type("/pairec-status oss", "C0RANKING")
    in_time(app, sees(app, "carol", "PAI-Rec status"), "the board")


@pytest.mark.parametrize("name", ["account_inactive", "html 403"])
@pytest.mark.parametrize("button", ["Deny", "Details"])
def test_a_window_that_does_not_open_is_no_fault_of_ours(app: AppHarness, name: str, button: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({**ANSWERS[name], "method": "views.open"})
    app.bob.click(button, app.card(ref))
    app.bob.ephemeral_with("Nothing was changed.")


def test_what_is_told_comes_after_a_restart_in_the_middle(app: AppHarness) -> None:
    for method in ("chat.postMessage", "conversations.info"):
        app.people.inject_slack_fault({**ANSWERS["html 403"], "method": method, "times": None})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(lambda: put_off(app, "post") and put_off(app, "tell"), "the card to be put off")
    app.stop_bot()
    app.people.clear_faults()
    app.start_bot()
    in_time(app, lambda: app.cards(), "a card")
    in_time(app, sees(app, "carol", "needs 1 approval"), "carol to be told")
    assert len(app.cards()) == 1


def test_health_says_since_when_slack_takes_nothing_until_it_takes_something(app: AppHarness) -> None:
    assert app.program is not None
    conditions = app.program.conditions
    assert "slack messages" not in conditions.current()
    for method in ("chat.postMessage", "conversations.info"):
        app.people.inject_slack_fault({"fault": "error", "error": "account_inactive", "method": method, "times": None})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.until(lambda: "slack messages" in conditions.current(), "the condition")
    first = conditions.current()["slack messages"]
    assert "account_inactive" in first.message
    app.real_passes(30)
    app.until(lambda: put_off(app, "tell") and put_off(app, "post"), "both to be put off")
    assert conditions.current()["slack messages"].since == first.since
    app.people.clear_faults()
    in_time(app, lambda: app.cards(), "a card")
    app.until(lambda: "slack messages" not in conditions.current(), "the condition to be over")


def test_one_channel_that_takes_nothing_holds_up_no_other(app: AppHarness) -> None:
    order = {**ANSWERS["html 403"], "method": "chat.postMessage", "channel": APPROVALS, "times": None}
    app.people.inject_slack_fault(order)
    for person in (app.carol, app.dave, app.frank):
        person.type(f"/pairec-access request {ENGINE} 8h rollout")
        person.direct_message_with("needs 1 approval")


def test_a_card_that_the_channel_alone_does_not_take_goes_to_each_approver_meanwhile(app: AppHarness) -> None:
    order = {**ANSWERS["html 403"], "method": "chat.postMessage", "channel": APPROVALS, "times": None}
    app.people.inject_slack_fault(order)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    in_time(app, sees(app, "bob", "R-1001 · needs approval"), "a copy for bob")
    assert app.cards() == []
    app.people.clear_faults()
    in_time(app, lambda: app.cards(), "the card in the channel")


def put_off(app: AppHarness, kind: str, what: str = "") -> bool:
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT payload FROM jobs WHERE kind = :kind AND last_trouble IS NOT NULL", kind=kind)
    return any(what in row["payload"] for row in rows)


def test_what_comes_too_late_to_be_of_use_is_given_up(app: AppHarness) -> None:
    order = {**ANSWERS["html 403"], "method": "chat.postMessage", "channel": "U0CAROL", "times": None}
    app.people.inject_slack_fault(order)
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.until(lambda: put_off(app, "tell"), "carol not to be told")
    app.people.advance(2 * 24 * HOUR)
    in_time(app, lambda: "expired" in app.events(ref), "the request to expire all the same")
    in_time(app, lambda: put_off(app, "tell", "expired"), "carol not to be told that either, which says all")
    app.people.advance(8 * 24 * HOUR)
    in_time(app, lambda: "not told" in app.events(ref), "it to be given up")
