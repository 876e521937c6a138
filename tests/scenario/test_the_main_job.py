"""Ask, approve, grant, take back."""

from __future__ import annotations

from tests.harness.app import ENGINE, HOUR, AppHarness


def test_access_that_was_asked_for_in_a_line_is_granted_and_taken_back_on_time(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out ranker v3")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.carol.direct_message_with("is active until")
    app.people.advance(8 * HOUR - 60)
    assert app.holds("carol", ENGINE)
    app.people.advance(61)
    app.comes_to_lose("carol", ENGINE, timeout=1.0)
    app.carol.direct_message_with("has expired")
    assert app.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert app.chain_holds()


def test_a_form_that_is_filled_in_asks_for_the_same(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    errors = app.carol.submit({"What": ENGINE, "Duration": "2h", "Reason": "on call"})
    assert errors == {}
    card = app.card("R-1001", "needs approval")
    assert "U0CAROL" in card.plain and "2h" in card.plain and "on call" in card.plain
    assert card.buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]


def test_the_admin_policy_needs_two_and_the_card_says_who_was_the_first(app: AppHarness) -> None:
    ref = app.asked(app.carol, "PaiRecRamAdminAccess 1h incident 12")
    app.approve(ref, app.bob)
    assert "1 of 2 approved: <@U0BOB>" in app.card(ref, "1 of 2").plain.replace("*", "")
    assert not app.holds("carol", "PaiRecRamAdminAccess")
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", "PaiRecRamAdminAccess")
