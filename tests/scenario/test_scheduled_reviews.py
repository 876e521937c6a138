"""Access reviews that start by themselves, as often as the catalogue says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.harness.app import AppHarness
from tests.harness.databases import Databases
from tests.harness.refusals import audit_trail
from tests.harness.replicas import replicas
from tests.harness.rules import catalog_with
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.drifting import looks
from tests.scenario.reviewing import DAY, events, start, told

QUARTERLY = """
[access_review]
every = "90d"
by = "30d"
"""
SOON = "The next review starts by itself within a day, once none is open."


@pytest.fixture
def quarterly(tmp_path: Path) -> dict[str, str]:
    return {"PAIREC_CATALOG": str(catalog_with(tmp_path, QUARTERLY))}


@pytest.fixture
def app(tmp_path: Path, quarterly: dict[str, str]) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, quarterly, pace=PACE) as opened:
        yield opened


def started(app: AppHarness) -> int:
    return events(app).count("access review started")


def test_one_starts_by_itself_and_the_next_so_long_after_it(
    app: AppHarness, pairec_access: CommandLine, quarterly: dict[str, str]
) -> None:
    assert SOON in pairec_access("review", "list", **quarterly).stdout
    looks(app)
    app.until(lambda: told(app.alice) and told(app.bob) and told(app.judy), "approvers to be told")
    [listed] = list(csv.DictReader(io.StringIO(pairec_access("review", "list", "--format", "csv", **quarterly).stdout)))
    begun, due = (datetime.fromisoformat(listed[name]) for name in ("started_at", "due_at"))
    assert listed["started_by"] == "schedule" and (due - begun).days == 30
    said = pairec_access("review", "list", **quarterly).stdout.splitlines()[-1]
    following = datetime.fromisoformat(said.split()[-1].rstrip("."))
    assert (following.astimezone(UTC) - begun.astimezone(UTC)).days == 90
    app.people.advance(89 * DAY)
    looks(app)
    assert events(app)[-1] == "access review closed" and started(app) == 1
    app.people.advance(DAY + 1)
    looks(app)
    app.until(lambda: started(app) == 2 and told(app.bob), "approvers to be told again")
    assert app.chain_holds()


def test_one_that_somebody_started_counts_as_well(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    assert pairec_access("review", "end").returncode == 0
    looks(app)
    assert started(app) == 1
    app.people.advance(90 * DAY + 1)
    looks(app)
    app.until(lambda: started(app) == 2, "the next one to start")


def test_none_starts_beside_one_that_is_open(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access, "120d")
    app.people.advance(91 * DAY)
    looks(app)
    assert started(app) == 1
    app.people.advance(30 * DAY)
    app.until(lambda: "access review closed" in events(app), "it to end")
    looks(app)
    app.until(lambda: started(app) == 2, "the next one to start")


def test_however_far_a_clock_jumps_one_starts(app: AppHarness) -> None:
    looks(app)
    app.people.advance(400 * DAY)
    app.until(lambda: "access review closed" in events(app), "the first one to end")
    looks(app)
    looks(app)
    assert started(app) == 2


def test_none_starts_by_itself_where_the_catalogue_does_not_say_so(
    tmp_path: Path, pairec_access: CommandLine, app: AppHarness
) -> None:
    catalog_with(tmp_path)
    app.restart_bot()
    app.people.advance(100 * DAY)
    looks(app)
    assert started(app) == 0
    done = pairec_access("review", "list")
    assert "starts by itself" not in done.stdout + done.stderr


def test_beside_rows_for_programs_stands_nothing_else(
    app: AppHarness, pairec_access: CommandLine, quarterly: dict[str, str]
) -> None:
    done = pairec_access("review", "list", "--format", "json", **quarterly)
    assert done.stdout == "[]\n" and SOON in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_of_two_replicas_that_look_one_starts_it(
    databases: Databases, tmp_path: Path, quarterly: dict[str, str]
) -> None:
    settings = {**quarterly, "PAIREC_SLACK_MODE": "http"}
    with AppHarness(tmp_path, settings, ledger_address=databases.new()) as app:
        app.stop_bot()
        told_them = {**app.sandbox.env(), **quarterly, "PAIREC_DATABASE_URL": app.ledger_address, "SLACK_APP_TOKEN": ""}
        with replicas(2, tmp_path, **told_them) as two:
            assert all(each.url for each in two)
            app.people.advance(DAY + 1)
            app.until(lambda: "access review collected" in events(app), "who has what to be read", 60.0)
            app.until(lambda: told(app.bob), "approvers to be told", 60.0)
            app.people.advance(DAY)
            looks(app)
        assert [entry["by"] for entry in audit_trail(app) if entry["event"] == "access review started"] == ["schedule"]
