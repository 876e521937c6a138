"""People who may not decide, or not on this: one word a person, nobody on their own, members alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.app import ADMIN, ENGINE, AppHarness
from tests.harness.refusals import audit_trail, invite, link, newcomer, press, refused, unlink


def test_an_engineer_who_sees_the_card_cannot_decide(office: AppHarness) -> None:
    invite(office, office.dave)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with refused(office, office.dave, "not_approver", "RAM user `dave` does not hold", ref):
        office.dave.click("Approve", office.card(ref))


def test_somebody_who_is_not_linked_cannot_decide(office: AppHarness) -> None:
    invite(office, office.erin)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with refused(office, office.erin, "not_linked", "You are not linked to a RAM user", ref):
        office.erin.click("Approve", office.card(ref))


def test_a_second_slack_account_of_an_approver_does_not_decide(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    second = newcomer(office, "bob2", email="bob@example.com")
    invite(office, second)
    with refused(office, second, "not_linked", "You are not linked to a RAM user", ref):
        second.click("Approve", office.card(ref, "1 of 2"))


def test_an_approver_who_moved_to_another_slack_account_still_has_one_word(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    second = newcomer(office, "bob2", email="bob@example.com")
    invite(office, second)
    unlink(office, office.bob)
    link(office, second, "bob")
    with refused(office, second, "already_approved", f"You have approved {ref} already", ref):
        second.click("Approve", office.card(ref, "1 of 2"))


def test_a_second_approval_by_the_same_person_does_not_count(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    with refused(office, office.bob, "already_approved", "It needs another administrator's word", ref):
        office.bob.click("Approve", office.card(ref, "1 of 2"))


@pytest.mark.parametrize("button", ["Approve", "Deny"])
def test_the_requester_does_not_decide_on_what_she_asked_for_somebody_else(office: AppHarness, button: str) -> None:
    ref = office.asked(office.alice, f"{ENGINE} @carol 8h rolling out")
    with refused(office, office.alice, "own_request", f"{ref} is your own", ref):
        office.alice.click(button, office.card(ref))
    office.alice.no_modal()


def test_the_subject_does_not_decide_on_what_he_would_get(office: AppHarness) -> None:
    ref = office.asked(office.alice, f"{ENGINE} @bob 8h rolling out")
    with refused(office, office.bob, "own_request", f"{ref} is your own", ref):
        office.bob.click("Approve", office.card(ref))


def test_the_requester_does_not_decide_from_another_slack_account(office: AppHarness) -> None:
    ref = office.asked(office.alice, f"{ENGINE} @carol 8h rolling out")
    second = newcomer(office, "alice2", email="alice@example.com")
    invite(office, second)
    unlink(office, office.alice)
    link(office, second, "alice")
    with refused(office, second, "own_request", f"{ref} is your own", ref):
        second.click("Approve", office.card(ref))


def test_the_subject_does_not_decide_from_another_slack_account(office: AppHarness) -> None:
    ref = office.asked(office.alice, f"{ENGINE} @bob 8h rolling out")
    second = newcomer(office, "bob2", email="bob@example.com")
    invite(office, second)
    unlink(office, office.bob)
    link(office, second, "bob")
    with refused(office, second, "own_request", f"{ref} is your own", ref):
        second.click("Approve", office.card(ref))


def test_a_requester_who_was_linked_to_another_ram_user_meanwhile_still_does_not_decide(office: AppHarness) -> None:
    ref = office.asked(office.dave, f"{ENGINE} @carol 8h rolling out")
    invite(office, office.dave)
    unlink(office, office.dave)
    unlink(office, office.judy)
    link(office, office.dave, "judy")
    with refused(office, office.dave, "own_request", f"{ref} is your own", ref):
        office.dave.click("Approve", office.card(ref))


def test_an_administrator_for_a_limited_time_does_not_decide(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(made, office.bob, office.judy)
    office.comes_to_hold("carol", ADMIN)
    invite(office, office.carol)
    ref = office.asked(office.dave, f"{ENGINE} 8h rolling out")
    assert "U0CAROL" not in office.card(ref).mentions
    says = f"RAM user `carol` holds `{ADMIN}` for a limited time only"
    with refused(office, office.carol, "timed_admin", says, ref):
        office.carol.click("Approve", office.card(ref))


NOT_A_MEMBER: list[tuple[str, dict[str, Any], str]] = [
    ("guest", {"is_restricted": True}, "Guests cannot ask for access or decide on it."),
    ("guest", {"is_ultra_restricted": True}, "Guests cannot ask for access or decide on it."),
    ("stranger", {"is_stranger": True, "team_id": "T0OTHER"}, "Only members of this workspace can do this"),
    ("stranger", {"team_id": "T0OTHER"}, "Only members of this workspace can do this"),
    ("deleted", {"deleted": True}, "This Slack account is deactivated."),
]


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_an_approver_whose_slack_account_is_no_longer_a_full_members_is_refused(
    office: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    card, judy = office.card(ref), office.judy
    office.people.order_slack({"person": "U0JUDY", "set": change})
    with refused(office, judy, why, says, ref):
        press(judy, "approve", office.name(ref), card)


@pytest.mark.parametrize(("why", "change", "says"), NOT_A_MEMBER)
def test_somebody_else_who_is_no_full_member_cannot_decide(
    office: AppHarness, why: str, change: dict[str, Any], says: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    other = newcomer(office, "henry")
    office.people.order_slack({"person": other.id, "set": change})
    with refused(office, other, why, says, ref):
        press(other, "approve", office.name(ref), office.card(ref))


def test_a_bot_cannot_decide(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    robot = {"id": "U0ROBOT", "name": "robot", "real_name": "Robot", "is_bot": True}
    office.people.order_slack({"add_person": robot})
    user = {"id": "U0ROBOT", "username": "robot", "name": "robot", "team_id": "T0PAIREC"}
    # A bot has no screen: the answer to its click goes to the address that came with it, which is Bob's here.
    with refused(office, office.bob, "bot", "Bots cannot ask for access or decide on it.", ref, by="U0ROBOT"):
        press(office.bob, "approve", office.name(ref), office.card(ref), user=user)


def test_a_guest_cannot_deny_either(office: AppHarness) -> None:
    invite(office, office.grace)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with refused(office, office.grace, "guest", "Guests cannot ask for access or decide on it.", ref):
        office.grace.click("Deny", office.card(ref))
    office.grace.no_modal()


def test_somebody_who_became_a_guest_while_writing_a_denial_does_not_deny(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.judy.click("Deny", office.card(ref))
    office.judy.modal("Why not?")
    office.people.order_slack({"person": "U0JUDY", "set": {"is_restricted": True}})
    with refused(office, office.judy, "guest", "Guests cannot ask for access or decide on it.", ref):
        office.judy.submit({"Why not?": "I can"})


def test_at_the_last_approval_an_earlier_one_whose_giver_lost_the_policy_does_not_count(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    office.detach_by_hand("bob", ADMIN)
    office.approve(ref, office.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in office.card(ref, "approved: <@U0JUDY>").plain
    assert not office.holds("carol", ADMIN)
    last = [entry for entry in audit_trail(office) if entry["event"] == "approval"][-1]
    assert (last["by_ram_user"], last["no_longer_counting"], last["count"]) == ("judy", ["bob"], 1)
    office.attach_by_hand("bob", ADMIN)
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ADMIN)
    assert [word.principal.name for word in office.record(ref).approvals] == ["judy", "bob"]


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}, {"is_stranger": True}])
def test_at_the_last_approval_an_earlier_one_by_an_account_that_decides_no_more_does_not_count(
    office: AppHarness, change: dict[str, bool]
) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    office.people.order_slack({"person": "U0BOB", "set": change})
    office.approve(ref, office.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in office.card(ref, "approved: <@U0JUDY>").plain
    assert not office.holds("carol", ADMIN)
    office.approve(ref, office.alice)
    office.comes_to_hold("carol", ADMIN)
    assert [word.principal.name for word in office.record(ref).approvals] == ["judy", "alice"]


def test_at_the_last_approval_an_earlier_one_by_an_account_that_is_linked_no_more_does_not_count(
    office: AppHarness,
) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    second = newcomer(office, "bob2", email="bob@example.com")
    invite(office, second)
    unlink(office, office.bob)
    link(office, second, "bob")
    office.approve(ref, office.judy)
    assert "*1 of 2* approved: <@U0JUDY>" in office.card(ref, "approved: <@U0JUDY>").plain
    office.approve(ref, second)
    office.comes_to_hold("carol", ADMIN)


def test_while_slack_does_not_tell_of_an_earlier_approver_the_last_approval_is_not_taken(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(ref, office.bob)
    office.people.order_slack({"fault": "error", "method": "users.info", "user": "U0BOB"})
    with refused(office, office.judy, "slack_silent", "Slack did not say who you are, so nothing was decided", ref):
        office.judy.click("Approve", office.card(ref))
    office.people.clear_orders()
    office.approve(ref, office.judy)
    office.comes_to_hold("carol", ADMIN)


def test_a_request_for_somebody_who_has_left_slack_meanwhile_is_not_approved(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_slack({"person": "U0CAROL", "set": {"deleted": True}})
    with refused(office, office.bob, "deleted", "The Slack account of <@U0CAROL> is deactivated.", ref):
        office.bob.click("Approve", office.card(ref))
