"""A user of Hologres who owns a table is to go: the approvers read what is in the way, and try again once it is not."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen
from tests.harness.app import APPROVALS


def test_a_refused_drop_is_put_right_by_clicking(screen: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()
    dave, bob = people.person("dave"), people.person("bob")
    dave.type("/pairec-access request hologres-viewer@ranking 1h looking at the features")
    bob.click("Approve", bob.message_with("R-1001", APPROVALS))
    dave.direct_message_with("is active until")
    people.turn_switch("instance.owner")
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    dave.click("End access", dave.direct_message_with("is active until"))
    told = page.get_by_role("article", name="pairec-access").filter(has_text="who is to be removed").last
    expect(told).to_contain_text("owner of table dave_notes in database ranking")
    expect(told).to_contain_text("REASSIGN OWNED BY")
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "hologres-refused-drop.png")
    people.turn_switch("instance.owner", broken=False)
    told.get_by_role("button", name="Retry").click()
    dave.direct_message_with("show it gone")
    page.screenshot(path=pictures / "hologres-gone.png")
