"""Somebody says who somebody else is: the approver is asked in so many words, and that person has to say it as well."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import ADMIN, DATA, HOUR, AppHarness
from tests.harness.refusals import audit_trail, link, press, refused
from tests.scenario.claiming import NOT_YET, linked_to

ASKS = "for you, as RAM user `erin`. *Is that you?*"


def carol_claims(app: AppHarness, policy: str = DATA) -> str:
    """Carol asks for Erin, and says which RAM user Erin is."""
    number = 1001 + app.requests()
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    app.carol.fill({"For whom": "erin"})
    app.carol.modal(f"{NOT_YET} Choose the RAM user of <@U0ERIN>")
    values = {"What": policy, "RAM user": "erin (Erin Sato)", "Duration": "2h", "Reason": "on call"}
    assert app.carol.submit(values) == {}
    app.card(f"R-{number}")
    return f"R-{number}"


def question(app: AppHarness) -> SeenMessage:
    return app.erin.direct_message_with(ASKS)


def test_the_card_says_who_claims_it_and_an_approval_is_asked_for_it_in_so_many_words(app: AppHarness) -> None:
    ref = carol_claims(app)
    card = app.card(ref)
    assert "*Identity not verified.* <@U0CAROL> says that <@U0ERIN> is RAM user `erin`." in card.plain
    assert "nothing is granted before both have confirmed it" in card.plain
    app.bob.click("Approve", card, confirm=False)
    approve = next(block for block in card.blocks if block["type"] == "actions")["elements"][0]
    assert approve["confirm"]["title"]["text"] == "Do you know who this is?"
    assert "to RAM user erin, for this and every later request" in approve["confirm"]["text"]["text"]
    assert not app.record(ref).approvals


def test_an_approval_gives_nothing_before_the_subject_has_said_who_they_are(app: AppHarness) -> None:
    ref = carol_claims(app)
    app.approve(ref, app.bob)
    waiting = app.card(ref, "Granted as soon as <@U0ERIN>")
    assert waiting.buttons == ["Deny", "Comment", "Details"]
    assert app.record(ref).pending and not app.holds("erin", DATA)
    linked_to(app, app.erin, "You are not linked to a RAM user yet")
    app.erin.click("Yes, that is me", question(app))
    app.comes_to_hold("erin", DATA)
    linked_to(app, app.erin, "You are RAM user `erin`")
    assert app.events(ref).count("approved") == 1
    app.erin.direct_message_with("confirmed: you are RAM user `erin`")


def test_what_the_subject_says_gives_nothing_before_the_approval(app: AppHarness) -> None:
    ref = carol_claims(app)
    app.erin.click("Yes, that is me", question(app))
    app.card(ref, "and <@U0ERIN> both say")
    assert app.record(ref).pending and not app.holds("erin", DATA)
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)


def test_two_approvals_and_the_subjects_word_are_needed_in_whichever_order(app: AppHarness) -> None:
    ref = carol_claims(app, ADMIN)
    app.approve(ref, app.bob)
    app.erin.click("Yes, that is me", question(app))
    app.card(ref, "and <@U0ERIN> both say")
    assert app.record(ref).pending
    app.approve(ref, app.judy)
    app.comes_to_hold("erin", ADMIN)


def test_a_subject_who_says_no_closes_the_request_and_those_concerned_read_why(app: AppHarness) -> None:
    ref = carol_claims(app)
    app.approve(ref, app.bob)
    app.erin.click("No", question(app))
    assert "<@U0ERIN> says that they are not this RAM user" in app.card(ref, "cancelled").plain
    app.carol.direct_message_with("closed: <@U0ERIN> says that they are not RAM user `erin`")
    linked_to(app, app.erin, "You are not linked to a RAM user yet")
    assert not app.holds("erin", DATA)


def test_nobody_else_answers_for_the_subject(app: AppHarness) -> None:
    ref = carol_claims(app)
    asked = question(app)
    value = next(block for block in asked.blocks if block["type"] == "actions")["elements"][0]["value"]
    app.approve(ref, app.bob)
    for action in ("claim_yes", "claim_no"):
        for person in (app.carol, app.bob):
            with refused(app, person, "not_yours", "", act="confirm"):
                press(person, action, value, asked)
    with refused(app, app.erin, "outdated", "It is updated now", act="confirm"):
        press(app.erin, "claim_yes", "0" * 32, asked)
    assert app.record(ref).pending and not app.holds("erin", DATA)


def test_at_the_subjects_word_approvals_count_that_still_count(app: AppHarness) -> None:
    ref = carol_claims(app)
    app.approve(ref, app.bob)
    app.detach_by_hand("bob", ADMIN)
    app.erin.click("Yes, that is me", question(app))
    app.card(ref, "and <@U0ERIN> both say")
    assert app.record(ref).pending and not app.record(ref).approvals
    app.approve(ref, app.judy)
    app.comes_to_hold("erin", DATA)


@pytest.mark.parametrize("end", ["denied", "cancelled", "expired"])
def test_when_the_request_is_over_there_is_nothing_to_confirm_any_more(app: AppHarness, end: str) -> None:
    ref = carol_claims(app)
    asked = question(app)
    if end == "denied":
        app.bob.click("Deny", app.card(ref))
        app.bob.submit({"Reason": "not you"})
    elif end == "cancelled":
        press(app.carol, "cancel", cancel_value(app, ref), app.card(ref))
    else:
        app.people.advance(24 * HOUR + 1)
    app.card(ref, end)
    app.erin.direct_message_with(f"*{ref}* is closed, so there is nothing to confirm")
    with refused(app, app.erin, "already_closed", ref, act="confirm"):
        app.erin.click("Yes, that is me", asked)


def cancel_value(app: AppHarness, ref: str) -> str:
    """What Carol's own button for withdrawing it carries."""
    told = app.carol.direct_message_with("requested")
    buttons = [each for block in told.blocks if block["type"] == "actions" for each in block["elements"]]
    return str(next(button["value"] for button in buttons if button["action_id"] == "cancel"))


def test_an_administrator_who_links_them_confirms_for_both(app: AppHarness) -> None:
    ref = carol_claims(app)
    question(app)
    link(app, app.erin, "erin")
    app.erin.direct_message_with("confirmed: you are RAM user `erin`")
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)


def test_whoever_asks_for_themselves_is_asked_nothing_more(app: AppHarness) -> None:
    ref = app.asked(app.erin, f"{DATA} 2h on call")
    app.approve(ref, app.bob)
    app.comes_to_hold("erin", DATA)
    assert not any(ASKS in message.plain for message in app.erin.messages())


def test_a_guest_whom_somebody_claims_for_confirms_nothing(app: AppHarness) -> None:
    ref = carol_claims(app)
    asked = question(app)
    app.people.inject_slack_fault({"person": "U0ERIN", "set": {"is_restricted": True}})
    with refused(app, app.erin, "guest", "Guests cannot", act="confirm"):
        app.erin.click("Yes, that is me", asked)
    assert app.record(ref).pending


def test_the_trail_says_that_the_subject_confirmed_it(app: AppHarness) -> None:
    ref = carol_claims(app)
    app.erin.click("Yes, that is me", question(app))
    app.until(lambda: "claim confirmed by subject" in app.events(ref), "it to be in the trail")
    said = next(entry for entry in audit_trail(app) if entry["event"] == "claim confirmed by subject")
    assert said["by_slack"] == "U0ERIN"
