"""The requester hears of every state by direct message, and so does whoever the access is for."""

from __future__ import annotations

import pytest

from approvals.millis import MINUTE
from bot.sandbox.client import SandboxPerson
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import in_time


def direct(person: SandboxPerson) -> list[str]:
    """The direct messages of the bot to this person, oldest first."""
    return [m.plain for m in person.messages() if not m.ephemeral and m.channel.startswith("D")]


def test_asked_names_what_waits_for_how_many_and_until_when(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    expires = app.record(ref).request.expires_at // 1_000
    told = app.carol.direct_message_with("It needs")
    assert f"*{ref}*: you requested *Engine* (`{ENGINE}`), 8h. It needs 1 approval" in told.plain
    assert f"expires <!date^{expires}^" in told.plain
    assert told.buttons == ["Remind", "Comment", "Details", "Cancel request"]


def test_approved_names_by_whom_and_active_until_when(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("is active until")
    ends = (app.record(ref).request.ends_at or 0) // 1_000
    assert f"active until <!date^{ends}^" in told.plain and "approved by <@U0BOB>" in told.plain
    assert told.buttons == ["Extend", "End access", "Details"]


def test_denied_names_by_whom_and_why(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Deny", app.card(ref))
    app.bob.modal("Reason")
    app.bob.submit({"Reason": "<!channel> the *release* is frozen"})
    told = app.carol.direct_message_with("was denied by <@U0BOB>")
    assert "<!channel> the *release* is frozen" in told.plain
    assert told.mentions == ["U0BOB"]


def test_failed_says_why_and_what_happens_next(app: AppHarness) -> None:
    order = {"action": "AttachPolicyToUser", "fault": "error", "status": 409, "code": "LimitExceeded.User.Policy"}
    app.people.inject_ram_fault({**order, "policy": ENGINE})
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("could not be granted").plain
    assert "The RAM user has as many policies as RAM allows (LimitExceeded)" in told
    assert "An administrator sees why on the card and can retry." in told


def test_a_bundle_of_which_one_part_failed_says_which(app: AppHarness) -> None:
    order = {"action": "AttachPolicyToUser", "fault": "error", "status": 409, "code": "LimitExceeded.User.Policy"}
    app.people.inject_ram_fault({**order, "policy": MONITOR})
    ref = app.asked(app.carol, "algorithm-engineer 8h features")
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("only part of").plain
    assert f"🟢 `{DATA}`: active until" in told
    assert f"🔴 `{MONITOR}`: could not be attached." in told


@pytest.mark.parametrize(("hours", "before"), [(1, 15), (2, 15), (5, 30), (24 * 8, 19 * 60 + 12), (24 * 30, 24 * 60)])
def test_everybody_is_reminded_of_the_end_a_tenth_of_the_time_before_within_a_quarter_of_an_hour_and_a_day(
    app: AppHarness, hours: int, before: int
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} {hours}h rollout")
    app.approve(ref, app.bob)
    app.carol.direct_message_with("is active until")
    app.people.advance(hours * HOUR - before * 60 - 60)
    app.carol.type("/pairec-access list")
    app.carol.ephemeral_with("Your access")
    assert not [text for text in direct(app.carol) if "`) expires <!date" in text]
    app.people.advance(61)
    told = app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) expires <!date^")
    assert told.buttons == ["Extend", "End access", "Details"]


def test_nobody_is_reminded_of_the_end_of_what_was_extended(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 2h rollout")
    app.approve(ref, app.bob)
    app.carol.click("Extend", app.carol.direct_message_with("is active until"))
    app.carol.modal(f"Extend {ref}")
    assert app.carol.submit({"How much longer": "8h", "Reason": "not done"}) == {}
    app.card("R-1002", "needs approval")
    app.approve("R-1002", app.bob)
    app.card("R-1002", "· active")
    app.people.advance(2 * HOUR)
    app.card(ref, "· ended")
    app.people.advance(7 * HOUR)
    app.carol.direct_message_with("`) expires <!date^")
    assert [text.split(":")[0] for text in direct(app.carol) if "`) expires <!date" in text] == ["*R-1002*"]


def test_what_was_given_back_is_not_announced_any_more(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 5h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.revokes(app.carol, ref)
    app.carol.direct_message_with("was ended")
    app.people.advance(4 * HOUR + 60)
    second = app.asked(app.carol, f"{DATA} 1h rollout")
    app.carol.direct_message_with(f"*{second}*")
    assert not [text for text in direct(app.carol) if "`) expires <!date" in text]


def test_ended_says_so_once_ram_shows_it_gone(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.people.advance(HOUR)
    told = app.carol.direct_message_with("has expired")
    assert f"*{ref}*: *Engine* (`{ENGINE}`) has expired. RAM shows it gone from `carol`." in told.plain
    assert told.buttons == ["Request again"]
    assert not app.holds("carol", ENGINE)


def test_expired_says_that_nobody_decided(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(24 * HOUR)
    app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) expired without a decision.")


def test_something_held_before_is_told_as_such(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.attach_by_hand("carol", ENGINE)
    app.approve(ref, app.bob)
    app.carol.direct_message_with("granted elsewhere. It is left as it is.")
    assert app.states(ref) == ["held"]


def test_every_state_is_told_once_and_in_order_to_requester_and_subject_alike(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 5h rollout")
    app.approve(ref, app.bob)
    app.dave.direct_message_with("is active until")
    app.people.advance(4.5 * HOUR)
    app.dave.direct_message_with("`) expires <!date")
    app.people.advance(HOUR / 2)
    for person in (app.carol, app.dave):
        app.until(lambda person=person: "has expired" in direct(person)[0], "it to be shown that it is over")
        said = [text.partition(f"*{ref}*: *Engine* (`{ENGINE}`) ")[2] for text in direct(person)[1:]]
        assert said in ([*told, "is active.", said[-1]] for told in ([], ["is approved."])), "what took longer is said"
        assert said[-1].startswith("ends <!date^")


def test_an_approval_is_told_by_itself_where_the_access_takes_longer_to_come(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "hang", "seconds": 1.5, "times": 1})
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.carol.direct_message_with("approved by <@U0BOB>. *Engine* (`PaiRecEngineAccess`) is being granted")
    app.card(ref, "approved, granting")
    app.carol.direct_message_with("is active until")


def test_only_the_subject_gets_a_button_to_give_back(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    app.approve(ref, app.bob)
    assert app.dave.direct_message_with("is active until").buttons == ["Extend", "End access", "Details"]
    assert app.carol.direct_message_with("is active until").buttons == ["Extend", "Details"]


def test_access_that_is_slow_to_come_is_announced_as_delayed(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "error", "code": "InternalError", "times": 5})
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    in_time(app, lambda: any("takes longer than usual" in text for text in direct(app.carol)), "the delay")
    in_time(app, lambda: app.holds("carol", ENGINE), "the policy at last")


def test_nobody_but_those_concerned_is_told(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.carol.direct_message_with("is active until")
    for person in (app.alice, app.dave, app.frank, app.grace):
        assert direct(person) == []
    assert {m.channel for m in app.bob.messages()} == {APPROVALS}


def test_nobody_is_reminded_of_what_is_over_in_a_quarter_of_an_hour(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 15m rollout")
    app.approve(ref, app.bob)
    app.carol.direct_message_with("is active until")
    app.people.advance(14 * MINUTE / 1_000)
    app.people.advance(MINUTE / 1_000)
    app.carol.direct_message_with("has expired")
    assert not any("`) expires <!date" in text for text in direct(app.carol))


def test_details_of_what_waits_and_what_runs_are_in_the_message_about_it(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rolling out")
    app.carol.click("Details", app.carol.direct_message_with("It needs"))
    shown = app.carol.modal(ref).plain
    assert "rolling out" in shown and "*History*" in shown and "without a decision" in shown
    app.approve(ref, app.bob)
    for person in (app.carol, app.dave):
        person.click("Details", person.direct_message_with("is active until"))
        assert person.modal("<@U0BOB> approved").title == ref


def test_details_of_the_message_about_a_request_open_for_whom_it_concerns_and_for_approvers_alone(
    app: AppHarness,
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    press(app.bob, "own_details", app.name(ref), app.card(ref))
    assert "rolling out" in app.bob.modal(ref).plain
    with refused(app, app.dave, "not_approver", "does not hold `PaiRecRamAdminAccess`", ref, act="details"):
        press(app.dave, "own_details", app.name(ref), app.card(ref))
