"""What was asked for and given, listed on the command line by whoever keeps the ledger."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from bot.sandbox.client import SandboxPerson
from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.scenario.command_line import CommandLine


def rows(pairec_access: CommandLine, *words: str) -> list[dict[str, Any]]:
    done = pairec_access(*words, "--format", "json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def given(app: AppHarness, person: SandboxPerson, item: str, rest: str) -> str:
    """Asked, approved, and active by the record."""
    ref = app.asked(person, f"{item} {rest}")
    app.approve(ref, app.alice)
    app.until(lambda: app.states(ref) == ["active"], "it to be active")
    return ref


def test_a_request_its_decisions_and_its_grants_are_shown(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = given(app, app.carol, ENGINE, "8h ticket:OPS-7 rolling out ranker v3")
    shown = pairec_access("requests", "show", ref.lower()).stdout
    for line in (
        f"request       {ref}",
        "state         approved",
        "requester     U0CAROL",
        "duration      8h",
        "ticket        OPS-7",
        "reason        rolling out ranker v3",
    ):
        assert line in shown.splitlines(), shown
    assert ", approved, alice, U0ALICE" in shown and f"grant         {ENGINE}, active, " in shown
    whole = json.loads(pairec_access("requests", "show", ref, "--format", "json").stdout)
    assert whole["decision"][0]["ram_user"] == "alice" and whole["grant"][0]["state"] == "active"


def test_requests_are_listed_newest_first_by_state_and_by_person(app: AppHarness, pairec_access: CommandLine) -> None:
    first = given(app, app.carol, ENGINE, "8h rolling out")
    second = app.asked(app.dave, f"{DATA} 8h feature work")
    third = app.asked(app.carol, f"{MONITOR} 8h looking at jobs")
    assert [each["request"] for each in rows(pairec_access, "requests", "list")] == [third, second, first]
    assert [each["request"] for each in rows(pairec_access, "requests", "list", "--state", "approved")] == [first]
    for carol in ("U0CAROL", "carol"):
        assert [each["request"] for each in rows(pairec_access, "requests", "list", "--person", carol)] == [
            third,
            first,
        ]
    cut = pairec_access("requests", "list", "--limit", "1")
    assert len(cut.stdout.splitlines()) == 2 and cut.stderr == "These are the newest 1; --limit 0 prints all.\n"
    table = list(csv.DictReader(io.StringIO(pairec_access("requests", "list", "--format", "csv").stdout)))
    assert [each["reason"] for each in table] == ["looking at jobs", "feature work", "rolling out"]


def test_what_runs_is_listed_and_what_is_over_when_asked_for(app: AppHarness, pairec_access: CommandLine) -> None:
    ended = given(app, app.carol, ENGINE, "1h rolling out")
    given(app, app.dave, DATA, "8h feature work")
    app.people.advance(2 * HOUR)
    app.until(lambda: app.states(ended) == ["ended"], "it to end")
    running, *others = rows(pairec_access, "grants", "list")
    assert (running["ram_user"], running["what"], running["state"], others) == ("dave", DATA, "active", [])
    over = rows(pairec_access, "grants", "list", "--ended", "--person", "carol")
    assert [(each["what"], each["state"], each["end_cause"]) for each in over] == [(ENGINE, "ended", "deadline")]


def test_what_is_no_request_or_not_here_is_said_in_a_line(pairec_access: CommandLine) -> None:
    pairec_access.fails("'R-x' is no request, such as R-1042", "requests", "show", "R-x")
    pairec_access.fails("there is no R-4711 in this ledger", "requests", "show", "R-4711")


def test_a_command_that_asks_slack_nothing_works_without_its_tokens(app: AppHarness, tmp_path: Path) -> None:
    pairec_access = CommandLine(app)
    no_tokens = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"), "")
    pairec_access("link", "U0ERIN", "erin")
    for line in (
        "audit",
        "links",
        "approvers",
        "report access",
        "requests list",
        "grants list",
        "unlink U0ERIN",
        f"ledger backup {tmp_path / 'backup.db'}",
    ):
        done = pairec_access(*line.split(), **no_tokens)
        assert done.returncode == 0, (line, done.stderr)
    refused = pairec_access("link", "U0ERIN", "erin", **no_tokens)
    assert refused.returncode == 2 and "SLACK_BOT_TOKEN is not set" in refused.stderr
