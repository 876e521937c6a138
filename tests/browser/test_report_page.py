"""The report in a browser: nothing is fetched, nothing complains, and it fits a desk, a phone and paper."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from approvals.ledger import SqliteLedger
from benchmarks.filled_ledger import Size, fill
from tests.harness.builders import NOW
from tests.harness.program import pairec_access
from tests.harness.reviewed import add_reviews

PAPER_WIDTH = 680
"""Pixels that the margins leave of A4."""


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("width", [390, 1100])
def test_the_report_fits_and_needs_nothing_else(
    browser: Browser, tmp_path: Path, pictures: Path, locale: str, width: int
) -> None:
    ledger_path, output = tmp_path / "ledger.db", tmp_path / "access.html"
    with closing(SqliteLedger(ledger_path)) as ledger:
        fill(ledger, Size(live=40, closed=500, people=40), NOW)
        add_reviews(ledger, NOW)
    done = pairec_access(
        *("report", "html", "--output", str(output), "--locale", locale), PAIREC_DATABASE_URL=f"sqlite:///{ledger_path}"
    )
    assert done.returncode == 0, done.stderr
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(output.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("svg").count() == 3 and page.locator("svg rect").count() > 10
    page.screenshot(path=str(pictures / f"report-{locale}-{width}.png"), full_page=True)
    page.emulate_media(media="print")
    wide = page.evaluate(
        "[...document.querySelectorAll('svg')].every(each => each.clientWidth <= document.body.clientWidth)"
    )
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER_WIDTH
    assert wide and asked == [output.as_uri()] and said == []
    page.close()
