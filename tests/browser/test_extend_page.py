"""More time: asked for and approved by clicking, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_on_a_phone import fits, reachable

ENGINE = "PaiRecEngineAccess"
Go = Callable[[str], None]


def test_access_is_extended_at_a_desk(screen: Screen, pictures: Path) -> None:
    screen.page.get_by_role("button", name="Got it, hide this").click()
    extended(screen, screen.look_at, pictures, "desk")


def test_access_is_extended_on_a_phone(phone: Screen, pictures: Path) -> None:
    tabs = phone.page.get_by_role("navigation", name="Panels")

    def go(place: str) -> None:
        tabs.get_by_role("button", name="Channels").tap()
        phone.page.get_by_role("link", name=place).tap()

    extended(phone, go, pictures, "phone")


def extended(screen: Screen, go: Go, pictures: Path, name: str) -> None:
    page = screen.page

    def picture(what: str) -> None:
        assert fits(screen)
        page.screenshot(path=pictures / f"extend-{name}-{what}.png")

    screen.be("Carol Diaz")
    screen.ask(what=ENGINE, duration="8h", why="Rolling out ranker v3")
    screen.be("Bob Ortiz")
    go("#pairec-approvals")
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("R-1001 · active")
    picture("active-card")

    screen.be("Carol Diaz")
    go("pairec-access")
    extend = screen.card.get_by_role("button", name="Extend", exact=True)
    assert reachable(extend)
    picture("active-message")
    extend.click()
    form = screen.form("Extend R-1001")
    form.get_by_label("How much longer").fill("90d")
    form.get_by_label("Reason", exact=True).fill("The ranker is not out yet")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_contain_text("R-1001 may run for 90d in all: 89d16h more at most.")
    picture("form")
    form.get_by_label("How much longer").fill("4h")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    go("#pairec-approvals")
    expect(screen.card).to_contain_text("Extends R-1001")
    expect(screen.card).to_contain_text("12h in all")
    picture("card")
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.card).to_contain_text("R-1002 · active")

    screen.be("Carol Diaz")
    go("pairec-access")
    expect(screen.card).to_contain_text("R-1002: Engine (PaiRecEngineAccess) is active until")
    picture("extended-message")
