"""Ask, approve, grant, take back."""

from __future__ import annotations

from tests.harness.app import ENGINE, HOUR, AppHarness


def test_access_that_was_asked_for_in_a_line_is_granted_and_taken_back_on_time(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out ranker v3")
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.carol.direct_message_with("is active until")
    office.people.advance(8 * HOUR - 60)
    assert office.holds("carol", ENGINE)
    office.people.advance(61)
    office.comes_to_lose("carol", ENGINE, timeout=1.0)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert office.chain_holds()


def test_a_form_that_is_filled_in_asks_for_the_same(office: AppHarness) -> None:
    office.carol.types("/pairec-access request")
    errors = office.carol.submit({"What": ENGINE, "For how long": "2h", "Why": "on call"})
    assert errors == {}
    card = office.card("R-1001", "waiting for approval")
    assert "U0CAROL" in card.plain and "2h" in card.plain and "on call" in card.plain
    assert card.buttons == ["Approve", "Approve with changes", "Deny", "Details"]


def test_the_admin_policy_needs_two_and_the_card_says_who_was_the_first(office: AppHarness) -> None:
    ref = office.asked(office.carol, "PaiRecRamAdminAccess 1h incident 12")
    office.approve(ref, office.bob)
    assert "1 of 2 approved: <@U0BOB>" in office.card(ref, "1 of 2").plain.replace("*", "")
    assert not office.holds("carol", "PaiRecRamAdminAccess")
    office.approve(ref, office.judy)
    office.comes_to_hold("carol", "PaiRecRamAdminAccess")
