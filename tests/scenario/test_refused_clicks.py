"""Clicks that decide nothing: altered buttons, approvers who lost the policy, and questions that nobody answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.databases import Databases
from tests.harness.refusals import invite, press, refused, untouched

REDRAWN = "It is updated now; check it and click again."
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


def asked_on_a_known_card(app: AppHarness) -> str:
    """Until it is noted that the card was posted, a message there could be another record's."""
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.until(lambda: "card posted" in app.events(ref), "it to be noted that the card was posted")
    return ref


@pytest.mark.parametrize("value", ALTERED)
def test_a_button_whose_value_was_altered_decides_nothing(app: AppHarness, value: str) -> None:
    ref = asked_on_a_known_card(app)
    before = app.record(ref)
    with refused(app, app.bob, "outdated", REDRAWN):
        press(app.bob, "approve", value, app.card(ref))
    assert app.record(ref) == before


def test_a_button_whose_value_no_server_takes_is_answered_like_any_other(tmp_path: Path, databases: Databases) -> None:
    with AppHarness(tmp_path, pace=10.0, ledger_address=databases.new()) as app:
        ref = asked_on_a_known_card(app)
        for action in ("approve", "cancel", "confirm_admin"):
            act = {"approve": "decide", "cancel": "cancel", "confirm_admin": "confirm"}[action]
            with refused(app, app.bob, "outdated", REDRAWN, act=act):
                press(app.bob, action, "R-1001\x00", app.card(ref))


@pytest.mark.parametrize("action", ["approve", "deny"])
def test_a_button_that_belongs_to_another_request_decides_on_neither(app: AppHarness, action: str) -> None:
    shown = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    other = app.asked(app.dave, f"{DATA} 8h cleaning up")
    before = app.record(shown)
    with refused(app, app.bob, "wrong_card", "does not belong to the request on this card", other):
        press(app.bob, action, app.name(other), app.card(shown))
    assert app.record(shown) == before


def test_a_denial_whose_form_was_altered_denies_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    before = app.record(ref)
    app.bob.click("Deny", app.card(ref))
    view = app.bob.modal("Reason").body
    values = {"reason": {"reason": {"type": "plain_text_input", "value": "no"}}}
    altered = {**view, "private_metadata": "R-1001", "state": {"values": values}}
    with untouched(app, app.bob.id, "old_message", act="decide"):
        answer = app.bob.forge({"type": "view_submission", "view": altered})["answer"]
    assert answer["response_action"] == "update" and "so nothing was changed" in str(answer["view"])
    assert app.record(ref) == before


@pytest.mark.parametrize("action", ["approve", "deny", "retry"])
def test_a_forged_click_of_somebody_who_never_saw_the_card_counts_no_more_than_a_real_one(
    app: AppHarness, action: str
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    act = "retry" if action == "retry" else "decide"
    with refused(app, app.dave, "not_approver", "RAM user `dave` does not hold", ref, act=act):
        press(app.dave, action, app.name(ref), app.card(ref))
    app.dave.no_modal()


@pytest.mark.parametrize(("name", "why"), [("dave", "not_approver"), ("erin", "not_linked"), ("grace", "guest")])
def test_whoever_may_not_deny_gets_no_form_for_it(app: AppHarness, name: str, why: str) -> None:
    person = getattr(app, name)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    says = {"not_approver": "does not hold", "not_linked": "You are not linked", "guest": "Guests cannot"}[why]
    with refused(app, person, why, says, ref):
        press(person, "deny", app.name(ref), app.card(ref))
    person.no_modal()


def test_an_approver_gets_the_form_for_a_denial_also_when_ram_is_slow(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "hang", "seconds": 4, "times": 2})
    with refused(app, app.erin, "not_linked", "You are not linked", ref):
        press(app.erin, "deny", app.name(ref), app.card(ref))
    app.bob.click("Deny", app.card(ref))
    app.bob.modal(f"Deny {ref}")
    assert app.bob.submit({"Reason": "not today"}) == {}
    app.card(ref, "denied")


def test_nobody_gets_a_form_for_a_denial_while_slack_does_not_say_who_clicked(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_slack_fault({"fault": "hang", "method": "users.info", "seconds": 4})
    with refused(app, app.bob, "slack_silent", "Slack did not say who you are, so nothing was changed", ref):
        app.bob.click("Deny", app.card(ref))
    app.bob.no_modal()


@pytest.mark.parametrize("button", ["Approve", "Deny"])
def test_an_approver_who_lost_the_policy_between_seeing_and_clicking_is_refused(app: AppHarness, button: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    card = app.card(ref)
    app.detach_by_hand("bob", ADMIN)
    with refused(app, app.bob, "not_approver", f"RAM user `bob` does not hold `{ADMIN}` now", ref):
        app.bob.click(button, card)
    app.bob.no_modal()


def test_an_approver_who_left_the_group_between_seeing_and_clicking_is_refused(app: AppHarness) -> None:
    app.by_hand("CreateGroup", GroupName="platform")
    app.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ADMIN, PolicyType="Custom")
    app.by_hand("AddUserToGroup", GroupName="platform", UserName="dave")
    app.confirmed_admin("dave")
    invite(app, app.dave)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    card = app.card(ref)
    assert "U0DAVE" in card.mentions
    app.by_hand("RemoveUserFromGroup", GroupName="platform", UserName="dave")
    with refused(app, app.dave, "not_approver", "RAM user `dave` does not hold", ref):
        app.dave.click("Approve", card)


def test_a_denial_by_somebody_who_lost_the_policy_while_writing_it_is_refused(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.bob.click("Deny", app.card(ref))
    app.bob.modal("Reason")
    app.detach_by_hand("bob", ADMIN)
    with refused(app, app.bob, "not_approver", "RAM user `bob` does not hold", ref):
        app.bob.submit({"Reason": "not today"})


def test_nothing_is_decided_while_ram_does_not_say_who_holds_the_policy(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_ram_fault({"fault": "error", "action": "ListEntitiesForPolicy"})
    with refused(app, app.bob, "ram_silent", "RAM did not answer in time, so nothing was changed", ref):
        app.bob.click("Approve", app.card(ref))


def test_nothing_is_decided_while_slack_does_not_say_who_clicked(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_slack_fault({"fault": "error", "method": "users.info", "error": "internal_error"})
    with refused(app, app.bob, "slack_silent", "Slack did not say who you are, so nothing was changed", ref):
        app.bob.click("Approve", app.card(ref))


@pytest.mark.parametrize(
    ("command", "why", "says"),
    [
        ("cancel", "not_yours", "is not yours, so you cannot cancel it"),
        ("revoke", "not_approver", "RAM user `dave` does not hold"),
    ],
)
def test_a_colleague_neither_cancels_nor_revokes(app: AppHarness, command: str, why: str, says: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.dave, why, says, ref, act=command):
        app.dave.type(f"/pairec-access {command} {ref}")


def test_an_administrator_for_a_limited_time_does_not_revoke_for_others(app: AppHarness) -> None:
    made = app.asked(app.carol, f"{ADMIN} 1h incident 12")
    app.approve(made, app.bob, app.judy)
    ref = app.asked(app.dave, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ADMIN)
    app.until(lambda: app.states(ref) == ["active"], "dave's grant to be active")
    with refused(app, app.carol, "timed_admin", "for a limited time only", ref, act="revoke"):
        app.carol.type(f"/pairec-access revoke {ref} no need")
