"""The same page at a phone's width: one panel at a time, nothing cut off, everything within a finger's reach."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen

ENGINE = "PaiRecEngineAccess"
FINGER = 32
"""Pixels that a button is high at the least."""


def fits(screen: Screen) -> bool:
    """Nothing is wider than the phone."""
    return bool(screen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def reachable(button: Locator) -> bool:
    """In sight, and high enough for a finger."""
    expect(button).to_be_in_viewport(ratio=1)
    box = button.bounding_box()
    return bool(box and box["height"] >= FINGER)


def test_the_conversation_that_is_open_already_is_shown_when_it_is_tapped(phone: Screen) -> None:
    phone.be("Carol Diaz")
    for _ in range(2):
        phone.page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
        expect(phone.composer).to_be_hidden()
        phone.page.get_by_role("link", name="#general").tap()
        expect(phone.composer).to_be_visible()


def test_the_whole_round_can_be_made_on_a_phone(phone: Screen, pictures: Path) -> None:
    page = phone.page
    tabs = page.get_by_role("navigation", name="Panels")
    phone.be("Carol Diaz")
    phone.send("/pairec-access request")
    form = phone.form()
    phone.fill(form, what=ENGINE, duration="8h", why="Rolling out ranker v3")
    assert reachable(form.get_by_role("button", name="Send request")) and fits(phone)
    page.screenshot(path=pictures / "phone-form.png")
    form.get_by_role("button", name="Send request").tap()
    expect(form).to_be_hidden()

    phone.be("Bob Ortiz")
    tabs.get_by_role("button", name="Channels").tap()
    page.get_by_role("link", name="#pairec-approvals").tap()
    approve = phone.card.get_by_role("button", name="Approve", exact=True)
    approve.scroll_into_view_if_needed()
    assert reachable(approve) and fits(phone)
    page.screenshot(path=pictures / "phone-card.png")
    approve.tap()
    expect(phone.card).to_contain_text("R-1001 · active")

    tabs.get_by_role("button", name="Account").tap()
    expect(phone.holder("carol", ENGINE)).to_be_visible()
    later = page.get_by_role("button", name="Move on 8 h")
    assert reachable(later) and fits(phone)
    later.tap()
    expect(phone.holder("carol", ENGINE)).to_have_count(0)
    page.screenshot(path=pictures / "phone-account.png")
