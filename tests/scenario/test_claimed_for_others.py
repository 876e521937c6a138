"""Somebody says who somebody else is: the approver is asked in so many words, and that person has to say it as well."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import ADMIN, DATA, HOUR, AppHarness
from tests.harness.refusals import audit_trail, link, press, refused
from tests.scenario.claiming import NOT_YET, linked_to

ASKS = "says that you are RAM user `erin`. *Is that you?*"


def carol_claims(office: AppHarness, policy: str = DATA) -> str:
    """Carol asks for Erin, and says which RAM user Erin is."""
    number = 1001 + office.requests()
    office.carol.types("/pairec-access request")
    office.carol.modal("Request access")
    office.carol.fill({"For whom": "erin"})
    office.carol.modal(f"{NOT_YET} <@U0ERIN> is")
    values = {"What": policy, "RAM user": "erin (Erin Sato)", "For how long": "2h", "Why": "on call"}
    assert office.carol.submit(values) == {}
    office.card(f"R-{number}")
    return f"R-{number}"


def question(office: AppHarness) -> SeenMessage:
    return office.erin.direct_message_with(ASKS)


def test_the_card_says_who_claims_it_and_an_approval_is_asked_for_it_in_so_many_words(office: AppHarness) -> None:
    ref = carol_claims(office)
    card = office.card(ref)
    assert "*Nobody has confirmed who this is.* <@U0CAROL> says that <@U0ERIN> is RAM user `erin`." in card.plain
    assert "nothing is given before both have said it" in card.plain
    office.bob.click("Approve", card, confirm=False)
    approve = next(block for block in card.blocks if block["type"] == "actions")["elements"][0]
    assert approve["confirm"]["title"]["text"] == "Do you know who this is?"
    assert "is RAM user erin, from now on and for every later request" in approve["confirm"]["text"]["text"]
    assert not office.record(ref).approvals


def test_an_approval_gives_nothing_before_the_subject_has_said_who_they_are(office: AppHarness) -> None:
    ref = carol_claims(office)
    office.approve(ref, office.bob)
    waiting = office.card(ref, "It is given as soon as <@U0ERIN>")
    assert waiting.buttons == ["Deny", "Details"]
    assert office.record(ref).pending and not office.holds("erin", DATA)
    linked_to(office, office.erin, "You are not linked to a RAM user yet")
    office.erin.click("Yes, that is me", question(office))
    office.comes_to_hold("erin", DATA)
    linked_to(office, office.erin, "You are RAM user `erin` here")
    assert office.events(ref).count("approved") == 1
    office.erin.direct_message_with("it is confirmed that you are RAM user `erin`")


def test_what_the_subject_says_gives_nothing_before_the_approval(office: AppHarness) -> None:
    ref = carol_claims(office)
    office.erin.click("Yes, that is me", question(office))
    office.card(ref, "and <@U0ERIN> says so too")
    assert office.record(ref).pending and not office.holds("erin", DATA)
    office.approve(ref, office.bob)
    office.comes_to_hold("erin", DATA)


def test_two_approvals_and_the_subjects_word_are_needed_in_whichever_order(office: AppHarness) -> None:
    ref = carol_claims(office, ADMIN)
    office.approve(ref, office.bob)
    office.erin.click("Yes, that is me", question(office))
    office.card(ref, "and <@U0ERIN> says so too")
    assert office.record(ref).pending
    office.approve(ref, office.judy)
    office.comes_to_hold("erin", ADMIN)


def test_a_subject_who_says_no_closes_the_request_and_those_concerned_read_why(office: AppHarness) -> None:
    ref = carol_claims(office)
    office.approve(ref, office.bob)
    office.erin.click("No", question(office))
    assert "<@U0ERIN> says that they are not this RAM user" in office.card(ref, "cancelled").plain
    office.carol.direct_message_with("closed, since <@U0ERIN> says that they are not RAM user `erin`")
    linked_to(office, office.erin, "You are not linked to a RAM user yet")
    assert not office.holds("erin", DATA)


def test_nobody_else_answers_for_the_subject(office: AppHarness) -> None:
    ref = carol_claims(office)
    asked = question(office)
    value = next(block for block in asked.blocks if block["type"] == "actions")["elements"][0]["value"]
    office.approve(ref, office.bob)
    for action in ("claim_yes", "claim_no"):
        for person in (office.carol, office.bob):
            with refused(office, person, "not_yours", "", act="confirm"):
                press(person, action, value, asked)
    with refused(office, office.erin, "outdated", "It is drawn anew now", act="confirm"):
        press(office.erin, "claim_yes", "0" * 32, asked)
    assert office.record(ref).pending and not office.holds("erin", DATA)


def test_at_the_subjects_word_approvals_count_that_still_count(office: AppHarness) -> None:
    ref = carol_claims(office)
    office.approve(ref, office.bob)
    office.detach_by_hand("bob", ADMIN)
    office.erin.click("Yes, that is me", question(office))
    office.card(ref, "and <@U0ERIN> says so too")
    assert office.record(ref).pending and not office.record(ref).approvals
    office.approve(ref, office.judy)
    office.comes_to_hold("erin", DATA)


@pytest.mark.parametrize("end", ["denied", "cancelled", "expired"])
def test_when_the_request_is_over_there_is_nothing_to_confirm_any_more(office: AppHarness, end: str) -> None:
    ref = carol_claims(office)
    asked = question(office)
    if end == "denied":
        office.bob.click("Deny", office.card(ref))
        office.bob.submit({"Why not?": "not you"})
    elif end == "cancelled":
        press(office.carol, "cancel", cancel_value(office, ref), office.card(ref))
    else:
        office.people.advance(24 * HOUR + 1)
    office.card(ref, end)
    office.erin.direct_message_with(f"*{ref}* is closed, so there is nothing to confirm any more")
    with refused(office, office.erin, "already_closed", ref, act="confirm"):
        office.erin.click("Yes, that is me", asked)


def cancel_value(office: AppHarness, ref: str) -> str:
    """What Carol's own button for withdrawing it carries."""
    told = office.carol.direct_message_with("asked")
    buttons = [each for block in told.blocks if block["type"] == "actions" for each in block["elements"]]
    return str(next(button["value"] for button in buttons if button["action_id"] == "cancel"))


