"""A board that turns red and green again, by breaking the account and clicking through."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen


def test_what_broke_is_seen_authorised_by_two_people_and_seen_to_be_good_again(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 1140})
    page.get_by_role("button", name="Got it, hide this").click()
    page.locator("#switches summary").click()
    page.get_by_label("The engine's role: without its policy").check()

    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-status")
    expect(screen.card).to_contain_text("PAI-Rec status · 1 failed")
    expect(screen.card).to_contain_text("does not have PaiRecDataManagementAccess")
    screen.card.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "status.png")

    screen.card.get_by_role("button", name="Authorize").click()
    form = screen.form("Authorize")
    form.get_by_label("Reason", exact=True).fill("The ranking service does not start without it.")
    page.screenshot(path=pictures / "authorize.png")
    form.get_by_role("button", name="Request approval").click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("R-1001 · needs approval")
    page.screenshot(path=pictures / "mend.png")
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("R-1001 · active")

    screen.look_at("#general")
    expect(screen.card).to_contain_text("PAI-Rec status · all good")
    expect(screen.card).to_contain_text("by this app, R-1001")
    page.screenshot(path=pictures / "good.png")


def test_a_service_that_pai_recs_role_is_missing_for_is_authorised_and_good_again(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    page.locator("#switches summary").click()
    page.get_by_label("PAI-Rec's own role: deleted").check()

    screen.be("Dave Kim")
    screen.look_at("#general")
    screen.send("/pairec-status oss")
    expect(screen.card).to_contain_text("OSS · 1 failed")
    page.screenshot(path=pictures / "service.png")
    screen.card.get_by_role("button", name="Authorize").click()
    form = screen.form("Authorize")
    form.get_by_label("Reason", exact=True).fill("PAI-Rec cannot read the samples in OSS.")
    form.get_by_role("button", name="Request approval").click()
    expect(form).to_be_hidden()

    screen.be("Judy Novak")
    screen.look_at("#pairec-approvals")
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("R-1001 · active")
    page.screenshot(path=pictures / "service-card.png")

    screen.be("Dave Kim")
    screen.look_at("#general")
    expect(screen.card).to_contain_text("OSS · all good")
    page.screenshot(path=pictures / "service-good.png")
