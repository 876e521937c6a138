"""`pairec-access report access`: who has what, as a table to take home, beside a running bot."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from approvals.audit import iso
from approvals.catalog.resources import products
from bot.cli.main import main
from bot.sandbox.products.places import PlaceKey, Places, join
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.forked import forks

IN_DATABASES = "hologres_database"
OWNER = "1000000000000001"
CAROL = "200000000000000004"
COLUMNS = (
    *("ram_user", "ram_user_id", "slack_user_id", "what", "product", "place", "project"),
    *("via", "source", "request", "ends_at", "note"),
)
INCOMPLETE, MISCONFIGURED = 1, 2
Table = list[dict[str, str]]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def report(app: AppHarness, *options: str) -> CompletedProcess[str]:
    """As an auditor runs it on the bot's machine."""
    return forks().start(("report", "access", *options), {**os.environ, **app.environment()})


def table(text: str) -> Table:
    return list(csv.DictReader(io.StringIO(text)))


def of(rows: Table, ram_user: str, what: str, via: str) -> dict[str, str]:
    [row] = [row for row in rows if (row["ram_user"], row["what"], row["via"]) == (ram_user, what, via)]
    return row


def given(app: AppHarness, item: str, duration: str) -> str:
    """Carol has it through the bot."""
    ref = app.asked(app.carol, f"{item} {duration} rollout")
    app.approve(ref, app.bob)
    app.until(lambda: set(app.states(ref)) == {"active"}, lambda: f"{ref} to be active: {app.states(ref)}")
    return ref


def test_every_way_in_which_somebody_has_something_is_a_row(app: AppHarness) -> None:
    ref = given(app, ENGINE, "8h")
    developer = given(app, "dataworks-developer@ranking", "until-revoked")
    app.by_hand("CreateGroup", GroupName="platform")
    app.by_hand("AttachPolicyToGroup", GroupName="platform", PolicyName=ENGINE, PolicyType="Custom")
    app.by_hand("AddUserToGroup", GroupName="platform", UserName="carol")
    done = report(app)
    assert (done.returncode, done.stderr) == (0, "")
    rows = table(done.stdout)
    assert list(rows[0]) == list(COLUMNS)
    ends_at = app.record(ref).grants[0].ends_at
    assert ends_at is not None
    whose = {"ram_user": "carol", "ram_user_id": CAROL, "slack_user_id": "U0CAROL", "note": ""}
    attached = {**whose, "what": ENGINE, "product": "RAM", "place": "", "project": ""}
    place = {"product": "DataWorks", "place": "10001", "project": "ranking"}
    by_us = {"via": "direct", "source": "bot", "request": ref, "ends_at": iso(ends_at)}
    by_nobody = {"source": "otherwise", "request": "", "ends_at": ""}
    assert of(rows, "carol", ENGINE, "direct") == {**attached, **by_us}
    assert of(rows, "carol", ENGINE, "group platform") == {**attached, "via": "group platform", **by_nobody}
    member = {**whose, "what": "role_project_dev", "via": "member"}
    in_dataworks, in_maxcompute = [
        row for row in rows if row["what"] == "role_project_dev" and row["ram_user"] == "carol"
    ]
    assert in_dataworks == {**member, **place, "source": "bot", "request": developer, "ends_at": "until revoked"}
    assert in_maxcompute["place"] == "ranking_dev" and in_maxcompute["request"] == developer
    assert of(rows, "erin", ENGINE, "direct")["slack_user_id"] == ""
    assert of(rows, "AliyunPAIRecEASRole", DATA, "direct")["source"] == "otherwise"
    assert of(rows, "frank", "PAI.WorkspaceGuest", "member")["product"] == "PAI"
    owners = [row for row in rows if row["ram_user_id"] == OWNER]
    owned = {(products()[each.product].title, each.id) for each in places_of(app, OWNER)}
    # A superuser of an instance is one in each of its databases, without being put there.
    owned |= {("Hologres database", each.id) for each in app.sandbox.membership.read() if each.product == IN_DATABASES}
    assert {(row["product"], row["place"]) for row in owners} == owned
    assert owned >= {("DataWorks", "10001"), ("DataWorks", "10002"), ("PAI", "20001"), ("PAI", "20002")}
    assert [row["ram_user"] for row in rows] == sorted((row["ram_user"] for row in rows), key=str.casefold)
    again = report(app, "--format", "json")
    assert again.returncode == 0
    assert [{name: value or "" for name, value in row.items()} for row in json.loads(again.stdout)] == rows


def test_what_could_not_be_read_is_told_and_the_rest_is_written(app: AppHarness) -> None:
    ref = given(app, ENGINE, "8h")
    app.detach_by_hand("carol", ENGINE)
    app.people.inject_ram_fault({"action": "reads", "product": "pai", "fault": "no_permission"})
    done = report(app)
    assert done.returncode == INCOMPLETE
    told = done.stderr.splitlines()
    for place in ("20001", "20002"):
        [line] = [line for line in told if f"workspace {place}" in line]
        assert "PAI denies the app the permission paiworkspace:ListMembers" in line
    assert f"{ref}: {ENGINE} of carol is granted, but not there." in told
    assert told[-1] == "The report is not complete." and len(told) == 4, told
    rows = table(done.stdout)
    with_members = {products()[each.product].title for each in places_of(app)}
    assert {row["product"] for row in rows} == {"RAM", *with_members} - {"PAI"}
    assert with_members >= {"DataWorks", "MaxCompute", "PAI"}
    assert not [row for row in rows if row["ram_user"] == "carol"], "what is not there is held by nobody"


def places_of(app: AppHarness, user_id: str = "") -> list[PlaceKey]:
    """Those that somebody is a member of, or where none is named, anybody."""
    places = app.sandbox.membership.read().values()
    return [place.key for place in places if (user_id in place.members if user_id else place.members)]


def joining(user: str, name: str, places: Places, now: float) -> Places:
    return join(places, PlaceKey("dataworks", "10002"), user, name, ["role_project_guest"], now)


def test_a_name_that_a_spreadsheet_would_work_out_stays_a_name(app: AppHarness) -> None:
    names = ("=1+1", "+1", "-1", "@sum(a)", "\t=1", 'a","=b')
    for number, name in enumerate(names):
        user = f"{29 * 10**16 + number}"
        app.sandbox.membership.change(partial(joining, user, name))
    written = {row["ram_user_id"]: row["ram_user"] for row in table(report(app).stdout)}
    shown = [written[f"{29 * 10**16 + number}"] for number in range(len(names))]
    assert shown == ["'=1+1", "'+1", "'-1", "'@sum(a)", "'\t=1", 'a","=b']


def test_a_file_is_written_whole_for_nobody_else_to_read_or_not_at_all(app: AppHarness, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    output = folder / "access.csv"
    done = report(app, "--output", str(output))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(table(output.read_text("utf-8"))) > 5
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert [each.name for each in folder.iterdir()] == ["access.csv"], "nothing else is left there"


@pytest.mark.parametrize(("output", "says"), [("", "is no file"), ("none/access.csv", "is not there")])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path, output: str, says: str) -> None:
    done = CliRunner().invoke(main, ["report", "access", "--output", str(tmp_path / output)])
    assert (done.exit_code, done.stdout) == (MISCONFIGURED, "")
    assert done.stderr.startswith("pairec-access: --output: ") and says in done.stderr and done.stderr.count("\n") == 1