def test_an_administrator_who_links_them_confirms_for_both(office: AppHarness) -> None:
    ref = carol_claims(office)
    question(office)
    link(office, office.erin, "erin")
    office.erin.direct_message_with("it is confirmed that you are RAM user `erin`")
    office.approve(ref, office.bob)
    office.comes_to_hold("erin", DATA)


def test_whoever_asks_for_themselves_is_asked_nothing_more(office: AppHarness) -> None:
    ref = office.asked(office.erin, f"{DATA} 2h on call")
    office.approve(ref, office.bob)
    office.comes_to_hold("erin", DATA)
    assert not any(ASKS in message.plain for message in office.erin.messages())


def test_a_guest_whom_somebody_claims_for_confirms_nothing(office: AppHarness) -> None:
    ref = carol_claims(office)
    asked = question(office)
    office.people.order_slack({"person": "U0ERIN", "set": {"is_restricted": True}})
    with refused(office, office.erin, "guest", "Guests cannot", act="confirm"):
        office.erin.click("Yes, that is me", asked)
    assert office.record(ref).pending


def test_the_trail_says_that_the_subject_confirmed_it(office: AppHarness) -> None:
    ref = carol_claims(office)
    office.erin.click("Yes, that is me", question(office))
    office.until(lambda: "claim confirmed by subject" in office.events(ref), "it to be in the trail")
    said = next(entry for entry in audit_trail(office) if entry["event"] == "claim confirmed by subject")
    assert said["by_slack"] == "U0ERIN"
