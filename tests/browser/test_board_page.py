"""A board with one cause, in both languages, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.sandbox.client import SandboxClient
from bot.sandbox.process import SandboxProcess
from tests.browser.bot_process import bot_of
from tests.browser.screen import Screen

WORDS = {
    "en": ("11 failed", "there is no role", "Details", "PAI-Rec status"),
    "zh-CN": ("11 项失败", "没有角色", "详情", "PAI-Rec 状态"),
}


@pytest.fixture(params=WORDS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def workshop(language: str) -> Iterator[SandboxProcess]:
    """One in whose channels the bot writes in that language, which Dave reads as well."""
    with SandboxProcess(with_bot=False) as opened, bot_of(opened, PAIREC_LOCALE=language):
        people = SandboxClient(opened.sandbox.page_url)
        people.inject_slack_fault({"person": "U0DAVE", "set": {"locale": language}})
        yield opened


@pytest.mark.parametrize("width", ["screen", "phone"])
def test_what_one_missing_role_breaks_is_one_line_and_details_has_every_row(
    width: str, language: str, workshop: SandboxProcess, pictures: Path, request: pytest.FixtureRequest
) -> None:
    failed, sentence, details, title = WORDS[language]
    people = SandboxClient(workshop.sandbox.page_url)
    dave = people.person("dave")
    people.turn_switch("service-role")
    dave.type("/pairec-status")
    dave.message_with(failed, channel="C0GENERAL")
    screen: Screen = request.getfixturevalue(width)
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    screen.be("Dave Kim")
    if width == "phone":
        page.get_by_role("navigation", name="Panels").get_by_role("button", name="Channels").tap()
    screen.look_at("#general")
    expect(screen.card).to_contain_text(failed)
    expect(screen.card.get_by_text(sentence)).to_have_count(1)
    screen.card.scroll_into_view_if_needed()
    page.screenshot(path=pictures / f"board-{width}-{language}.png")
    assert screen.card.bounding_box()["height"] < page.viewport_size["height"]  # type: ignore[index]
    screen.card.get_by_role("button", name=details).click()
    window = screen.form(title)
    expect(window).to_contain_text("DataHub")
    page.screenshot(path=pictures / f"board-details-{width}-{language}.png")
