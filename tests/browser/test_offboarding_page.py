"""Somebody leaves, by clicking: from the command to a RAM user that has nothing of what was granted here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Locator, expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from bot.sandbox.ram.state import AccountState
from tests.browser.screen import Screen
from tests.browser.test_on_a_phone import fits, reachable
from tests.harness.app import APPROVALS

DATA, ENGINE = "PaiRecDataManagementAccess", "PaiRecEngineAccess"
TAKE_BACK = "Revoke all"


def message(screen: Screen, says: str) -> Locator:
    return screen.page.get_by_role("article", name="pairec-access").filter(has_text=says).last


def question(screen: Screen) -> Locator:
    found = screen.page.get_by_role("alertdialog", name=TAKE_BACK)
    expect(found).to_be_visible()
    return found


def burdened(state: AccountState, _: float) -> None:
    """Carol has what only people take away."""
    state.users["carol"] = replace(
        state.users["carol"], access_keys=("LTAI0OLDKEY",), mfa_device="serial", console_login=True
    )


def carol_has(workshop: SandboxProcess, people: People, policy: str) -> None:
    """She is given it for a day, asks for something else besides, and has more."""
    workshop.sandbox.account.write(burdened)
    carol, bob = people.person("carol"), people.person("bob")
    carol.type(f"/pairec-access request {policy} 24h rolling out ranker v3")
    bob.click("Approve", bob.message_with("R-1001", APPROVALS))
    carol.direct_message_with("is active until")
    carol.type(f"/pairec-access request {ENGINE} 8h rolling out ranker v4")
    bob.message_with("R-1002", APPROVALS)


def test_somebody_who_leaves_is_offboarded_by_clicking(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()
    carol_has(workshop, people, DATA)

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    screen.send("/pairec-access offboard @carol")
    leaves = message(screen, "offboards")
    for says in ("R-1001", "R-1002", "the link of", "LTAI0OLDKEY", "the MFA device", "never deleted"):
        expect(leaves).to_contain_text(says)
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "offboarding.png")
    leaves.get_by_role("button", name=TAKE_BACK).click()
    asks = question(screen)
    expect(asks).to_contain_text("is unlinked")
    page.screenshot(path=pictures / "offboarding-asks.png")
    asks.get_by_role("button", name="Revoke all").click()
    expect(message(screen, "revokes all access of")).to_contain_text("no longer linked")
    expect(screen.holder("carol", DATA)).to_have_count(0)
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "offboarding-done.png")
    assert people.holders(DATA) == []

    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-access link")
    expect(message(screen, "You are not linked")).to_be_visible()


def test_somebody_who_leaves_is_offboarded_on_a_phone(phone: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    page, people = phone.page, People(workshop.sandbox.page_url)
    carol_has(workshop, people, DATA)
    phone.be("Bob Ortiz")
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
    page.get_by_role("link", name="#pairec-approvals").tap()
    phone.send("/pairec-access offboard @carol")
    button = message(phone, "offboards").get_by_role("button", name=TAKE_BACK)
    button.scroll_into_view_if_needed()
    assert reachable(button) and fits(phone)
    page.screenshot(path=pictures / "phone-offboarding.png")
    button.tap()
    asks = question(phone)
    assert fits(phone)
    page.screenshot(path=pictures / "phone-offboarding-asks.png")
    asks.get_by_role("button", name="Revoke all").tap()
    expect(message(phone, "revokes all access of")).to_contain_text("no longer linked")
    page.screenshot(path=pictures / "phone-offboarding-done.png")
