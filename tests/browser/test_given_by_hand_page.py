"""What no program reaches: asked for in the form, and given and taken by somebody with the steps before them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen
from tests.harness.by_hand import GRAFANA


@pytest.fixture
def workshop() -> Iterator[SandboxProcess]:
    """As people open it, with its own bot and catalogue."""
    with SandboxProcess() as opened:
        yield opened


def test_the_steps_are_before_whoever_does_them_and_done_is_what_everybody_reads(
    screen: Screen, pictures: Path
) -> None:
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    screen.be("Dave Kim")
    screen.look_at("#general")
    asked = {"what": GRAFANA, "duration": "8h", "why": "On call for the ranking dashboards this week."}
    screen.send("/pairec-access request")
    screen.fill(screen.form(), **asked)
    page.screenshot(path=pictures / "by-hand-form.png")
    screen.form().get_by_role("button", name="Send request").click()
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    page.screenshot(path=pictures / "by-hand-card.png")
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("Waits for @Erin Sato to grant it by hand.")

    screen.be("Erin Sato")
    screen.look_at("pairec-access")
    expect(screen.card).to_contain_text("Grant by hand: Grafana admin (grafana-admin) to @Dave Kim")
    page.screenshot(path=pictures / "by-hand-give.png")
    screen.card.get_by_role("button", name="Done").click()
    expect(screen.card).to_contain_text("granted by hand, confirmed by @Erin Sato")
    page.get_by_role("button", name="Move on 8 h").click()
    expect(screen.card).to_contain_text("Revoke by hand")
    page.screenshot(path=pictures / "by-hand-take.png")
    screen.card.get_by_role("button", name="Done").click()
    question = page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))
    expect(question).to_contain_text("Your confirmation counts")
    page.screenshot(path=pictures / "by-hand-sure.png")
    question.get_by_role("button", name="It is revoked").click()
    expect(screen.card).to_contain_text("revoked by hand, confirmed by @Erin Sato")
    page.screenshot(path=pictures / "by-hand-gone.png")

    screen.be("Dave Kim")
    expect(screen.card).to_contain_text("by hand, confirmed by @Erin Sato")
    page.screenshot(path=pictures / "by-hand-dave.png")
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("R-1001 · ended")
    page.screenshot(path=pictures / "by-hand-ended.png")
