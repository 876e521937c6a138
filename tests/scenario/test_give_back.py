"""Ending access before its time, and withdrawing what still waits."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, refused


def granted(office: AppHarness, person: SandboxPerson, line: str) -> str:
    ref = office.asked(person, line)
    office.approve(ref, office.bob)
    office.card(ref, "active")
    return ref


def test_the_subject_gives_back_with_a_reason_and_without_an_approval(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    office.revokes(office.carol, ref, "all <done> & tested")
    office.carol.ephemeral_with(f"*{ref}*: it is being taken away")
    office.comes_to_lose("carol", ENGINE)
    office.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was given back. RAM shows it gone from `carol`.")
    assert office.card(ref, "ended").buttons == []
    entry = next(entry for entry in audit_trail(office) if entry["event"] == "given back")
    assert (entry["by_slack"], entry["reason"]) == ("U0CAROL", "all <done> & tested")
    assert "Given back by <@U0CAROL>, <!date^" in office.card(ref, "ended").plain
    assert "all <done> & tested" in office.card(ref, "ended").plain


@pytest.mark.parametrize("typed", ["r-1001", "1001", "R-1001"])
def test_a_reference_is_taken_as_people_write_it(office: AppHarness, typed: str) -> None:
    granted(office, office.carol, f"{ENGINE} 8h rollout")
    office.revokes(office.carol, typed)
    office.comes_to_lose("carol", ENGINE)


def test_the_subject_gives_back_with_the_button_in_their_direct_message(office: AppHarness) -> None:
    granted(office, office.carol, f"{ENGINE} 8h rollout")
    office.carol.click("Give back", office.carol.direct_message_with("is active until"))
    office.comes_to_lose("carol", ENGINE)


def test_the_subject_gives_back_what_somebody_else_asked_for(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} @dave 8h rollout")
    office.revokes(office.dave, ref, "done early")
    office.comes_to_lose("dave", ENGINE)
    told = office.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was given back by <@U0DAVE>.")
    assert "done early" in told.plain


@pytest.mark.parametrize("name", ["bob", "judy"])
def test_any_approver_takes_back_without_a_second_approval(office: AppHarness, name: str) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    person = getattr(office, name)
    office.revokes(person, ref)
    person.ephemeral_with(f"*{ref}*: it is being taken away. Its card says when it is gone.")
    office.comes_to_lose("carol", ENGINE)
    told = office.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) was taken back by <@{person.id}>.")
    assert told.plain.endswith("RAM shows it gone from `carol`.")
    assert re.search(rf"Taken back by <@{person.id}>, <!date[^>]*>\.$", office.card(ref, "ended").plain, re.MULTILINE)


def test_both_are_told_by_whom_and_why_it_was_taken_back_and_the_card_says_so(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} @dave 8h rollout")
    reason = "<!channel> a *leak* <https://evil.example|is suspected>"
    office.revokes(office.judy, ref, reason)
    office.comes_to_lose("dave", ENGINE)
    shown = [person.direct_message_with("was taken back by <@U0JUDY>") for person in (office.carol, office.dave)]
    for message in (*shown, office.card(ref, "ended")):
        assert reason in message.plain and "channel" not in message.mentions
        assert "evil.example" not in message.text
        texts = [block["text"] for block in message.blocks if block["type"] == "section" and "text" in block]
        assert [text["type"] for text in texts if "evil.example" in text["text"]] == ["plain_text"]


def test_the_card_says_by_whom_and_why_as_soon_as_it_is_being_taken_back(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "DetachPolicyFromUser", "fault": "no_permission"})
    office.revokes(office.bob, ref, "leak suspected")
    card = office.card(ref, "being taken away").plain
    assert "Taken back by <@U0BOB>, <!date^" in card and "leak suspected" in card


def test_what_was_taken_back_before_it_was_attached_says_by_whom_and_why(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 4})
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["planned"], "the first look to be slow")
    office.revokes(office.judy, ref, "leak suspected")
    told = office.carol.direct_message_with(f"*{ref}*: ended by <@U0JUDY> before *Engine* (`{ENGINE}`) was given.")
    assert "Nothing was granted." in told.plain and "leak suspected" in told.plain
    assert "leak suspected" in office.card(ref, "Taken back by <@U0JUDY>").plain


def test_all_of_a_bundle_goes_at_once(office: AppHarness) -> None:
    ref = granted(office, office.carol, "algorithm-engineer 8h features")
    office.comes_to_hold("carol", MONITOR)
    office.revokes(office.carol, ref)
    office.comes_to_lose("carol", DATA)
    office.comes_to_lose("carol", MONITOR)


def test_what_a_second_request_still_gives_stays(office: AppHarness) -> None:
    first = granted(office, office.carol, f"{ENGINE} 1h rollout")
    granted(office, office.carol, f"{ENGINE} 8h rollout takes longer")
    office.revokes(office.carol, first)
    office.card(first, "ended")
    assert office.holds("carol", ENGINE)
    assert office.writes("DetachPolicyFromUser", "carol", ENGINE) == 0


@pytest.mark.parametrize(("name", "why"), [("dave", "not_approver"), ("erin", "not_linked"), ("grace", "guest")])
def test_nobody_else_revokes(office: AppHarness, name: str, why: str) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    says = {"not_approver": "does not hold", "not_linked": "You are not linked", "guest": "Guests cannot"}[why]
    person = getattr(office, name)
    with refused(office, person, why, says, ref, act="revoke"):
        person.types(f"/pairec-access revoke {ref}")
    assert office.holds("carol", ENGINE)


def test_the_requester_alone_cannot_take_back_what_somebody_else_got(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} @dave 8h rollout")
    with refused(office, office.carol, "not_approver", "RAM user `carol` does not hold", ref, act="revoke"):
        office.carol.types(f"/pairec-access revoke {ref}")
    assert office.holds("dave", ENGINE)


def test_what_was_there_before_cannot_be_revoked_and_the_answer_says_why(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.attach_by_hand("carol", ENGINE)
    office.approve(ref, office.bob)
    office.card(ref, "stays when this request ends")
    for person in (office.carol, office.judy):
        with refused(office, person, "held", "so it is not ours to take away", ref, act="revoke"):
            person.types(f"/pairec-access revoke {ref}")
    assert office.holds("carol", ENGINE)


def test_what_still_waits_is_cancelled_and_not_revoked(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    with refused(
        office, office.carol, "still_pending", f"`/pairec-access cancel {ref}` withdraws it", ref, act="revoke"
    ):
        office.carol.types(f"/pairec-access revoke {ref}")


def test_what_is_over_cannot_be_revoked_again(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    office.revokes(office.carol, ref)
    office.card(ref, "ended")
    with refused(office, office.carol, "nothing_to_revoke", "gives no access at the moment", ref, act="revoke"):
        office.carol.types(f"/pairec-access revoke {ref}")


def test_access_given_back_before_it_was_attached_is_never_attached(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "hang", "seconds": 4})
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["planned"], "the first look to be slow")
    office.revokes(office.carol, ref)
    office.card(ref, "ended")
    office.carol.direct_message_with("Nothing was granted.")
    assert office.states(ref) == ["void"]
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 0


def test_the_requester_cancels_what_waits(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} @dave 8h rollout")
    office.cancels(office.carol, ref)
    office.carol.ephemeral_with(f"*{ref}* is cancelled. Nothing was granted.")
    office.dave.direct_message_with("was cancelled by <@U0CAROL>")
    assert office.card(ref, "cancelled").buttons == []


def test_the_subject_cancels_what_waits_for_them(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} @dave 8h rollout")
    office.cancels(office.dave, ref)
    office.card(ref, "Cancelled by <@U0DAVE>")


def test_the_button_in_the_direct_message_cancels(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.carol.click("Cancel request", office.carol.direct_message_with("waits for 1 approval"))
    office.card(ref, "cancelled")


@pytest.mark.parametrize("name", ["dave", "bob"])
def test_nobody_else_cancels(office: AppHarness, name: str) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    person = getattr(office, name)
    with refused(office, person, "not_yours", f"{ref} is not yours, so you cannot cancel it.", ref, act="cancel"):
        person.types(f"/pairec-access cancel {ref}")


def test_cancelling_what_was_decided_says_by_whom(office: AppHarness) -> None:
    ref = granted(office, office.carol, f"{ENGINE} 8h rollout")
    with refused(office, office.carol, "already_closed", f"{ref} was approved by <@U0BOB>", ref, act="cancel"):
        office.carol.types(f"/pairec-access cancel {ref}")
    assert office.holds("carol", ENGINE)


@pytest.mark.parametrize("verb", ["cancel", "revoke"])
@pytest.mark.parametrize("typed", ["", "R-4711", "nonsense", "R-", "<!channel>"])
def test_an_unknown_reference_is_told_so(office: AppHarness, verb: str, typed: str) -> None:
    with refused(office, office.carol, "unknown_request", "There is no such request.", typed or None, act=verb):
        office.carol.types(f"/pairec-access {verb} {typed}")
