"""Ask, approve, lose again: by clicking, in the page that a newcomer opens first."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen

ENGINE = "PaiRecEngineAccess"


def test_access_is_asked_for_approved_and_taken_away_again_by_clicking(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()

    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.ask(
        what=ENGINE,
        duration="8h",
        why="Rolling out ranker v3 to the home feed: 10 % of the traffic tonight, the rest tomorrow if CTR holds.",
        ticket="REC-412",
    )

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("R-1001 · needs approval")
    expect(screen.card).to_contain_text("@Carol Diaz requests Engine")
    expect(screen.holder("carol", ENGINE)).to_have_count(0)
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "workspace.png")

    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.holder("carol", ENGINE)).to_contain_text("new")
    expect(screen.card).to_contain_text("R-1001 · active")
    expect(screen.card.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    expect(screen.card.get_by_role("button", name="Revoke", exact=True)).to_be_visible()
    assert "carol" in people.holders(ENGINE)

    page.get_by_role("button", name="Move on 8 h").click()
    expect(screen.holder("carol", ENGINE)).to_have_count(0)
    expect(page.locator("[data-gone=carol]")).to_contain_text("taken away")
    expect(screen.card).to_contain_text("R-1001 · ended")
    assert "carol" not in people.holders(ENGINE)

    screen.be("Carol Diaz")
    screen.look_at("pairec-access")
    expect(screen.card).to_contain_text("has expired. RAM shows it gone from carol.")
    page.screenshot(path=pictures / "ended.png")
