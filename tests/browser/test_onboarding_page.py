"""Somebody new, by clicking: from the button in App Home to an active bundle."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen

DATA = "PaiRecDataManagementAccess"
HEIDI = {"id": "U0HEIDI", "name": "heidi", "real_name": "Heidi Roth", "email": "heidi@example.com"}


def test_somebody_new_is_onboarded_by_clicking(screen: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    people.inject_slack_fault({"add_person": HEIDI})
    page.reload()
    page.get_by_role("button", name="Got it, hide this").click()

    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-access onboard")
    form = screen.form("Onboard somebody")
    form.get_by_label("Who", exact=True).select_option("U0HEIDI")
    page.screenshot(path=pictures / "onboarding-form.png")
    form.get_by_role("button", name="Ask", exact=True).click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    card = page.get_by_role("article", name="pairec-access").filter(has_text="New RAM user").last
    expect(card).to_contain_text("heidi@pairec-workshop.onaliyun.com")
    page.screenshot(path=pictures / "onboarding-card.png")
    card.get_by_role("button", name="Approve with changes").click()
    form = screen.form("Approve a RAM user")
    form.get_by_label("Display name").fill("Heidi R.")
    page.screenshot(path=pictures / "onboarding-changes.png")
    form.get_by_role("button", name="Approve", exact=True).click()
    expect(form).to_be_hidden()
    done = page.get_by_role("article", name="pairec-access").filter(has_text="is created and linked to").last
    expect(done).to_contain_text("Enable Console Logon")
    expect(done).to_contain_text("R-1001")
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "onboarding-done.png")

    request = page.get_by_role("article", name="pairec-access").filter(has_text="R-1001 · waiting").last
    request.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.holder("heidi", DATA)).to_be_visible()
    page.screenshot(path=pictures / "onboarding-active.png")
    assert "heidi" in people.holders(DATA)
