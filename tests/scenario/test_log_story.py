"""The log at INFO tells what became of a request, in few lines, and none of them has what people wrote or a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.app import ENGINE, AppHarness
from tests.harness.waiting import carol_has, comes_to, time_is_up
from tests.scenario.bot_process import process_of

pytestmark = pytest.mark.slow

GIVEN = ["asked", "card posted", "approved", "granting", "attach begun", "attach confirmed", "active"]
STORY = [*GIVEN, "ending", "detach begun", "detach confirmed", "ended"]


def story(app: AppHarness, log: Path, form: str) -> tuple[str, list[str]]:
    """The number of a request that came to its end, and the lines that have it."""
    with process_of(app, log, PAIREC_LOG_FORMAT=form):
        ref = carol_has(app)
        time_is_up(app)
        comes_to(app, ref, "ended")
        app.until(lambda: " ended" in log.read_text("utf-8") or '"ended"' in log.read_text("utf-8"), "the last line")
    return ref, [line for line in log.read_text("utf-8").splitlines() if ref in line]


def nothing_of_anybody(app: AppHarness, lines: list[str]) -> bool:
    private = ("rollout", "xoxb", "xapp", app.carol.id, app.bob.id, app.environment()["ALIBABA_CLOUD_ACCESS_KEY_ID"])
    return not any(word in line for line in lines for word in private)


def test_a_request_is_about_ten_lines_from_asking_to_its_end(app: AppHarness, tmp_path: Path) -> None:
    ref, lines = story(app, tmp_path / "bot.log", "json")
    told: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [each["event"] for each in told] == STORY
    assert {each["request"] for each in told} == {ref} and {each["level"] for each in told} == {"info"}
    by_event = {each["event"]: each for each in told}
    assert {by_event[event]["grant"] for event in ("granting", "active", "ending", "ended")} == {1}
    assert all(by_event[event]["job"].startswith("settle:") for event in STORY[3:])
    assert by_event["card posted"]["job"] == f"post:{ref.removeprefix('R-')}"
    begun, confirmed = by_event["attach begun"], by_event["attach confirmed"]
    assert begun["write_id"] == confirmed["write_id"] and confirmed["ram_request_id"]
    assert nothing_of_anybody(app, lines)


def test_people_read_the_same_lines_without_json(app: AppHarness, tmp_path: Path) -> None:
    ref, lines = story(app, tmp_path / "bot.log", "text")
    assert [line.partition("] ")[2].partition("  ")[0].strip() for line in lines] == STORY, lines
    assert all(part in lines[-1] for part in ("grant=1", f"request={ref}", "job=settle:", "info"))
    assert nothing_of_anybody(app, lines) and "\x1b" not in "".join(lines)


def test_who_is_turned_away_is_one_line_with_the_request_and_why(app: AppHarness, tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    with process_of(app, log):
        ref = app.asked(app.bob, f"{ENGINE} 1h rollout")
        app.bob.click("Approve", app.card(ref))
        app.until(lambda: '"refused"' in log.read_text("utf-8"), "the refusal to be logged")
    [line] = [json.loads(each) for each in log.read_text("utf-8").splitlines() if '"refused"' in each]
    assert (line["request"], line["act"]) == (ref, "decide") and line["why"]
