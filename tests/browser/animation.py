"""`make pictures`: the animated picture of the README, of a request from the form to its end.

Played in the sandbox by a browser, as the tests do, so that it shows what there is.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from bot.sandbox.process import SandboxProcess
from tests.browser.bot_process import bot_of
from tests.browser.conftest import launch, opened_page
from tests.browser.screen import Screen

ENGINE = "PaiRecEngineAccess"
WIDTH, HEIGHT = 1280, 800
SHOWN_WIDTH = 960
"""Pixels of the picture, which the README shows at the width of its text."""
SECONDS = 2.6
COLOURS = 255


def play(screen: Screen) -> list[Image.Image]:
    """A frame for each thing that somebody sees: asked, waiting, active, ended."""
    page, frames = screen.page, []
    page.get_by_role("button", name="Got it, hide this").click()
    screen.be("Carol Diaz")
    screen.look_at("#general")
    screen.send("/pairec-access request")
    form = screen.form()
    screen.fill(form, what=ENGINE, duration="8h", why="Rolling out ranker v3 to the home feed.", ticket="REC-412")
    frames.append(_frame(page))
    form.get_by_role("button", name="Send request").click()
    expect(form).to_be_hidden()

    screen.be("Bob Ortiz")
    screen.look_at("#pairec-approvals")
    expect(screen.card).to_contain_text("R-1001 · needs approval")
    frames.append(_frame(page))
    screen.card.get_by_role("button", name="Approve", exact=True).click()
    expect(screen.holder("carol", ENGINE)).to_contain_text("new")
    expect(screen.card).to_contain_text("R-1001 · active")
    frames.append(_frame(page))
    page.get_by_role("button", name="Move on 8 h").click()
    expect(screen.holder("carol", ENGINE)).to_have_count(0)
    expect(screen.card).to_contain_text("R-1001 · ended")
    frames.append(_frame(page))
    return frames


def _frame(page: Page) -> Image.Image:
    page.mouse.move(0, 0)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shot.resize((SHOWN_WIDTH, HEIGHT * SHOWN_WIDTH // WIDTH), Image.Resampling.LANCZOS)


def main() -> None:
    """Write it to the file that is named."""
    with SandboxProcess(with_bot=False) as workshop, bot_of(workshop), sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        browser = launch(playwright)
        for screen in opened_page(browser, workshop, WIDTH, HEIGHT):
            frames = play(screen)
        browser.close()
    first, *others = [each.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE) for each in frames]
    first.save(
        Path(sys.argv[1]), save_all=True, append_images=others, duration=round(SECONDS * 1000), loop=0, optimize=True
    )


if __name__ == "__main__":
    main()
