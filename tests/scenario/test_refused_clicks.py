"""Clicks that decide nothing: altered buttons, approvers who lost the policy, and questions that nobody answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.databases import Databases
from tests.harness.refusals import invite, press, refused, untouched

REDRAWN = "It is drawn anew now; look at it and click again."
ALTERED = [
    "",
    "R-",
    "R-1001x",
    "-1001",
    "R-1001' OR 1=1 --",
    "R-1001\nR-1002",
    "R-١٠٠١",
    "R-1001",
    "1001",
    "0" * 32,
    "%",
]


@pytest.mark.parametrize("value", ALTERED)
def test_a_button_whose_value_was_altered_decides_nothing(office: AppHarness, value: str) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    before = office.record(ref)
    with refused(office, office.bob, "outdated", REDRAWN):
        press(office.bob, "approve", value, office.card(ref))
    assert office.record(ref) == before


def test_a_button_whose_value_no_server_takes_is_answered_like_any_other(tmp_path: Path, databases: Databases) -> None:
    with AppHarness(tmp_path, pace=10.0, ledger_address=databases.new()) as office:
        ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
        for action in ("approve", "cancel", "confirm_admin"):
            act = {"approve": "decide", "cancel": "cancel", "confirm_admin": "confirm"}[action]
            with refused(office, office.bob, "outdated", REDRAWN, act=act):
                press(office.bob, action, "R-1001\x00", office.card(ref))


@pytest.mark.parametrize("action", ["approve", "deny"])
def test_a_button_that_belongs_to_another_request_decides_on_neither(office: AppHarness, action: str) -> None:
    shown = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    other = office.asked(office.dave, f"{DATA} 8h cleaning up")
    before = office.record(shown)
    with refused(office, office.bob, "wrong_card", "does not belong to the request on this card", other):
        press(office.bob, action, office.name(other), office.card(shown))
    assert office.record(shown) == before


def test_a_denial_whose_form_was_altered_denies_nothing(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    before = office.record(ref)
    office.bob.click("Deny", office.card(ref))
    view = office.bob.modal("Why not?").body
    values = {"reason": {"reason": {"type": "plain_text_input", "value": "no"}}}
    altered = {**view, "private_metadata": "R-1001", "state": {"values": values}}
    with untouched(office, office.bob.id, "old_message", act="decide"):
        answer = office.bob.forge({"type": "view_submission", "view": altered})["answer"]
    assert answer["response_action"] == "update" and "so nothing was changed" in str(answer["view"])
    assert office.record(ref) == before


@pytest.mark.parametrize("action", ["approve", "deny", "retry"])
def test_a_forged_click_of_somebody_who_never_saw_the_card_counts_no_more_than_a_real_one(
    office: AppHarness, action: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    act = "retry" if action == "retry" else "decide"
    with refused(office, office.dave, "not_approver", "RAM user `dave` does not hold", ref, act=act):
        press(office.dave, action, office.name(ref), office.card(ref))
    office.dave.no_modal()


@pytest.mark.parametrize(("name", "why"), [("dave", "not_approver"), ("erin", "not_linked"), ("grace", "guest")])
def test_whoever_may_not_deny_gets_no_form_for_it(office: AppHarness, name: str, why: str) -> None:
    person = getattr(office, name)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    says = {"not_approver": "does not hold", "not_linked": "You are not linked", "guest": "Guests cannot"}[why]
    with refused(office, person, why, says, ref):
        press(person, "deny", office.name(ref), office.card(ref))
    person.no_modal()


def test_an_approver_gets_the_form_for_a_denial_also_when_ram_is_slow(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_ram({"action": "ListEntitiesForPolicy", "fault": "hang", "seconds": 4, "times": 2})
    with refused(office, office.erin, "not_linked", "You are not linked", ref):
        press(office.erin, "deny", office.name(ref), office.card(ref))
    office.bob.click("Deny", office.card(ref))
    office.bob.modal(f"Deny {ref}")
    assert office.bob.submit({"Why not?": "not today"}) == {}
    office.card(ref, "denied")


def test_nobody_gets_a_form_for_a_denial_while_slack_does_not_say_who_clicked(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_slack({"fault": "hang", "method": "users.info", "seconds": 4})
    with refused(office, office.bob, "slack_silent", "Slack did not say who you are, so nothing was decided", ref):
        office.bob.click("Deny", office.card(ref))
    office.bob.no_modal()


@pytest.mark.parametrize("button", ["Approve", "Deny"])
def test_an_approver_who_lost_the_policy_between_seeing_and_clicking_is_refused(
    office: AppHarness, button: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    card = office.card(ref)
    office.detach_by_hand("bob", ADMIN)
    with refused(office, office.bob, "not_approver", f"RAM user `bob` does not hold `{ADMIN}` at this moment", ref):
        office.bob.click(button, card)
    office.bob.no_modal()


def test_an_approver_who_left_the_group_between_seeing_and_clicking_is_refused(office: AppHarness) -> None:
    office.by_hand("CreateGroup", GroupName="platform")
    office.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    office.by_hand("AddUserToGroup", GroupName="platform", UserName="dave")
    office.confirmed_admin("dave")
    invite(office, office.dave)
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    card = office.card(ref)
    assert "U0DAVE" in card.mentions
    office.by_hand("RemoveUserFromGroup", GroupName="platform", UserName="dave")
    with refused(office, office.dave, "not_approver", "RAM user `dave` does not hold", ref):
        office.dave.click("Approve", card)


def test_a_denial_by_somebody_who_lost_the_policy_while_writing_it_is_refused(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.bob.click("Deny", office.card(ref))
    office.bob.modal("Why not?")
    office.detach_by_hand("bob", ADMIN)
    with refused(office, office.bob, "not_approver", "RAM user `bob` does not hold", ref):
        office.bob.submit({"Why not?": "not today"})


def test_nothing_is_decided_while_ram_does_not_say_who_holds_the_policy(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_ram({"fault": "error", "action": "ListEntitiesForPolicy"})
    with refused(office, office.bob, "ram_silent", "RAM did not answer in time, so nothing was decided", ref):
        office.bob.click("Approve", office.card(ref))


def test_nothing_is_decided_while_slack_does_not_say_who_clicked(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_slack({"fault": "error", "method": "users.info", "error": "internal_error"})
    with refused(office, office.bob, "slack_silent", "Slack did not say who you are, so nothing was decided", ref):
        office.bob.click("Approve", office.card(ref))


@pytest.mark.parametrize(
    ("command", "why", "says"),
    [
        ("cancel", "not_yours", "is not yours, so you cannot cancel it"),
        ("revoke", "not_approver", "RAM user `dave` does not hold"),
    ],
)
def test_a_colleague_neither_cancels_nor_revokes(office: AppHarness, command: str, why: str, says: str) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    with refused(office, office.dave, why, says, ref, act=command):
        office.dave.types(f"/pairec-access {command} {ref}")


def test_an_administrator_for_a_limited_time_does_not_revoke_for_others(office: AppHarness) -> None:
    made = office.asked(office.carol, f"{ADMIN} 1h incident 12")
    office.approve(made, office.bob, office.judy)
    ref = office.asked(office.dave, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ADMIN)
    office.until(lambda: office.states(ref) == ["active"], "dave's grant to be active")
    with refused(office, office.carol, "timed_admin", "for a limited time only", ref, act="revoke"):
        office.carol.types(f"/pairec-access revoke {ref} no need")
