"""Members of workspaces and projects on the page: who is there at first, and how one is seen to come and to go."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from bot.sandbox.process import SandboxProcess
from bot.sandbox.products.members.hologres import RANKING
from tests.browser.screen import Screen

DEVELOPER = "role_project_dev"


def members(screen: Screen) -> Locator:
    return screen.page.get_by_role("group", name="Members of workspaces and projects")


def place(screen: Screen, name: str) -> Locator:
    return members(screen).get_by_role("article", name=name, exact=True)


def seat(screen: Screen, name: str, user: str, role: str) -> Locator:
    """Somebody's line in a workspace or project; without one, they do not have that role."""
    return place(screen, name).locator(f"[data-user={user}][data-role='{role}']")


def test_members_are_seen_to_come_and_to_go(screen: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    hand, said = workshop.sandbox.membership, screen.page.locator("#live")
    expect(seat(screen, "DataWorks Ranking", "dave", DEVELOPER)).to_contain_text("since")
    expect(seat(screen, "MaxCompute ranking_dev", "dave", DEVELOPER)).to_be_visible()
    expect(seat(screen, "PAI Ranking", "frank", "PAI.WorkspaceGuest")).to_be_visible()
    expect(seat(screen, "Flink Ranking", "frank", "VIEWER")).to_be_visible()
    expect(seat(screen, "Hologres Ranking", "frank", "normal")).to_be_visible()
    expect(seat(screen, "Hologres database Ranking", "frank", "viewer")).to_be_visible()
    # Where nobody is besides the owner and the bot there is nothing to see.
    expect(members(screen).get_by_role("article")).to_have_count(6)

    hand.give("dataworks", "10002", "carol", DEVELOPER)
    expect(seat(screen, "DataWorks Search", "carol", DEVELOPER)).to_contain_text("new")
    expect(seat(screen, "MaxCompute search", "carol", DEVELOPER)).to_contain_text("new")
    expect(said).to_contain_text(f"carol now has {DEVELOPER} in DataWorks Search")
    expect(said).to_contain_text(f"carol now has {DEVELOPER} in MaxCompute search")
    screen.page.screenshot(path=pictures / "members-new.png")

    hand.remove("dataworks", "10002", "carol")
    expect(place(screen, "DataWorks Search").locator("[data-gone=carol]")).to_contain_text("taken away")
    expect(seat(screen, "DataWorks Search", "carol", DEVELOPER)).to_have_count(0)
    expect(said).to_contain_text(f"carol no longer has {DEVELOPER} in DataWorks Search")
    # Whoever is given something in a database is a user of its instance.
    hand.give("hologres_database", f"{RANKING}/ranking", "carol", "developer")
    expect(seat(screen, "Hologres database Ranking", "carol", "developer")).to_contain_text("new")
    expect(seat(screen, "Hologres Ranking", "carol", "normal")).to_contain_text("new")
    # In MaxCompute she stays a user of the project.
    expect(seat(screen, "MaxCompute search", "carol", "")).to_contain_text("no role")
    screen.page.screenshot(path=pictures / "members-gone.png")


def test_what_is_done_to_a_database_is_seen_on_the_page(screen: Screen, pictures: Path) -> None:
    screen.page.get_by_text("Break something").click()
    owns = screen.page.get_by_label("Hologres instance ranking: dave owns a table")
    owns.check()
    expect(seat(screen, "Hologres Ranking", "dave", "normal")).to_contain_text("new")
    expect(owns).to_be_checked()
    screen.page.screenshot(path=pictures / "members-database.png")
    owns.uncheck()
    expect(seat(screen, "Hologres Ranking", "dave", "normal")).to_have_count(0)


def test_members_fit_on_a_phone(phone: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    workshop.sandbox.membership.give("pai", "20001", "frank", "PAI.MaxComputeDeveloper")
    phone.page.get_by_role("navigation", name="Panels").get_by_role("button", name="Account").tap()
    seat(phone, "PAI Ranking", "frank", "PAI.MaxComputeDeveloper").scroll_into_view_if_needed()
    expect(seat(phone, "PAI Ranking", "frank", "PAI.MaxComputeDeveloper")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.page.screenshot(path=pictures / "phone-members.png")
