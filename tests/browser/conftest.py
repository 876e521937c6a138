"""A real browser before a real workspace: the sandbox's page, with the bot as its own process behind it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

from bot.sandbox.process import SandboxProcess
from tests.browser.bot_process import bot_of
from tests.browser.screen import Screen

PICTURES = "PAIREC_SCREENSHOTS"
"""The environment variable that names the folder to leave pictures in; without it they go with the test."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


# Not for the whole session: an open Playwright keeps a loop running, in which no other test could run one of its own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


def launch(playwright: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        return playwright.chromium.launch(executable_path=found, args=FLAGS)
    except Error as error:
        if found:
            raise
        pytest.fail(
            "No browser was found. Install the package `chromium` of your system, or run"
            f" `.venv/bin/playwright install chromium`. ({str(error).splitlines()[0]})"
        )


@pytest.fixture
def workshop() -> Iterator[SandboxProcess]:
    with SandboxProcess(with_bot=False) as opened, bot_of(opened):
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go."""
    folder = Path(os.environ.get(PICTURES) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def screen(browser: Browser, workshop: SandboxProcess) -> Iterator[Screen]:
    """A desk's width."""
    yield from opened_page(browser, workshop, 1280, 800)


@pytest.fixture
def phone(browser: Browser, workshop: SandboxProcess) -> Iterator[Screen]:
    """A phone's width, touched with fingers."""
    yield from opened_page(browser, workshop, 390, 844, touch=True)


def opened_page(
    browser: Browser, workshop: SandboxProcess, width: int, height: int, *, touch: bool = False
) -> Iterator[Screen]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-US",
        timezone_id="UTC",
        color_scheme="light",
        reduced_motion="reduce",
        has_touch=touch,
        is_mobile=touch,
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(workshop.sandbox.page_url)
    yield Screen(page)
    context.close()
    assert faults == []
