"""What runs can be ended where it is shown: by approvers on its card, by whom it is for in their direct message."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.lost_ledgers import loses_its_ledger
from tests.harness.refusals import audit_trail, press, refused
from tests.scenario.test_another_record import ELSEWHERE


def active(app: AppHarness, line: str = f"{ENGINE} 8h rolling out") -> tuple[str, SeenMessage]:
    ref = app.asked(app.carol, line)
    app.approve(ref, app.bob)
    return ref, app.card(ref, "· active")


def test_an_approver_revokes_on_the_card_after_a_question(app: AppHarness) -> None:
    ref, card = active(app)
    assert card.buttons == ["Revoke", "Details"]
    sure = next(each["confirm"] for block in card.blocks for each in block.get("elements", []) if "confirm" in each)
    assert sure["text"]["text"] == f"RAM user carol loses the access of {ref} now."
    app.judy.click("Revoke", card)
    app.comes_to_lose("carol", ENGINE)
    assert app.card(ref, "· ended").buttons == []
    entry = next(entry for entry in audit_trail(app) if entry["event"] == "taken back")
    assert (entry["by_slack"], entry["by_ram_user"]) == ("U0JUDY", "judy")


def test_what_is_active_shows_details_on_its_card(app: AppHarness) -> None:
    ref, card = active(app)
    app.judy.click("Details", card)
    assert "rolling out" in app.judy.modal(ref).plain


@pytest.mark.parametrize(("name", "why"), [("dave", "not_approver"), ("erin", "not_linked"), ("grace", "guest")])
def test_nobody_else_revokes_on_the_card(app: AppHarness, name: str, why: str) -> None:
    ref, card = active(app)
    says = {"not_approver": "does not hold", "not_linked": "You are not linked", "guest": "Guests cannot"}[why]
    with refused(app, getattr(app, name), why, says, ref, act="revoke"):
        press(getattr(app, name), "revoke", app.name(ref), card)
    assert app.holds("carol", ENGINE)


def test_a_second_click_on_revoke_changes_nothing(app: AppHarness) -> None:
    ref, card = active(app)
    app.judy.click("Revoke", card)
    app.card(ref, "· ended")
    with refused(app, app.bob, "nothing_to_revoke", "has no active access", ref, act="revoke"):
        press(app.bob, "revoke", app.name(ref), card)
    assert app.events(ref).count("taken back") == 1


def test_revoke_on_the_card_of_another_request_ends_neither(app: AppHarness) -> None:
    _, card = active(app)
    other, _ = active(app, f"{DATA} 8h cleaning up")
    with refused(app, app.bob, "wrong_card", "does not belong to the request on this card", other, act="revoke"):
        press(app.bob, "revoke", app.name(other), card)
    assert app.holds("carol", ENGINE) and app.holds("carol", DATA)


def test_revoke_on_a_card_of_a_lost_ledger_ends_nothing(app: AppHarness, tmp_path: Path) -> None:
    _, card = active(app)
    loses_its_ledger(app, f"sqlite:///{tmp_path / 'second.db'}")
    with refused(app, app.bob, "other_record", ELSEWHERE, act="revoke"):
        app.bob.click("Revoke", card)
    assert app.holds("carol", ENGINE)


def test_whom_it_is_for_ends_it_in_their_direct_message_after_a_question(app: AppHarness) -> None:
    ref, _ = active(app, f"{ENGINE} @dave 8h rolling out")
    told = app.dave.direct_message_with("is active until")
    sure = next(each["confirm"] for block in told.blocks for each in block.get("elements", []) if "confirm" in each)
    assert sure["title"]["text"] == "End access?"
    app.dave.click("End access", told)
    app.comes_to_lose("dave", ENGINE)
    assert app.events(ref).count("given back") == 1
