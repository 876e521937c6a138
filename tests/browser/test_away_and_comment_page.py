"""Being away and a comment, by clicking: the card says that too few are left, and the requester reads the comment."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.screen import Screen

ENGINE = "PaiRecEngineAccess"


def test_too_few_are_left_and_the_requester_is_asked_something(screen: Screen, pictures: Path) -> None:
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    for name in ("Alice Chen", "Judy Novak", "Bob Ortiz"):
        screen.be(name)
        screen.send("/pairec-access away 3d" if name != "Bob Ortiz" else "/pairec-access away 2h")
        expect(page.get_by_text(re.compile("You are away until|你已设为离开")).last).to_be_visible()
    page.screenshot(path=pictures / "away.png")
    screen.be("Carol Diaz")
    screen.ask(what=ENGINE, duration="8h", why="Rolling out ranker v3")
    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("Too few approvers are here (0 of 1)")
    page.screenshot(path=pictures / "too-few.png")
    screen.card.get_by_role("button", name="Comment").click()
    form = screen.form("Comment on R-1001")
    form.get_by_label("Comment").fill("Which cluster is this for?")
    page.screenshot(path=pictures / "comment.png")
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)
    screen.be("Carol Diaz")
    screen.look_at("pairec-access")
    page.get_by_role("button", name="1 reply").last.click()
    expect(page.get_by_text("Which cluster is this for?").last).to_be_visible()
    page.screenshot(path=pictures / "comment-read.png")
