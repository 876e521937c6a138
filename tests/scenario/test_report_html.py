"""`pairec-access report html`: one page of how access went, in either language, however much there is to read."""

from __future__ import annotations

import os
import re
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from approvals.ledger import SqliteLedger, history
from approvals.millis import MINUTE
from approvals.queries.history import past_weeks
from benchmarks.filled_ledger import Size, fill
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.builders import NOW
from tests.harness.forked import forks
from tests.harness.program import pairec_access
from tests.harness.waiting import carol_has, comes_to

EVIL = "<img src=https://evil.example.com/x onerror=alert(1)>\u202e&\"'"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0) as opened:
        yield opened


class Read(HTMLParser):
    """What is on a page, and what of it could fetch something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def report(app: AppHarness, output: Path, *options: str, **settings: str) -> CompletedProcess[str]:
    words = ("report", "html", "--output", str(output), *options)
    return forks().start(words, {**os.environ, **app.environment(), **settings})


def page_of(app: AppHarness, tmp_path: Path, *options: str, **settings: str) -> Read:
    output = tmp_path / "access.html"
    done = report(app, output, *options, **settings)
    assert done.returncode == 0, done.stderr
    assert output.stat().st_mode & 0o777 == 0o600
    return Read(output.read_text("utf-8"))


def test_it_says_who_has_what_what_was_asked_and_what_was_decided(app: AppHarness, tmp_path: Path) -> None:
    ref = carol_has(app)
    denied = app.asked(app.dave, f"{DATA} 8h features")
    app.bob.click("Deny", app.card(denied))
    app.bob.submit({"Reason": "not yet"})
    app.until(lambda: "denied" in app.events(denied), f"{denied} to be denied")
    words = page_of(app, tmp_path).words
    assert "Active grants 1" in words and "Requests waiting 0" in words and "Overdue revokes 0" in words
    assert f"carol {ENGINE} active" in words and ref in words
    assert "approved 1" in words and "denied 1" in words and f"{DATA} 1" in words
    assert "Half of 2 decisions took 1 min or less" in words
    assert "published document" in words and "No changes since the first check." in words


def test_what_is_overdue_is_marked(app: AppHarness, tmp_path: Path) -> None:
    ref = carol_has(app)
    refused = {"action": "DetachPolicyFromUser", "fault": "error", "status": 403, "code": "NoPermission"}
    app.people.inject_ram_fault({**refused, "times": None})
    app.people.advance(HOUR + 6 * MINUTE // 1_000)
    comes_to(app, ref, "ending")
    words = page_of(app, tmp_path).words
    assert "Overdue revokes 1" in words and "Overdue now: 1." in words and f"carol {ENGINE} overdue" in words


def test_it_is_in_the_language_of_the_setting_or_the_option(app: AppHarness, tmp_path: Path) -> None:
    carol_has(app)
    assert "谁拥有什么权限" in page_of(app, tmp_path, "--locale", "zh-CN").words
    assert "谁拥有什么权限" in page_of(app, tmp_path, PAIREC_LOCALE="zh-CN").words
    assert "Who has what" in page_of(app, tmp_path, "--locale", "en", PAIREC_LOCALE="zh-CN").words


def test_hostile_names_are_text_and_nothing_is_fetched(app: AppHarness, tmp_path: Path) -> None:
    carol_has(app)
    with closing(sqlite3.connect(app.ledger_path)) as connection, connection:
        connection.execute("UPDATE grants SET ram_user_name = ?, entitlement = ?", [EVIL, f"policy/{EVIL}"])
        connection.execute("UPDATE requests SET item = ?", [EVIL])
    page = page_of(app, tmp_path)
    assert not page.tags & {"img", "script", "link", "iframe", "a"}
    assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "href"}
    assert "onerror=alert(1)" in page.words and "\u202e" not in page.words


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = pairec_access("report", "html", "--output", str(tmp_path / "none" / "x.html"))
    assert done.returncode == 2 and "--output: the folder" in done.stderr


@pytest.mark.slow
def test_a_hundred_thousand_requests_are_read_in_the_memory_of_a_few_with_a_bar_that_tells(tmp_path: Path) -> None:
    """The page of both has as many lines."""
    peaks, pages = [], []
    for closed in (1_000, 100_000):
        path = tmp_path / f"{closed}.db"
        with closing(SqliteLedger(path)) as ledger:
            fill(ledger, Size(live=40, closed=closed, people=40), NOW)
            told: list[int] = []
            with ledger.read() as tx:
                tracemalloc.start()
                found = past_weeks(tx, NOW, told.append)
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
                assert sum(found.asked.values()) == closed + 40
                assert sum(told) == history.counted(tx) and max(told) <= history.ROWS_PER_PAGE
        output = tmp_path / f"{closed}.html"
        done = pairec_access("report", "html", "--output", str(output), PAIREC_DATABASE_URL=f"sqlite:///{path}")
        assert done.returncode == 0 and "Reading" in done.stderr, done.stderr
        pages.append(output.read_text("utf-8"))
    assert peaks[1] < peaks[0] + 1_000_000
    assert re.search(r"100,0\d\d", pages[1]) and pages[0].count("\n") == pages[1].count("\n")
