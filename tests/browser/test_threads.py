"""Threads as Slack shows them: folded, and unread only for those whom Slack would tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient as People
from bot.sandbox.process import SandboxProcess
from tests.browser.screen import Screen


@pytest.fixture
def bot(workshop: SandboxProcess) -> WebClient:
    """The app's own hand, for messages that it says in no other way."""
    env = workshop.sandbox.env()
    return WebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["PAIREC_SLACK_API_URL"])


def fold(page: Page) -> Locator:
    return page.get_by_role("button", name="repl")


def test_replies_are_folded_and_what_went_to_the_channel_stands_in_it(
    screen: Screen, bot: WebClient, pictures: Path
) -> None:
    page = screen.page
    page.get_by_role("button", name="Got it, hide this").click()
    screen.be("Dave Kim")
    screen.look_at("#ranking")
    ts = bot.chat_postMessage(channel="C0GENERAL", text="PAI-Rec status · all good")["ts"]
    bot.chat_postMessage(channel="C0GENERAL", text="said in the thread alone", thread_ts=ts)
    bot.chat_postMessage(channel="C0GENERAL", text="said to everybody", thread_ts=ts, reply_broadcast=True)
    # The message and the reply that went to the channel; not the one in the thread.
    expect(page.get_by_role("link", name="#general, 2 unread")).to_be_visible()
    expect(page.get_by_role("link", name="Threads")).to_have_count(0)

    screen.look_at("#general")
    expect(page.get_by_text("said to everybody")).to_be_visible()
    expect(page.get_by_text("replied to a thread: PAI-Rec status · all good")).to_be_visible()
    expect(page.get_by_text("said in the thread alone")).to_have_count(0)
    expect(fold(page)).to_have_text("2 replies")
    page.screenshot(path=pictures / "thread-folded.png")

    fold(page).click()
    expect(page.get_by_text("said in the thread alone")).to_be_visible()
    expect(fold(page)).to_have_attribute("aria-expanded", "true")
    page.screenshot(path=pictures / "thread-open.png")
    fold(page).click()
    expect(page.get_by_text("said in the thread alone")).to_have_count(0)


def test_whoever_is_in_a_thread_is_told_of_it_apart_from_the_channel(
    screen: Screen, workshop: SandboxProcess, bot: WebClient, pictures: Path
) -> None:
    page, people = screen.page, People(workshop.sandbox.page_url)
    page.get_by_role("button", name="Got it, hide this").click()
    carol = people.person("carol")
    carol.type("Who knows why OSS fails?")
    ts = carol.message_with("Who knows why").ts
    screen.be("Carol Diaz")
    screen.look_at("#ranking")
    bot.chat_postMessage(channel="C0GENERAL", text="It lacks a permission.", thread_ts=ts)
    news = page.get_by_role("link", name="Threads, 1 unread")
    expect(news).to_be_visible()
    expect(page.get_by_role("link", name="#general", exact=True)).to_be_visible()
    page.screenshot(path=pictures / "thread-news.png")
    news.click()
    expect(page.get_by_text("It lacks a permission.")).to_be_visible()
    expect(news).to_have_count(0)
