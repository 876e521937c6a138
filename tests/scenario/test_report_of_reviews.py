"""`pairec-access report html` on access reviews: when each was, who did how much of it, and what nobody reviewed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.rules import catalog_with
from tests.harness.unreviewed_kill_points import REVOKES
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.drifting import about_user
from tests.scenario.reviewing import over, part, passes, shows, start, whose
from tests.scenario.test_report_html import EVIL, page_of


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, REVOKES))}, pace=PACE) as opened:
        yield opened


def goes_through(app: AppHarness, pairec_access: CommandLine) -> tuple[str, str]:
    """A review in which one thing is kept, and which is signed off; who kept it, and who was to review carol's."""
    ref = carol_has(app, duration="60d", policy=DATA)
    start(app, pairec_access, "10d")
    by, of_carol = whose(app, "dave"), whose(app, "carol")
    by.click("Keep", about_user(part(app, by), "dave"))
    shows(app, by, "1 thing stays.")
    passes(app, 10)
    app.judy.click("Sign off", over(app))
    comes_to(app, ref, "ended")
    app.until(lambda: "Signed off by" in over(app).plain, "who signed to be shown")
    return by.id, of_carol.id


def test_it_says_when_each_was_who_did_how_much_and_what_nobody_reviewed(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    by, of_carol = goes_through(app, pairec_access)
    words = page_of(app, tmp_path).words
    _, _, section = words.partition("Access reviews")
    assert "Started Kept Revoked Shortened" in section and "Not reviewed 20" in section
    assert " 6 Time Reviewed by Signed off by 20" in section and f" {by} (1) U0JUDY, 20" in section
    assert f"carol {DATA} {of_carol} revoked" in section
    assert f"erin {ENGINE}" in section and "stays: granted elsewhere" in section


def test_one_that_is_open_says_until_when_and_what_is_left(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    assert "No access review was started yet." in page_of(app, tmp_path).words
    start(app, pairec_access, "10d")
    words = page_of(app, tmp_path).words
    assert "open until 20" in words and f"erin {ENGINE} {whose(app, 'erin').id} open" in words


def test_one_that_nobody_signed_is_marked_and_one_that_was_not_read_whole(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    start(app, pairec_access, "10d")
    pairec_access("review", "end")
    assert "not signed off" in page_of(app, tmp_path).words
    with closing(sqlite3.connect(app.ledger_path)) as connection, connection:
        connection.execute("UPDATE access_reviews SET complete = 0")
    assert "access may be missing." in page_of(app, tmp_path).words


def test_it_is_in_chinese_too_and_hostile_names_are_text(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    goes_through(app, pairec_access)
    with closing(sqlite3.connect(app.ledger_path)) as connection, connection:
        connection.execute("UPDATE review_items SET reviewer = ?", [EVIL])
        connection.execute("UPDATE access_reviews SET signed_by = ?", [EVIL])
    page = page_of(app, tmp_path, "--locale", "zh-CN")
    assert "权限复核" in page.words and "保留：由其他途径授予" in page.words and "确认人" in page.words
    assert not page.tags & {"img", "script", "link", "iframe", "a"} and "onerror=alert(1)" in page.words
