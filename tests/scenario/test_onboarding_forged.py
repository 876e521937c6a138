"""Somebody new, and buttons and forms that Slack never showed to whoever sends them: nothing is created or asked for,
and each attempt is in the trail.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import APPROVALS, DATA, AppHarness
from tests.harness.refusals import audit_trail, link, newcomer, press, refused, unlink, untouched
from tests.scenario.onboarding import becomes, created, heidi, newest, notice_of, onboard, users

APPROVE, CHANGE, DENY = "onboarding_approve", "onboarding_change", "onboarding_deny"
WHO: list[tuple[str, str, str]] = [
    ("carol", "own_onboarding", "Somebody else decides"),
    ("heidi", "not_linked", "You are not linked"),
    ("dave", "not_approver", "does not hold"),
    ("erin", "not_linked", "You are not linked"),
    ("grace", "guest", "Guests cannot"),
]


def text(field: str, value: str) -> dict[str, Any]:
    return {field: {field: {"type": "plain_text_input", "value": value}}}


def chosen(field: str, value: str) -> dict[str, Any]:
    return {field: {field: {"type": "static_select", "selected_option": {"value": value}}}}


def sends(person: SandboxPerson, callback: str, notice: str, **values: Any) -> Any:
    """A form as Slack would report it, that was never opened."""
    view = {
        "id": "V0FORGED",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": notice,
        "state": {"values": values},
        "blocks": [],
    }
    return person.forge({"type": "view_submission", "view": view})["answer"]


def changes(**other: Any) -> dict[str, Any]:
    return {**text("user_name", "mallory"), **text("display_name", "Mallory"), **text("email", ""), **other}


def of(app: AppHarness, name: str) -> SandboxPerson:
    return app.people.person(name)


@pytest.mark.parametrize(("name", "why", "says"), WHO)
def test_nobody_who_may_not_decide_does_so_by_a_button_or_a_form_that_was_not_theirs(
    app: AppHarness, name: str, why: str, says: str
) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    if name == "carol":
        # Even as an approver.
        app.attach_by_hand("carol", "PaiRecRamAdminAccess")
        link_again(app)
    person, notice = of(app, name), notice_of(shown)
    for action in (APPROVE, CHANGE, DENY):
        with refused(app, person, why, says, act="confirm"):
            press(person, action, notice, shown)
        person.no_modal()
    with refused(app, person, why, says, act="confirm"):
        assert sends(person, "onboarding_changes", notice, **changes()) == {}
    with refused(app, person, why, says, act="confirm"):
        assert sends(person, "onboarding_denial", notice, **text("reason", "no")) == {}
    assert becomes(app, new, "pending").user.name == "heidi"
    assert created(app) == 0 and users(app, "mallory") == []


def link_again(app: AppHarness) -> None:
    """An approver by hand counts once an approver confirmed them."""
    unlink(app, app.carol)
    link(app, app.carol, "carol")


@pytest.mark.parametrize("change", [{"is_stranger": True, "team_id": "T0OTHER"}, {"deleted": True}])
def test_an_approver_who_is_no_full_member_any_more_decides_on_nothing(app: AppHarness, change: dict[str, Any]) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_slack_fault({"person": app.judy.id, "set": change})
    why = "deleted" if "deleted" in change else "stranger"
    with untouched(app, app.judy.id, why, act="confirm"):
        press(app.judy, APPROVE, notice_of(shown), shown)
    becomes(app, new, "pending")


def test_a_button_or_a_form_of_something_else_counts_for_nothing(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.bob.type("/pairec-access offboard @dave")
    other = notice_of(app.bob.message_with("offboards", APPROVALS))
    for value, why in ((other, "unknown_notice"), ("0" * 32, "outdated"), ("R-1001", "outdated"), ("", "outdated")):
        with refused(app, app.bob, why, "", act="confirm"):
            press(app.bob, APPROVE, value, shown)
    for value, why in ((other, "unknown_notice"), ("0" * 32, "other_record"), ("R-1001", "old_message")):
        with refused(app, app.bob, why, "", act="confirm"):
            sends(app.bob, "onboarding_changes", value, **changes())
        with refused(app, app.bob, why, "", act="confirm"):
            sends(app.bob, "onboarding_denial", value, **text("reason", "no"))
    becomes(app, new, "pending")
    assert created(app) == 0


@pytest.mark.parametrize(
    ("item", "why"), [("PaiRecRamAdminAccess", "no_bundle"), ("nothing", "unknown_item"), ("a@b", "unknown_item")]
)
def test_a_bundle_that_the_form_did_not_offer_is_refused(app: AppHarness, item: str, why: str) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    with refused(app, app.bob, why, "", act="confirm"):
        sends(app.bob, "onboarding_changes", notice_of(shown), **changes(**chosen("bundle", item)))
    other = newcomer(app, "ivan", email="ivan@example.com")
    subject = {"new_person": {"new_person": {"type": "users_select", "selected_user": other.id}}}
    with refused(app, app.carol, why, "", act="ask"):
        sends(app.carol, "onboard", "", **subject, **chosen("bundle", item))
    becomes(app, new, "pending")
    assert newest(app, other) is None


def test_a_form_that_was_sent_twice_and_one_that_came_too_late_change_nothing(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    notice = notice_of(shown)
    for person in (app.bob, app.judy, app.bob):
        sends(person, "onboarding_changes", notice, **changes(**text("user_name", "heidi.r")))
    becomes(app, new, "done")
    app.until(lambda: sum(entry["event"] == "refused" for entry in audit_trail(app)) == 2, "the others to be refused")
    assert created(app) == 1 and [user.name for user in users(app)] == ["heidi.r"]
    with refused(app, app.judy, "notice_settled", "handled already", act="confirm"):
        sends(app.judy, "onboarding_denial", notice, **text("reason", "no"))
    with refused(app, app.judy, "notice_settled", "handled already", act="confirm"):
        press(app.judy, APPROVE, notice, shown)
    assert not app.holds("heidi.r", DATA), "the bundle waits for an approval of its own"


def test_an_approver_with_another_slack_account_does_not_decide_on_what_they_asked_for(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.bob, new)
    again = newcomer(app, "bob2")
    unlink(app, app.bob)
    link(app, again, "bob")
    with refused(app, again, "own_onboarding", "Somebody else decides", act="confirm"):
        press(again, APPROVE, notice_of(shown), shown)
    becomes(app, new, "pending")
