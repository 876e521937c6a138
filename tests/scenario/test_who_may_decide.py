"""People who may not decide, or not on this: one word a person, nobody on their own, members alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ADMIN, ENGINE, AppHarness
from tests.harness.refusals import audit_trail, invite, link, newcomer, press, refused, unlink


def test_an_engineer_who_sees_the_card_cannot_decide(app: AppHarness) -> None:
    invite(app, app.dave)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.dave, "not_approver", "RAM user `dave` does not hold", ref):
        app.dave.click("Approve", app.card(ref))


def test_somebody_who_is_not_linked_cannot_decide(app: AppHarness) -> None:
    invite(app, app.erin)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.erin, "not_linked", "You are not linked to a RAM user", ref):
        app.erin.click("Approve", app.card(ref))


def test_a_second_slack_account_of_an_approver_does_not_decide(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    second = newcomer(app, "bob2", email="bob@example.com")
    invite(app, second)
    with refused(app, second, "not_linked", "You are not linked to a RAM user", ref):
        second.click("Approve", app.card(ref, "1 of 2"))


def test_an_approver_who_moved_to_another_slack_account_still_has_one_word(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    second = newcomer(app, "bob2", email="bob@example.com")
    invite(app, second)
    unlink(app, app.bob)
    link(app, second, "bob")
    with refused(app, second, "already_approved", f"You have approved {ref} already", ref):
        second.click("Approve", app.card(ref, "1 of 2"))


def test_a_second_approval_by_the_same_person_does_not_count(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    with refused(app, app.bob, "already_approved", "It needs another approver", ref):
        app.bob.click("Approve", app.card(ref, "1 of 2"))


@pytest.mark.parametrize("button", ["Approve", "Deny"])
def test_the_requester_does_not_decide_on_what_she_asked_for_somebody_else(app: AppHarness, button: str) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @carol 8h rolling out")
    with refused(app, app.alice, "own_request", f"{ref} is your own", ref):
        app.alice.click(button, app.card(ref))
    app.alice.no_modal()


def test_the_subject_does_not_decide_on_what_he_would_get(app: AppHarness) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @bob 8h rolling out")
    with refused(app, app.bob, "own_request", f"{ref} is your own", ref):
        app.bob.click("Approve", app.card(ref))


def test_the_requester_does_not_decide_from_another_slack_account(app: AppHarness) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @carol 8h rolling out")
    second = newcomer(app, "alice2", email="alice@example.com")
    invite(app, second)
    unlink(app, app.alice)
    link(app, second, "alice")
    with refused(app, second, "own_request", f"{ref} is your own", ref):
        second.click("Approve", app.card(ref))


def test_the_subject_does_not_decide_from_another_slack_account(app: AppHarness) -> None:
    ref = app.asked(app.alice, f"{ENGINE} @bob 8h rolling out")
    second = newcomer(app, "bob2", email="bob@example.com")
    invite(app, second)
    unlink(app, app.bob)
    link(app, second, "bob")
    with refused(app, second, "own_request", f"{ref} is your own", ref):
        second.click("Approve", app.card(ref))


def test_a_requester_who_was_linked_to_another_ram_user_meanwhile_still_does_not_decide(app: AppHarness) -> None:
    ref = app.asked(app.dave, f"{ENGINE} @carol 8h rolling out")
    invite(app, app.dave)
    unlink(app, app.dave)
    unlink(app, app.judy)
    link(app, app.dave, "judy")
    with refused(app, app.dave, "own_request", f"{ref} is your own", ref):
        app.dave.click("Approve", app.card(ref))


def test_an_administrator_for_a_limited_time_does_not_decide(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(made, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    invite(app, app.carol)
    ref = app.asked(app.dave, f"{ENGINE} 8h rolling out")
    assert "U0CAROL" not in app.card(ref).mentions
    says = f"RAM user `carol` holds `{ADMIN}` for a limited time only"
    with refused(app, app.carol, "timed_admin", says, ref):
        app.carol.click("Approve", app.card(ref))


NOT_A_MEMBER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "Guests cannot request access or decide on it."),
    ("guest", {"is_ultra_restricted": True}, "Guests cannot request access or decide on it."),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "Only members of this workspace can do this"),
    ("stranger", {"team_id": "T0OTHER"}, "Only members of this workspace can do this"),
    ("deleted", {"deleted": True}, "This Slack account is deactivated."),
]


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_an_approver_whose_slack_account_is_no_longer_a_full_members_is_refused(
    app: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    card, judy = app.card(ref), app.judy
    app.people.inject_slack_fault({"person": "U0JUDY", "set": change})
    with refused(app, judy, why, says, ref):
        press(judy, "approve", app.name(ref), card)


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_somebody_else_who_is_no_full_member_cannot_decide(
    app: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    other = newcomer(app, "henry")
    app.people.inject_slack_fault({"person": other.id, "set": change})
    with refused(app, other, why, says, ref):
        press(other, "approve", app.name(ref), app.card(ref))


def test_a_bot_cannot_decide(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    robot = {"id": "U0ROBOT", "name": "robot", "real_name": "Robot", "is_bot": True}
    app.people.inject_slack_fault({"add_person": robot})
    user = {"id": "U0ROBOT", "username": "robot", "name": "robot", "team_id": "T0PAIREC"}
    # A bot has no screen: the answer to its click goes to the address that came with it, which is Bob's here.
    with refused(app, app.bob, "bot", "Bots cannot request access or decide on it.", ref, by="U0ROBOT"):
        press(app.bob, "approve", app.name(ref), app.card(ref), user=user)


def test_a_guest_cannot_deny_either(app: AppHarness) -> None:
    invite(app, app.grace)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.grace, "guest", "Guests cannot request access or decide on it.", ref):
        app.grace.click("Deny", app.card(ref))
    app.grace.no_modal()


def test_somebody_who_became_a_guest_while_writing_a_denial_does_not_deny(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.judy.click("Deny", app.card(ref))
    app.judy.modal("Reason")
    app.people.inject_slack_fault({"person": "U0JUDY", "set": {"is_restricted": True}})
    with refused(app, app.judy, "guest", "Guests cannot request access or decide on it.", ref):
        app.judy.submit({"Reason": "I can"})


def test_at_the_last_approval_an_earlier_one_whose_giver_lost_the_policy_does_not_count(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    app.detach_by_hand("bob", ADMIN)
    app.approve(ref, app.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in app.card(ref, "approved: <@U0JUDY>").plain
    assert not app.holds("carol", ADMIN)
    last = [entry for entry in audit_trail(app) if entry["event"] == "approval"][-1]
    assert (last["by_ram_user"], last["no_longer_counting"], last["count"]) == ("judy", ["bob"], 1)
    app.attach_by_hand("bob", ADMIN)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ADMIN)
    assert [word.principal.name for word in app.record(ref).approvals] == ["judy", "bob"]


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}, {"is_stranger": True}])
def test_at_the_last_approval_an_earlier_one_by_an_account_that_decides_no_more_does_not_count(
    app: AppHarness, change: dict[str, bool]
) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    app.people.inject_slack_fault({"person": "U0BOB", "set": change})
    app.approve(ref, app.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in app.card(ref, "approved: <@U0JUDY>").plain
    assert not app.holds("carol", ADMIN)
    app.approve(ref, app.alice)
    app.comes_to_hold("carol", ADMIN)
    assert [word.principal.name for word in app.record(ref).approvals] == ["judy", "alice"]


def test_at_the_last_approval_an_earlier_one_by_an_account_that_is_linked_no_more_does_not_count(
    app: AppHarness,
) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    second = newcomer(app, "bob2", email="bob@example.com")
    invite(app, second)
    unlink(app, app.bob)
    link(app, second, "bob")
    app.approve(ref, app.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in app.card(ref, "approved: <@U0JUDY>").plain
    app.approve(ref, second)
    app.comes_to_hold("carol", ADMIN)


def test_while_slack_does_not_tell_of_an_earlier_approver_the_last_approval_is_not_taken(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(ref, app.bob)
    app.people.inject_slack_fault({"fault": "error", "method": "users.info", "user": "U0BOB"})
    with refused(app, app.judy, "slack_silent", "Slack did not say who you are, so nothing was changed", ref):
        app.judy.click("Approve", app.card(ref))
    app.people.clear_faults()
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", ADMIN)


def test_a_request_for_somebody_who_has_left_slack_meanwhile_is_not_approved(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_slack_fault({"person": "U0CAROL", "set": {"deleted": True}})
    with refused(app, app.bob, "deleted", "The Slack account of <@U0CAROL> is deactivated.", ref):
        app.bob.click("Approve", app.card(ref))
