"""`pairec-access check` where the app, the mode or the ledger is another than usual."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.sandbox.seed import default_app_config
from bot.sandbox.slack.workspace import UserGroup
from bot.slack.scopes import ON_CALL_SCOPE
from tests.harness.app import AppHarness
from tests.harness.break_glass import BREAK_GLASS_ON_CALL
from tests.harness.checked import Installation, installation, says
from tests.harness.databases import Databases
from tests.harness.program import running, surroundings
from tests.harness.rules import APPROVES_ON_CALL, ON_CALL, catalog_with

pytestmark = pytest.mark.slow


def test_a_scope_that_the_token_lacks_and_one_that_it_does_not_need(tmp_path: Path) -> None:
    usual = default_app_config()
    app = replace(usual, bot_scopes=usual.bot_scopes - {"groups:read"} | {"channels:history"})
    with installation(tmp_path, app) as installed:
        rows = installed.rows()
    says(rows["scope groups:read"], "failed", "whether the approvals channel is private", "manifest.yml")
    says(rows["Slack scopes"], "warning", "channels:history", "manifest.yml")
    says(rows["approvals channel"], "failed", "missing_scope", "")


@pytest.mark.parametrize("goes_by_it", [APPROVES_ON_CALL, BREAK_GLASS_ON_CALL])
def test_the_user_groups_that_are_on_call_where_a_rule_or_break_glass_goes_by_them(
    tmp_path: Path, goes_by_it: str
) -> None:
    usual, catalog = default_app_config(), str(catalog_with(tmp_path, goes_by_it, ON_CALL))
    with installation(tmp_path, usual) as installed:
        says(installed.row("on call", PAIREC_CATALOG=catalog), "failed", "missing_scope", "usergroups:read")
    may_read = replace(usual, bot_scopes=usual.bot_scopes | {ON_CALL_SCOPE})
    with installation(tmp_path, may_read) as installed:
        row, sandbox = partial(installed.row, "on call", PAIREC_CATALOG=catalog), installed.sandbox
        says(row(), "failed", "ranking: Slack does not say who is in S0RANKING (no_such_subteam)", "`on_call`")
        for members, state, seen in (
            (["U0DAVE"], "ok", "ranking: 1 in S0RANKING"),
            ([], "warning", "nobody is in S0RANKING"),
        ):
            sandbox.workspace.user_groups["S0RANKING"] = UserGroup(members)
            says(row(), state, seen)
        rows = installed.rows()
    assert "on call" not in rows and rows["Slack scopes"]["state"] == "ok"


def test_an_app_without_socket_mode_and_a_bot_that_slack_calls(tmp_path: Path) -> None:
    with installation(tmp_path, replace(default_app_config(), socket_mode=False)) as installed:
        says(installed.row("Slack connection"), "failed", "forbidden_team", "switch Socket Mode on")
        rows = installed.rows(PAIREC_SLACK_MODE="http", SLACK_APP_TOKEN="")
    says(rows["Slack connection"], "not tried", "in HTTP mode Slack calls the bot")
    says(rows["Slack app"], "not tried", "no app token")


def test_a_database_is_looked_at_and_an_empty_one_stays_empty(installed: Installation, databases: Databases) -> None:
    rows = installed.rows(PAIREC_DATABASE_URL=databases.new_ledger())
    says(rows["ledger"], "ok", "PostgreSQL, postgresql://postgres@/")
    says(rows["ledger writes"], "ok", "written, read back, and undone")
    assert "free disk" not in rows
    empty = databases.new()
    says(installed.row("ledger", PAIREC_DATABASE_URL=empty), "ok", "the first start makes a ledger of it")
    with psycopg.connect(empty) as there:
        found = there.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


def test_a_ledger_that_takes_nothing(installed: Installation, databases: Databases) -> None:
    address = databases.new_ledger()
    with psycopg.connect(address, autocommit=True) as there:
        there.execute(f"ALTER DATABASE {there.info.dbname} SET default_transaction_read_only = on")
    row = installed.row("ledger", PAIREC_DATABASE_URL=address)
    says(row, "failed", "read-only transaction", "PAIREC_DATABASE_URL")


def test_ctrl_c_ends_it_at_once_although_slack_hangs(installed: Installation, tmp_path: Path) -> None:
    installed.people.inject_slack_fault({"method": "auth.test", "fault": "hang", "seconds": 60, "times": 9})
    with running("check", log=tmp_path / "check.log", **surroundings(**installed.settings)) as check:
        AppHarness.until(lambda: installed.sandbox.slack.faults.standing()[0]["times"] != 9, "Slack to be asked", 30)
        check.send_signal(signal.SIGINT)
        assert check.wait(8) == 130
    assert (tmp_path / "check.log").read_text("utf-8") == ""


def test_a_full_disk_is_a_line_and_nothing_is_left_behind(installed: Installation) -> None:
    before = {path.name: path.read_bytes() for path in installed.folder.iterdir()}
    nothing = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (0, 0)); import bot.__main__ as m; m.start()"
    done = subprocess.run(
        [sys.executable, "-c", nothing, "check", "--format", "json"],
        env=surroundings(**installed.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr == "", done.stderr
    rows = {row["what"]: row for row in json.loads(done.stdout)["rows"]}
    full = [row for row in rows.values() if row["state"] == "failed"]
    assert [row["what"].startswith("ledger") for row in full] == [True], full
    says(rows["cloud account"], "ok", "")
    # SQLite does not get to take away again what it begins beside the file, in which there is nothing.
    after = {path.name: path.read_bytes() for path in installed.folder.iterdir()}
    assert {name: written for name, written in after.items() if written} == before


def test_on_a_machine_without_credentials_nothing_but_that_is_said(installed: Installation) -> None:
    nowhere = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": str(installed.folder)}
    rows = installed.rows(**nowhere)
    says(rows["cloud account"], "failed", "no credentials were found", "docs/settings.md")
    assert [name for name, row in rows.items() if row["state"] == "failed"] == ["cloud account"]
