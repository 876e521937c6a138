"""Ending access before its time, and withdrawing what still waits."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, refused


def granted(app: AppHarness, person: SandboxPerson, line: str) -> str:
    ref = app.asked(person, line)
    app.approve(ref, app.bob)
    app.card(ref, "active")
    return ref


def test_the_subject_gives_back_with_a_reason_and_without_an_approval(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    app.revokes(app.carol, ref, "all <done> & tested")
    app.carol.ephemeral_with(f"Ending *{ref}*")
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was ended. RAM shows it gone from `carol`.")
    assert app.card(ref, "ended").buttons == []
    entry = next(entry for entry in audit_trail(app) if entry["event"] == "given back")
    assert (entry["by_slack"], entry["reason"]) == ("U0CAROL", "all <done> & tested")
    assert "Ended by <@U0CAROL>, <!date^" in app.card(ref, "ended").plain
    assert "all <done> & tested" in app.card(ref, "ended").plain


@pytest.mark.parametrize("typed", ["r-1001", "1001", "R-1001"])
def test_a_reference_is_taken_as_people_write_it(app: AppHarness, typed: str) -> None:
    granted(app, app.carol, f"{ENGINE} 8h rollout")
    app.revokes(app.carol, typed)
    app.comes_to_lose("carol", ENGINE)


def test_the_subject_gives_back_with_the_button_in_their_direct_message(app: AppHarness) -> None:
    granted(app, app.carol, f"{ENGINE} 8h rollout")
    app.carol.click("End access", app.carol.direct_message_with("is active until"))
    app.comes_to_lose("carol", ENGINE)


def test_the_subject_gives_back_what_somebody_else_asked_for(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} @dave 8h rollout")
    app.revokes(app.dave, ref, "done early")
    app.comes_to_lose("dave", ENGINE)
    told = app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was ended by <@U0DAVE>.")
    assert "done early" in told.plain


@pytest.mark.parametrize("name", ["bob", "judy"])
def test_any_approver_takes_back_without_a_second_approval(app: AppHarness, name: str) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    person = getattr(app, name)
    app.revokes(person, ref)
    person.ephemeral_with(f"Revoking *{ref}*. Its card shows when it is done.")
    app.comes_to_lose("carol", ENGINE)
    told = app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was revoked by <@{person.id}>.")
    assert told.plain.endswith("RAM shows it gone from `carol`.\n[Request again]")
    assert re.search(rf"Revoked by <@{person.id}>, <!date[^>]*>\.$", app.card(ref, "ended").plain, re.MULTILINE)


def test_both_are_told_by_whom_and_why_it_was_taken_back_and_the_card_says_so(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} @dave 8h rollout")
    reason = "<!channel> a *leak* <https://evil.example|is suspected>"
    app.revokes(app.judy, ref, reason)
    app.comes_to_lose("dave", ENGINE)
    shown = [person.direct_message_with("was revoked by <@U0JUDY>") for person in (app.carol, app.dave)]
    for message in (*shown, app.card(ref, "ended")):
        assert reason in message.plain and "channel" not in message.mentions
        assert "evil.example" not in message.text
        texts = [block["text"] for block in message.blocks if block["type"] == "section" and "text" in block]
        assert [text["type"] for text in texts if "evil.example" in text["text"]] == ["plain_text"]


def test_the_card_says_by_whom_and_why_as_soon_as_it_is_being_taken_back(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "no_permission"})
    app.revokes(app.bob, ref, "leak suspected")
    card = app.card(ref, "· revoking").plain
    assert "Revoked by <@U0BOB>, <!date^" in card and "leak suspected" in card


def test_what_was_taken_back_before_it_was_attached_says_by_whom_and_why(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 4})
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["planned"], "the first look to be slow")
    app.revokes(app.judy, ref, "leak suspected")
    told = app.carol.direct_message_with(f"*{ref}*: ended by <@U0JUDY> before *Engine* (`{ENGINE}`) was granted.")
    assert "Nothing was granted." in told.plain and "leak suspected" in told.plain
    assert "leak suspected" in app.card(ref, "Revoked by <@U0JUDY>").plain


def test_all_of_a_bundle_goes_at_once(app: AppHarness) -> None:
    ref = granted(app, app.carol, "algorithm-engineer 8h features")
    app.comes_to_hold("carol", MONITOR)
    app.revokes(app.carol, ref)
    app.comes_to_lose("carol", DATA)
    app.comes_to_lose("carol", MONITOR)


def test_what_a_second_request_still_gives_stays(app: AppHarness) -> None:
    first = granted(app, app.carol, f"{ENGINE} 1h rollout")
    granted(app, app.carol, f"{ENGINE} 8h rollout takes longer")
    app.revokes(app.carol, first)
    app.card(first, "ended")
    assert app.holds("carol", ENGINE)
    assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 0


@pytest.mark.parametrize(("name", "why"), [("dave", "not_approver"), ("erin", "not_linked"), ("grace", "guest")])
def test_nobody_else_revokes(app: AppHarness, name: str, why: str) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    says = {"not_approver": "does not hold", "not_linked": "You are not linked", "guest": "Guests cannot"}[why]
    person = getattr(app, name)
    with refused(app, person, why, says, ref, act="revoke"):
        person.type(f"/pairec-access revoke {ref}")
    assert app.holds("carol", ENGINE)


def test_the_requester_alone_cannot_take_back_what_somebody_else_got(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} @dave 8h rollout")
    with refused(app, app.carol, "not_approver", "RAM user `carol` does not hold", ref, act="revoke"):
        app.carol.type(f"/pairec-access revoke {ref}")
    assert app.holds("dave", ENGINE)


def test_what_was_there_before_cannot_be_revoked_and_the_answer_says_why(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.attach_by_hand("carol", ENGINE)
    app.approve(ref, app.bob)
    app.card(ref, "stays when this request ends")
    for person in (app.carol, app.judy):
        with refused(app, person, "held", "so it is not revoked here", ref, act="revoke"):
            person.type(f"/pairec-access revoke {ref}")
    assert app.holds("carol", ENGINE)


def test_what_still_waits_is_cancelled_and_not_revoked(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    with refused(app, app.carol, "still_pending", f"`/pairec-access cancel {ref}` cancels it", ref, act="revoke"):
        app.carol.type(f"/pairec-access revoke {ref}")


def test_what_is_over_cannot_be_revoked_again(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    app.revokes(app.carol, ref)
    app.card(ref, "ended")
    with refused(app, app.carol, "nothing_to_revoke", "has no active access", ref, act="revoke"):
        app.carol.type(f"/pairec-access revoke {ref}")


def test_access_given_back_before_it_was_attached_is_never_attached(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 4})
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["planned"], "the first look to be slow")
    app.revokes(app.carol, ref)
    app.card(ref, "ended")
    app.carol.direct_message_with("Nothing was granted.")
    assert app.states(ref) == ["void"]
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 0


def test_the_requester_cancels_what_waits(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    app.cancels(app.carol, ref)
    app.carol.ephemeral_with(f"*{ref}* is cancelled. Nothing was granted.")
    app.dave.direct_message_with("was cancelled by <@U0CAROL>")
    assert app.card(ref, "cancelled").buttons == []


def test_the_subject_cancels_what_waits_for_them(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    app.cancels(app.dave, ref)
    app.card(ref, "Cancelled by <@U0DAVE>")


def test_the_button_in_the_direct_message_cancels(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.click("Cancel request", app.carol.direct_message_with("needs 1 approval"))
    app.card(ref, "cancelled")


@pytest.mark.parametrize("name", ["dave", "bob"])
def test_nobody_else_cancels(app: AppHarness, name: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    person = getattr(app, name)
    with refused(app, person, "not_yours", f"{ref} is not yours, so you cannot cancel it.", ref, act="cancel"):
        person.type(f"/pairec-access cancel {ref}")


def test_cancelling_what_was_decided_says_by_whom(app: AppHarness) -> None:
    ref = granted(app, app.carol, f"{ENGINE} 8h rollout")
    with refused(app, app.carol, "already_closed", f"{ref} was approved by <@U0BOB>", ref, act="cancel"):
        app.carol.type(f"/pairec-access cancel {ref}")
    assert app.holds("carol", ENGINE)


@pytest.mark.parametrize("verb", ["cancel", "revoke"])
@pytest.mark.parametrize("typed", ["", "R-4711", "nonsense", "R-", "<!channel>"])
def test_an_unknown_reference_is_told_so(app: AppHarness, verb: str, typed: str) -> None:
    with refused(app, app.carol, "unknown_request", "There is no such request.", typed or None, act=verb):
        app.carol.type(f"/pairec-access {verb} {typed}")
