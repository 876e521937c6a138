"""Nobody's request dies in silence: approvers who have not decided are reminded while they work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.reminders import (
    FRIDAY,
    MINUTE,
    MONDAY,
    SATURDAY,
    goes_to,
    has_looked,
    is_reminded,
    lives_in,
    reminders,
)

ASKS = f"{ENGINE} 8h rolling out"
EVERYBODY = ["U0ALICE", "U0BOB", "U0JUDY"]


@pytest.fixture
def monday(app: AppHarness) -> AppHarness:
    goes_to(app, MONDAY, 10)
    return app


@pytest.fixture
def without_channel(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_APPROVALS_CHANNEL": ""}, pace=10.0) as opened:
        goes_to(opened, MONDAY, 10)
        yield opened


def test_who_has_not_decided_is_reminded_below_the_card_after_a_quarter_an_hour_and_four(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, ASKS)
    card = monday.card(ref)
    assert 14 * MINUTE < (has_looked(monday, ref) or 0) <= 15 * MINUTE
    assert reminders(monday.bob) == []
    for number, later in enumerate((15 * MINUTE, 45 * MINUTE, 3 * HOUR), start=1):
        monday.people.advance(later)
        said = is_reminded(monday, monday.bob, number)
        assert (said.channel, said.body["thread_ts"], said.mentions) == (APPROVALS, card.ts, EVERYBODY)
        assert not said.body.get("broadcast"), "the channel is not told, but those who are asked"
    assert f"{ref} still needs your approval: Engine ({ENGINE}), 8h. It expires" in said.plain.replace("*", "").replace(
        "`", ""
    )
    assert has_looked(monday, ref) is None, "three are enough"


def test_whoever_approved_one_of_two_is_not_reminded_nor_whom_it_is_about(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ADMIN} @dave 8h rolling out")
    monday.approve(ref, monday.bob)
    monday.people.advance(15 * MINUTE)
    assert "U0BOB" not in is_reminded(monday, monday.alice).mentions
    assert not {"U0CAROL", "U0DAVE"} & set(reminders(monday.alice)[0].mentions)


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}])
def test_whoever_left_or_may_not_decide_is_not_reminded(monday: AppHarness, change: dict[str, bool]) -> None:
    monday.asked(monday.carol, ASKS)
    monday.detach_by_hand("alice", ADMIN)
    monday.people.inject_slack_fault({"person": "U0JUDY", "set": change})
    monday.real_passes(61)
    monday.people.advance(15 * MINUTE)
    assert is_reminded(monday, monday.bob).mentions == ["U0BOB"]


def test_what_was_decided_before_is_not_reminded_of(monday: AppHarness) -> None:
    denied, approved = monday.asked(monday.dave, ASKS), monday.asked(monday.carol, ASKS)
    cancelled = monday.asked(monday.carol, f"{MONITOR} 8h rolling out")
    monday.bob.click("Deny", monday.card(denied))
    monday.bob.submit({"Reason": "not now"})
    monday.approve(approved, monday.bob)
    monday.cancels(monday.carol, cancelled)
    for ref in (denied, approved, cancelled):
        monday.until(lambda ref=ref: not monday.record(ref).pending, f"{ref} to be closed")
        assert has_looked(monday, ref) is None
    monday.people.advance(5 * HOUR)
    waits = monday.asked(monday.carol, f"{DATA} 8h rolling out")
    monday.people.advance(15 * MINUTE)
    assert waits in is_reminded(monday, monday.bob).plain


def test_a_request_that_expired_while_nobody_worked_is_not_reminded_of(app: AppHarness) -> None:
    goes_to(app, FRIDAY, 19)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(15 * MINUTE)
    assert (has_looked(app, ref) or 0) > 2 * 24 * HOUR, "on Monday, at nine"
    app.people.advance(3 * 24 * HOUR)
    app.carol.direct_message_with("expired without a decision")
    assert has_looked(app, ref) is None and reminders(app.bob) == []


def asleep(app: AppHarness) -> tuple[SandboxPerson, SandboxPerson, SandboxPerson]:
    lives_in(app, "Asia/Shanghai", app.alice)
    lives_in(app, "Europe/Berlin", app.bob)
    lives_in(app, "America/Los_Angeles", app.judy)
    return app.alice, app.bob, app.judy


def test_each_is_reminded_while_they_work_and_nobody_is_woken(app: AppHarness) -> None:
    alice, _, _ = asleep(app)
    goes_to(app, MONDAY, 3, zone=ZoneInfo("Asia/Shanghai"))
    ref = app.asked(app.carol, ASKS)
    # Sunday noon in California, in the evening in Berlin: Alice is the first to begin.
    app.people.advance(4 * HOUR)
    assert (has_looked(app, ref) or 0) <= 2 * HOUR
    app.people.advance(2 * HOUR + MINUTE)
    assert is_reminded(app, alice).mentions == ["U0ALICE"], "one for the three that were missed"
    assert has_looked(app, ref) is None


def test_a_weekend_is_waited_for_and_those_are_called_who_work_then(app: AppHarness) -> None:
    goes_to(app, SATURDAY, 12)
    lives_in(app, "America/Los_Angeles", app.judy)
    ref = app.asked(app.carol, ASKS)
    app.people.advance(4 * HOUR)
    due = has_looked(app, ref) or 0
    begins = datetime.fromtimestamp(app.people.now() + due, UTC)
    assert (begins.weekday(), begins.hour, begins.minute) == (MONDAY, 9, 0)
    assert reminders(app.bob) == []


@pytest.mark.parametrize("code", ["is_archived", "thread_not_found"])
def test_where_the_channel_takes_no_reply_each_is_reminded_in_person(monday: AppHarness, code: str) -> None:
    ref = monday.asked(monday.carol, ASKS)
    monday.card(ref)
    monday.people.inject_slack_fault(
        {"fault": "error", "method": "chat.postMessage", "channel": APPROVALS, "error": code}
    )
    monday.people.advance(15 * MINUTE)
    for person in (monday.alice, monday.bob, monday.judy):
        monday.until(lambda person=person: reminders(person), f"{person.name} to be reminded")
        assert [each.channel[0] for each in reminders(person)] == ["D"]
    assert reminders(monday.carol) == []


def test_without_a_channel_each_is_reminded_in_person_while_they_work(without_channel: AppHarness) -> None:
    app = without_channel
    lives_in(app, "America/Los_Angeles", app.judy)
    app.carol.type(f"/pairec-access request {ASKS}")
    ref = app.bob.direct_message_with("needs approval").plain.split()[0]
    app.people.advance(15 * MINUTE)
    for person in (app.alice, app.bob):
        assert ref in is_reminded(app, person).plain
    assert 44 * MINUTE < (has_looked(app, ref) or 0) <= 45 * MINUTE
    assert reminders(app.judy) == []


def test_other_working_hours_are_a_setting(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_WORKING_HOURS": "12-13"}, pace=10.0) as app:
        goes_to(app, MONDAY, 10)
        ref = app.asked(app.carol, ASKS)
        app.people.advance(15 * MINUTE)
        assert 104 * MINUTE < (has_looked(app, ref) or 0) <= 105 * MINUTE
        app.people.advance(105 * MINUTE)
        assert is_reminded(app, app.bob).mentions == EVERYBODY


def test_slack_that_takes_nothing_makes_it_later_and_not_more(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, ASKS)
    monday.card(ref)
    monday.people.inject_slack_fault(
        {"fault": "error", "method": "chat.postMessage", "error": "internal_error", "times": 2}
    )
    monday.people.advance(15 * MINUTE)
    is_reminded(monday, monday.bob)
    assert 40 * MINUTE < (has_looked(monday, ref) or 0) <= 45 * MINUTE


def test_the_requester_has_them_reminded_now_even_at_night_and_at_most_once_an_hour(app: AppHarness) -> None:
    goes_to(app, SATURDAY, 23)
    ref = app.asked(app.carol, ASKS)
    told = app.carol.direct_message_with("It needs")
    app.carol.click("Remind", told)
    app.carol.click("Remind", told)
    app.carol.ephemeral_with(f"{ref}*: reminding the approvers.")
    app.carol.ephemeral_with(f"Approvers of {ref} were reminded already; again from")
    assert is_reminded(app, app.bob).mentions == EVERYBODY
    app.people.advance(HOUR)
    app.carol.click("Remind", told)
    is_reminded(app, app.bob, 2)
    app.until(lambda: app.events(ref).count("reminded") == 2, "both to be in the trail")
    app.bob.click("Details", app.card(ref))
    assert "<@U0CAROL> reminded the approvers." in app.bob.modal("reminded").plain
    app.bob.close_modal()
    assert (has_looked(app, ref) or 0) > 24 * HOUR, "the others come as they would have"


def test_remind_that_finds_nobody_to_remind_says_so_once_below_the_request_and_can_be_pressed_again(
    monday: AppHarness,
) -> None:
    ref = monday.asked(monday.carol, ASKS)
    told = monday.carol.direct_message_with("It needs")
    for person in (monday.alice, monday.judy):
        person.type("/pairec-access away until friday")
        person.ephemeral_with("You are away until")
    monday.people.inject_slack_fault({"person": "U0BOB", "set": {"deleted": True}})
    monday.real_passes(61)
    for times in (1, 2):
        monday.carol.click("Remind", told)
        monday.until(lambda times=times: len(unreminded(monday, ref)) == times, f"word {times} that nobody was")
    said = unreminded(monday, ref)[0]
    assert (said.channel, said.body["thread_ts"], said.mentions) == (told.channel, told.ts, ["U0CAROL"])
    assert not said.body.get("broadcast") and "no approver is here who can decide" in said.plain
    assert all(reminders(person) == [] for person in (monday.alice, monday.bob, monday.judy))
    assert monday.events(ref).count("nobody reminded") == 2 and monday.chain_holds()
    monday.alice.type("/pairec-access back")
    monday.alice.ephemeral_with("You are back.")
    monday.carol.click("Remind", told)
    assert is_reminded(monday, monday.alice).mentions == ["U0ALICE"]


def unreminded(app: AppHarness, ref: str) -> list[SeenMessage]:
    return [each for each in app.carol.messages() if f"{ref}*: nobody was reminded" in each.plain]


def test_nobody_but_the_requester_reminds_and_nobody_of_what_is_closed(monday: AppHarness) -> None:
    ref = monday.asked(monday.carol, f"{ENGINE} @dave 8h rolling out")
    assert monday.dave.direct_message_with("It needs").buttons == ["Comment", "Details", "Cancel request"]
    told = monday.carol.direct_message_with("It needs")
    button = next(spot for spot in told.spots() if spot.element.get("action_id") == "remind")
    forged = {"type": "block_actions", "actions": [{**button.element, "block_id": button.block["block_id"]}]}
    monday.dave.forge({**forged, "container": {"type": "message"}})
    monday.dave.direct_message_with(f"{ref} was requested by somebody else")
    monday.bob.click("Deny", monday.card(ref))
    monday.bob.submit({"Reason": "not now"})
    monday.card(ref, "denied")
    monday.carol.click("Remind", told)
    monday.carol.ephemeral_with(f"{ref} was denied")
    assert reminders(monday.bob) == [] and "reminded" not in monday.events(ref)
