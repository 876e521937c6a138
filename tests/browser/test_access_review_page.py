"""An access review by clicking: a reviewer keeps, keeps all and revokes; what stays is revoked afterwards."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen
from tests.browser.test_on_a_phone import fits, reachable
from tests.harness.app import APPROVALS, DATA, ENGINE
from tests.harness.program import pairec_access

APPROVERS = {"U0ALICE": "Alice", "U0BOB": "Bob", "U0JUDY": "Judy"}
READ_SECONDS = 60.0
"""The bot reads who has what before it tells anybody."""
LIST = "Do they stay?|Does it stay?"


def given(people: People, user: str, policy: str, number: int) -> None:
    """Until it is revoked."""
    person, bob = people.person(user), people.person("bob")
    person.type(f"/pairec-access request {policy} until-revoked rolling out ranker v3")
    bob.click("Approve", bob.message_with(f"R-{1000 + number}", APPROVALS))
    person.direct_message_with("is active until revoked")


def started(workshop: SandboxProcess) -> None:
    done = pairec_access("review", "start", "--by", "30d", **workshop.environment())
    assert done.returncode == 0, done.stderr


def ended(workshop: SandboxProcess) -> None:
    done = pairec_access("review", "end", **workshop.environment())
    assert done.returncode == 0, done.stderr


def reviewer_of(workshop: SandboxProcess, user: str, what: str) -> str:
    """Their first name."""
    done = pairec_access("review", "show", "--format", "csv", **workshop.environment())
    rows = csv.DictReader(io.StringIO(done.stdout))
    return next(
        APPROVERS[row["reviewer"]] for row in rows if row["ram_user"] == user and row["what"].endswith(f"/{what}")
    )


def message(screen: Screen, says: str) -> Locator:
    return screen.page.get_by_role("article", name="pairec-access").filter(has_text=re.compile(says)).last


def opens_part(screen: Screen, name: str) -> Locator:
    """What is left for an approver, by the button that they were sent."""
    screen.be(name)
    screen.look_at("pairec-access")
    message(screen, "things? to review by").get_by_role("button", name="Review").click()
    found = message(screen, LIST)
    expect(found).to_be_visible()
    return found


def below(shown: Locator, user: str, name: str) -> Locator:
    """The button of what somebody has, which stands below its text."""
    text = shown.locator(".block-section").filter(has_text=user).last
    return text.locator("xpath=following-sibling::div[1]").get_by_role("button", name=name, exact=True)


def agrees(screen: Screen, question: str, word: str) -> None:
    asks = screen.page.get_by_role("alertdialog", name=question)
    expect(asks).to_be_visible()
    asks.get_by_role("button", name=word).click()


def is_under_review(workshop: SandboxProcess, people: People) -> None:
    """What two requests gave, and what was granted elsewhere."""
    given(people, "carol", DATA, 1)
    given(people, "frank", ENGINE, 2)
    started(workshop)
    for name in APPROVERS.values():
        people.person(name.casefold()).direct_message_with("to review by", timeout=READ_SECONDS)


def test_a_reviewer_keeps_keeps_all_and_revokes_by_clicking(
    screen: Screen, workshop: SandboxProcess, pictures: Path
) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()
    is_under_review(workshop, people)

    shown = opens_part(screen, reviewer_of(workshop, "carol", DATA))
    page.screenshot(path=pictures / "access-review.png")
    below(shown, "carol", "Revoke").click()
    agrees(screen, "Revoke this?", "Revoke")
    expect(message(screen, "Revoking\\.")).to_be_visible()
    expect(screen.holder("carol", DATA)).to_have_count(0)
    message(screen, "Revoking\\.").get_by_role("button", name="Keep", exact=True).first.click()
    expect(message(screen, "1 thing stays\\.")).to_be_visible()

    shown = opens_part(screen, reviewer_of(workshop, "frank", ENGINE))
    shown.get_by_role("button", name=re.compile("^Keep .* approval")).click()
    agrees(screen, "Keep these?", "Keep")
    expect(message(screen, "things? stays?\\.")).to_be_visible()


def test_what_stays_is_revoked_afterwards(screen: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()
    is_under_review(workshop, people)
    ended(workshop)
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    message(screen, "is over").get_by_role("button", name="Show what stays").click()
    shown = message(screen, "granted elsewhere is in")
    below(shown, "carol", "Revoke").scroll_into_view_if_needed()
    page.screenshot(path=pictures / "access-review-left.png")
    below(shown, "carol", "Revoke").click()
    agrees(screen, "Revoke this?", "Revoke")
    expect(message(screen, "Revoking\\.")).to_be_visible()
    expect(screen.holder("carol", DATA)).to_have_count(0)
    assert people.holders(ENGINE).count("frank") == 1


def test_what_stays_is_within_reach_on_a_phone(phone: Screen, workshop: SandboxProcess, pictures: Path) -> None:
    page, people = phone.page, People(workshop.sandbox.page_url)
    is_under_review(workshop, people)
    ended(workshop)
    phone.be("Bob Ortiz")
    page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
    page.get_by_role("link", name="#pairec-approvals").tap()
    show = message(phone, "is over").get_by_role("button", name="Show what stays")
    show.scroll_into_view_if_needed()
    assert reachable(show) and fits(phone)
    page.screenshot(path=pictures / "phone-access-review-over.png")
    show.tap()
    revoke = below(message(phone, "granted elsewhere is in"), "carol", "Revoke")
    revoke.scroll_into_view_if_needed()
    assert reachable(revoke) and fits(phone)
    page.screenshot(path=pictures / "phone-access-review-left.png")
