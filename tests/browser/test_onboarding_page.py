"""Somebody new, by clicking: from the button in App Home to an active bundle."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen
from tests.browser.test_offboarding_page import message
from tests.browser.test_on_a_phone import fits, reachable

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
    form.get_by_label("Then request").select_option("algorithm-engineer@search")
    page.screenshot(path=pictures / "onboarding-form.png")
    form.get_by_role("button", name="Request", exact=True).click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    card = page.get_by_role("article", name="pairec-access").filter(has_text="New RAM user").last
    expect(card).to_contain_text("heidi@pairec-workshop.onaliyun.com")
    page.screenshot(path=pictures / "onboarding-card.png")
    card.get_by_role("button", name="Approve with changes").click()
    form = screen.form("Approve a RAM user")
    form.get_by_label("Display name").fill("Heidi R.")
    form.get_by_label("Then request").select_option("algorithm-engineer@ranking")
    page.screenshot(path=pictures / "onboarding-changes.png")
    form.get_by_role("button", name="Approve", exact=True).click()
    expect(form).to_be_hidden()
    done = page.get_by_role("article", name="pairec-access").filter(has_text="is created and linked to").last
    expect(done).to_contain_text("Enable Console Logon")
    expect(done).to_contain_text("R-1001")
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "onboarding-done.png")

    request = page.get_by_role("article", name="pairec-access").filter(has_text="R-1001 · needs approval").last
    request.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.holder("heidi", DATA)).to_be_visible()
    page.screenshot(path=pictures / "onboarding-active.png")
    assert "heidi" in people.holders(DATA)


def test_what_is_denied_on_a_phone_is_read_by_whoever_asked_and_what_waits_is_cancelled(
    phone: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page, people = phone.page, People(workshop.sandbox.page_url)
    people.inject_slack_fault({"add_person": HEIDI})
    page.reload()
    page.get_by_role("button", name="Got it, hide this").tap()
    carol = people.person("carol")
    carol.type("/pairec-access onboard @heidi")

    phone.be("Bob Ortiz")
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
    page.get_by_role("link", name="#pairec-approvals").tap()
    deny = message(phone, "New RAM user").get_by_role("button", name="Deny")
    deny.scroll_into_view_if_needed()
    assert reachable(deny) and fits(phone)
    page.screenshot(path=pictures / "phone-onboarding-card.png")
    deny.tap()
    form = phone.form("Deny a RAM user")
    form.get_by_label("Reason").fill("Heidi joins the search team, ask again in May")
    assert reachable(form.get_by_role("button", name="Deny")) and fits(phone)
    page.screenshot(path=pictures / "phone-onboarding-deny.png")
    form.get_by_role("button", name="Deny").tap()
    expect(message(phone, "denied RAM user")).to_contain_text("ask again in May")

    carol.type("/pairec-access onboard @heidi")
    phone.be("Carol Diaz")
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
    page.get_by_role("link", name="pairec-access").tap()
    expect(message(phone, "denied RAM user")).to_contain_text("ask again in May")
    cancel = phone.card.get_by_role("button", name="Cancel request")
    cancel.scroll_into_view_if_needed()
    assert reachable(cancel) and fits(phone)
    page.screenshot(path=pictures / "phone-onboarding-messages.png")
    cancel.tap()
    expect(message(phone, "cancelled RAM user")).to_be_visible()
