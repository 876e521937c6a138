"""Somebody new: whoever asked, or gets the RAM user, withdraws it, and nobody else."""

from __future__ import annotations

from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import audit_trail, is_told, link, newcomer, press, refused, unlink
from tests.scenario.onboarding import becomes, created, heidi, mention, newest, notice_of, onboard, users

OVER = "cancelled RAM user `heidi`"


def test_whoever_asked_withdraws_it_with_the_button_of_their_message(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.carol.click("Cancel request", app.carol.direct_message_with("An administrator decides"))
    becomes(app, new, "cancelled")
    app.carol.message_with("The request for RAM user `heidi` is cancelled. Nothing was created.")
    for person in (app.carol, new):
        person.direct_message_with(OVER)
    assert not app.bob.message_with(OVER, APPROVALS).buttons
    press(app.bob, "onboarding_approve", notice_of(shown), shown)
    app.bob.message_with("handled already")
    assert users(app) == [] and created(app) == 0
    (event,) = [entry for entry in audit_trail(app) if entry["event"] == "onboarding cancelled"]
    assert event["by_slack"] == app.carol.id
    assert app.chain_holds()
    onboard(app, app.carol, new)


def test_it_is_withdrawn_by_a_typed_line_and_from_the_list_and_app_home(app: AppHarness) -> None:
    new = heidi(app)
    onboard(app, app.carol, new)
    app.carol.type(f"/pairec-access cancel {mention(new)}")
    app.carol.click("Cancel request", app.carol.ephemeral_with("It is pending"))
    becomes(app, new, "cancelled")
    is_told(app, app.carol, f"/pairec-access cancel {mention(new)}", "No RAM user for")
    onboard(app, app.carol, new)
    app.carol.type("/pairec-access list")
    app.carol.click("Cancel request", app.carol.ephemeral_with("Your pending requests"))
    becomes(app, new, "cancelled")
    onboard(app, app.carol, new)
    new.open_home()
    new.click("Cancel request", new.home("RAM user `heidi`"))
    becomes(app, new, "cancelled")
    new.home("No pending requests")


def test_nobody_else_withdraws_it_by_any_button_and_a_stranger_is_refused(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    onboarding = newest(app, new)
    assert onboarding
    for person in (app.bob, app.dave):
        with refused(app, person, "not_your_onboarding", "Only whoever requested", act="cancel"):
            press(person, "cancel_onboarding", onboarding.public_id, shown)
        is_told(app, person, f"/pairec-access cancel {mention(new)}", "Only whoever requested")
    stranger = newcomer(app, "mallory", team_id="T0ELSEWHERE")
    press(stranger, "cancel_onboarding", onboarding.public_id, shown)
    app.until(lambda: [e for e in audit_trail(app) if e.get("by_slack") == stranger.id], "the stranger to be refused")
    for forged in ("0" * 32, "R-1001", "", "\x00"):
        press(app.carol, "cancel_onboarding", forged, shown)
    becomes(app, new, "pending")


def test_whoever_moved_to_another_account_withdraws_what_they_asked_for_before(app: AppHarness) -> None:
    new = heidi(app)
    onboard(app, app.carol, new)
    again = newcomer(app, "carol2")
    unlink(app, app.carol)
    link(app, again, "carol")
    again.type(f"/pairec-access cancel {mention(new)}")
    again.click("Cancel request", again.ephemeral_with("It is pending"))
    becomes(app, new, "cancelled")


def test_what_is_approved_is_withdrawn_no_more(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    asked = app.carol.direct_message_with("An administrator decides")
    app.people.inject_ram_fault({"action": "GetUser", "fault": "throttle", "seconds": 1})
    app.bob.click("Approve", shown)
    becomes(app, new, "creating")
    app.carol.click("Cancel request", asked)
    app.carol.message_with("no longer needs a decision")
    is_told(app, app.carol, f"/pairec-access cancel {mention(new)}", "no longer needs a decision")
    app.people.clear_faults()
    becomes(app, new, "done")
