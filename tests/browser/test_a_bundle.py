"""All that a job needs, asked for at once by clicking; one part is left out; each part is seen to come, and to go."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen

JOB = "algorithm-engineer"
DATA, MONITOR = "PaiRecDataManagementAccess", "PaiRecMonitorAccess"
ROLES = (
    ("DataWorks Ranking", "role_project_dev"),
    ("MaxCompute ranking_dev", "role_project_dev"),
    ("PAI Ranking", "PAI.AlgoDeveloper"),
)


def seat(screen: Screen, place: str, role: str) -> Locator:
    """Carol's line in a workspace or project, with that role."""
    found = screen.page.get_by_role("article", name=place, exact=True)
    return found.locator(f"[data-user=carol][data-role='{role}']")


def test_a_job_is_asked_for_approved_without_one_part_given_and_taken_back_by_clicking(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()

    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-access request")
    form = screen.form()
    form.get_by_label("What", exact=True).select_option(JOB)
    where = form.get_by_label("Project")
    expect(where).to_have_value("ranking")
    form.get_by_label("Duration").select_option("90d")
    form.get_by_label("Reason", exact=True).fill("New in the ranking team from Monday on.")
    page.screenshot(path=pictures / "bundle-form.png")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("DataWorks Developer in Ranking (workspace 10001)")
    screen.card.get_by_role("button", name="Approve with changes").click()
    form = screen.form("Approve R-1001")
    form.get_by_role("checkbox", name=MONITOR).uncheck()
    form.get_by_label("Duration").fill("30d")
    page.screenshot(path=pictures / "bundle-approve.png")
    form.get_by_role("button", name="Approve", exact=True).click()
    expect(form).to_be_hidden()

    for place, role in ROLES:
        expect(seat(screen, place, role)).to_contain_text("new")
    expect(screen.holder("carol", DATA)).to_be_visible()
    card = page.get_by_role("article", name="pairec-access").filter(has_text="R-1001 · active").last
    expect(card).to_contain_text("PAI Algorithm Developer in Ranking (workspace 20001): active until")
    expect(card).to_contain_text(f"{MONITOR}: left out of the approval")
    expect(card).to_contain_text("30d, shortened from 90d")
    expect(screen.holder("carol", MONITOR)).to_have_count(0)
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "bundle.png")
    assert "carol" not in people.holders(MONITOR)

    people.advance(30 * 86_400)
    for place, role in ROLES:
        expect(seat(screen, place, role)).to_have_count(0)
    expect(screen.holder("carol", DATA)).to_have_count(0)
    expect(page.get_by_role("article", name="pairec-access").filter(has_text="R-1001 · ended").last).to_be_visible()
