"""The board says causes: what changed first, one line for whatever one thing breaks, and all of it behind Details."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.millis import DAY
from approvals.status.last_findings import CHANGES_KEPT
from bot.sandbox.client import SeenMessage
from handlers.views.screen import height
from tests.harness.app import AppHarness
from tests.harness.boards import GENERAL, board, boards, row, status, thread, whole
from tests.harness.refusals import is_told, press
from tests.scenario.test_status_repair import authorised
from tests.scenario.test_status_watch import looked, watched

A_SCREEN = 45
"""Lines."""
CHANGED = "*Changed since the last check*"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, members=True) as opened:
        yield opened


def test_what_changed_since_the_last_check_comes_first_and_only_then(app: AppHarness) -> None:
    assert CHANGED not in status(app, app.carol).plain
    for switch in ("oss.permission", "sls.permission"):
        app.people.turn_switch(switch)
    lines = status(app, app.carol).plain.splitlines()
    assert lines[1:3] == [CHANGED, "🔴 OK → *Failed*: OSS, Simple Log Service"]
    assert CHANGED not in status(app, app.carol).plain
    app.people.turn_switch("oss.permission", broken=False)
    assert status(app, app.carol).plain.splitlines()[2] == "🟢 Failed → *OK*: OSS"


def test_what_several_services_lack_in_one_role_is_one_line_with_all_that_is_missing(app: AppHarness) -> None:
    for switch in ("oss.permission", "datahub.permission", "eas.connection"):
        app.people.turn_switch(switch)
    found = status(app, app.carol)
    said = row(found, "OSS")
    assert "*OSS*, *DataHub* · Failed since" in said and said == row(found, "DataHub")
    assert "missing `oss:ListObjects`" in said and "`dhs:ListProject`" in said
    assert found.plain.count("cannot be changed in this account") == 1
    assert "PAI-Rec connectivity: Failure" in row(found, "PAI-EAS")


def everything_breaks(app: AppHarness) -> None:
    for switch in app.sandbox.switches.listed():
        if not str(switch["name"]).startswith(("instance.", "service-role")):
            app.people.turn_switch(str(switch["name"]))


def test_a_board_on_which_everything_is_broken_is_one_screen_and_names_every_row(app: AppHarness) -> None:
    good = whole(app.carol, status(app, app.carol)).plain
    everything_breaks(app)
    found = status(app, app.carol)
    assert height(found.plain) <= A_SCREEN, found.plain
    every = whole(app.carol, found).plain
    bad = [line for line in every.splitlines() if line.startswith(("🔴", "⚪", "🟡"))]
    assert len(bad) > 15 and len(good) > 0
    for line in bad:
        assert f"*{line.split('*')[1]}*" in found.plain, line


def test_a_cloud_that_does_not_answer_is_one_line(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "reads", "fault": "reset", "times": None})
    found = status(app, app.carol)
    assert height(found.plain) <= A_SCREEN
    assert found.plain.count("no answer in 10 s") == 1 and row(found, "OSS") == row(found, "Engine")


def test_details_shows_every_row_to_whoever_clicks_after_a_restart_as_well(app: AppHarness) -> None:
    app.people.turn_switch("oss.permission")
    found = status(app, app.carol)
    app.restart_bot()
    app.people.inject_slack_fault({"person": app.dave.id, "set": {"locale": "zh-CN"}})
    app.dave.click("Details", found)
    shown = app.dave.modal("PAI-Rec 状态").plain
    assert "*OSS*" in shown and "*DataHub*" in shown
    assert board(app, app.carol).plain == found.plain, "the board is everybody's and stays"


def test_details_of_one_row_shows_that_row_alone(app: AppHarness) -> None:
    shown = whole(app.carol, status(app, app.carol, "oss")).plain
    assert "*OSS*" in shown and "DataHub" not in shown


def test_a_guest_and_a_forged_click_learn_nothing(app: AppHarness) -> None:
    found = status(app, app.carol)
    press(app.grace, "status_details", "*", found)
    app.grace.ephemeral_with("Guests cannot request access or decide on it.")
    press(app.carol, "status_details", "R-1001", found)
    app.carol.ephemeral_with("There is no service called `R-1001`.")
    assert app.carol.screen()["modals"] == [] and app.grace.screen()["modals"] == []


def marks(app: AppHarness, found: SeenMessage, title: str) -> str:
    """The strip under a row, in the window behind Details."""
    lines = whole(app.carol, found).plain.splitlines()
    first = next(number for number, line in enumerate(lines) if f"*{title}*" in line)
    return next(line for line in lines[first + 1 :] if line.startswith(("🟩", "🟥", "▫️", "⬜")))


def test_details_shows_the_worst_of_each_of_the_last_seven_days(app: AppHarness) -> None:
    assert marks(app, status(app, app.carol), "OSS") == "▫️" * 6 + "🟩"
    app.people.advance(2 * DAY / 1_000)
    app.people.turn_switch("oss.permission")
    status(app, app.carol)
    app.people.turn_switch("oss.permission", broken=False)
    assert marks(app, status(app, app.carol), "OSS") == "▫️" * 4 + "🟩▫️🟥"
    app.people.advance(DAY / 1_000)
    assert marks(app, status(app, app.carol), "OSS") == "▫️" * 3 + "🟩▫️🟥🟩"
    app.people.advance(5 * DAY / 1_000)
    assert marks(app, status(app, app.carol), "OSS") == "🟥🟩" + "▫️" * 4 + "🟩"


def test_of_the_days_and_the_changes_no_more_is_kept_than_is_shown(app: AppHarness) -> None:
    status(app, app.carol)
    with app.ledger.write() as tx:
        checks = tx.rows("SELECT name FROM status_findings")
        for number in range(CHANGES_KEPT + 50):
            tx.run(
                "INSERT INTO status_changes (id, at, name, was, result, facts)"
                " VALUES (:id, 1, 'oss/permission', 'granted', 'missing', '{}')",
                id=number + 1,
            )
        for day in range(40):
            tx.run("INSERT INTO status_days (name, day, result) VALUES ('oss/permission', :day, 'granted')", day=day)
    for _ in range(9):
        app.people.advance(DAY / 1_000)
        status(app, app.carol)
    with app.ledger.read() as tx:
        assert len(tx.rows("SELECT id FROM status_changes")) <= CHANGES_KEPT
        assert len(tx.rows("SELECT name FROM status_days")) == 7 * len(checks)


def test_a_watch_is_told_once_what_has_one_cause(app: AppHarness) -> None:
    first = watched(app)
    app.people.turn_switch("service-role")
    looked(app)
    told = app.until(lambda: thread(app.carol, first), "the change to be posted")[0]
    assert told.count("there is no role") == 2, "by what the role is, and by what services lack for it"
    assert "*OSS*, *Container Registry*" in told


def test_a_watch_says_through_which_request_it_came_and_who_ended_it(app: AppHarness) -> None:
    first = watched(app)
    ref = authorised(app)
    app.until(lambda: len(thread(app.carol, first)) == 2, "both changes to be posted")
    assert "Failed → *OK* · `AliyunPAIRecEASRole` has" in thread(app.carol, first)[1]
    assert f"by this app, {ref}, approved by <@U0BOB>" in thread(app.carol, first)[1]
    found = board(app, app.bob, "by this app")
    app.bob.click("Revoke", found)
    app.until(lambda: len(thread(app.carol, first)) == 3, "the end to be posted")
    assert "OK → *Failed*" in thread(app.carol, first)[2]
    assert f"{ref} ended by <@U0BOB>" in thread(app.carol, first)[2]
    is_told(app, app.carol, "/pairec-status history", f"by this app, {ref}, approved by <@U0BOB>")


def test_what_nothing_here_did_names_nobody(app: AppHarness) -> None:
    first = watched(app)
    app.people.turn_switch("engine-role.policy")
    looked(app)
    told = app.until(lambda: thread(app.carol, first), "the change to be posted")[0]
    assert "R-" not in told and "<@" not in told
    assert [m.ts for m in boards(app.carol, GENERAL)] == [first.ts]
