"""A form with more projects than a list takes: its fields search, and show what is chosen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.sandbox.process import SandboxProcess
from tests.browser.bot_process import bot_of
from tests.browser.screen import Screen
from tests.harness.hundreds import hundreds

JOB = "algorithm-engineer"


class LargeWorkshop(SandboxProcess):
    def environment(self) -> dict[str, str]:
        usual = super().environment()
        return {**usual, **hundreds(Path(tempfile.mkdtemp()), Path(usual["PAIREC_RESOURCES"]))}


@pytest.fixture
def workshop() -> Iterator[SandboxProcess]:
    with LargeWorkshop(with_bot=False) as opened, bot_of(opened):
        yield opened


def test_a_project_is_found_by_typing_and_stays_chosen(screen: Screen, pictures: Path) -> None:
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-access request")
    form = screen.form()
    what = form.get_by_role("combobox", name="What", exact=True)
    what.click()
    expect(form.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(100)
    what.fill("algorithm eng")
    form.get_by_role("listbox", name="Suggestions").get_by_role("option", name=JOB).click()
    where = form.get_by_role("combobox", name="Project")
    expect(what).to_have_value(f"Algorithm engineer · {JOB}")
    expect(where).to_have_value("Ranking · ranking")
    where.click()
    where.fill("team-217")
    expect(form.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(1)
    page.screenshot(path=pictures / "hundreds.png")
    where.press("Enter")
    expect(form.get_by_text("Includes")).to_be_visible()
    expect(where).to_have_value("Ranking · team-217")
    form.get_by_label("Duration").select_option("90d")
    form.get_by_label("Reason", exact=True).fill("new in the team")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_be_hidden()
    screen.look_at("pairec-access")
    expect(page.get_by_role("article", name="pairec-access").last).to_contain_text(f"{JOB}@team-217")
