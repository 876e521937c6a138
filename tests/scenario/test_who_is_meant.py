"""Whoever leaves loses everything, whatever they are called: whom a typed word means, and what is done then."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import new_ram_user, newcomer, ram_user, unlink
from tests.scenario.command_line import MISCONFIGURED, CommandLine

DOMAIN = "example.onaliyun.com"
DECLINED = 1


def given(app: AppHarness, item: str = ENGINE) -> str:
    """Dave has it through the bot."""
    ref = app.asked(app.dave, f"{item} 8h rolling out")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    return ref


def rename(app: AppHarness, name: str, new_name: str) -> None:
    app.by_hand("UpdateUser", UserName=name, NewUserName=new_name)


def ends_all(pairec_access: CommandLine, typed: str, **settings: str) -> subprocess.CompletedProcess[str]:
    done = pairec_access("revoke", "--all", typed, "--yes", **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


NAMES = {
    "the name now": "dave.kim",
    "the name when it was granted": "dave",
    "the login name": f"dave.kim@{DOMAIN}",
    "the login name of then": f"dave@{DOMAIN}",
    "other case": "Dave.KIM",
    "spaces around it": "  dave.kim\u00a0 ",
    "what is copied along and not seen": "\u200bdave.kim\ufeff",
    "a mention that was typed": "@dave.kim",
    "the Slack user id": "U0DAVE",
    "a mention": "<@U0DAVE|dave>",
    "the e-mail address": "Dave@Example.com",
}


@pytest.mark.parametrize("typed", [*NAMES.values(), None], ids=[*NAMES, "the UserId"])
def test_whoever_was_renamed_is_found_by_everything_that_they_are_or_were_called(
    app: AppHarness, pairec_access: CommandLine, typed: str | None
) -> None:
    dave = ram_user(app, "dave")
    ref = given(app)
    rename(app, "dave", "dave.kim")
    done = ends_all(pairec_access, dave.user_id if typed is None else typed)
    who, to_end, last = done.stdout.splitlines()
    assert who == f"dave.kim, RAM UserId {dave.user_id}, in this record as dave, Slack account U0DAVE."
    assert to_end.startswith(f"To end: {ENGINE} ({ref}), until 20")
    assert last == "1 grant of dave.kim will be ended now."
    app.comes_to_lose("dave.kim", ENGINE)
    app.card(ref, "ended")


def test_a_name_that_somebody_new_has_taken_ends_nothing_and_says_who_both_are(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    dave = ram_user(app, "dave")
    given(app)
    rename(app, "dave", "dave.kim")
    new = new_ram_user(app, "dave")
    for typed in ("dave", f"dave@{DOMAIN}", "DAVE"):
        done = pairec_access("revoke", "--all", typed, "--yes")
        assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
        first, *who = done.stderr.splitlines()
        assert f"2 people fit {typed!r}, so nothing was done" in first
        assert who == [
            f"  dave, RAM UserId {new.user_id}; nothing through this bot",
            f"  dave.kim, RAM UserId {dave.user_id}, in this record as dave, Slack account U0DAVE; 1 grant",
        ]
    assert app.holds("dave.kim", ENGINE)
    assert "There is nothing to end" in pairec_access("revoke", "--all", new.user_id).stdout
    ends_all(pairec_access, dave.user_id)
    app.comes_to_lose("dave.kim", ENGINE)


def test_an_address_of_somebody_else_is_not_taken_for_a_login_name(app: AppHarness, pairec_access: CommandLine) -> None:
    given(app)
    pairec_access.fails("nobody fits 'dave@elsewhere.example'", "revoke", "--all", "dave@elsewhere.example", "--yes")
    assert app.holds("dave", ENGINE)


def test_whoever_ram_no_longer_has_is_found_in_the_record_and_named_in_the_report(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    dave, ref = ram_user(app, "dave"), given(app)
    app.stop_bot()
    for policy in (ENGINE, MONITOR):
        app.detach_by_hand("dave", policy)
    app.by_hand("DeleteUser", UserName="dave")
    told = pairec_access("report", "access")
    assert f"{ref}: {ENGINE} is open, but RAM user dave ({dave.user_id}) is no longer there." in told.stderr
    [row] = [line for line in told.stdout.splitlines() if dave.user_id in line]
    assert row.startswith(f"dave,{dave.user_id},U0DAVE,{ENGINE},RAM,") and row.endswith(",no longer in RAM")
    done = ends_all(pairec_access, "dave")
    assert done.stdout.startswith(f"dave, RAM UserId {dave.user_id}, Slack account U0DAVE, no longer in RAM.")
    app.start_bot()
    app.card(ref, "ended")


def test_the_report_names_them_although_no_policy_can_be_read(app: AppHarness, pairec_access: CommandLine) -> None:
    dave, ref = ram_user(app, "dave"), given(app)
    app.stop_bot()
    for policy in (ENGINE, MONITOR):
        app.detach_by_hand("dave", policy)
    app.by_hand("DeleteUser", UserName="dave")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission"})
    told = pairec_access("report", "access")
    assert f"{ref}: {ENGINE} is open, but RAM user dave ({dave.user_id}) is no longer there." in told.stderr
    assert f",{ref}," in told.stdout


def test_the_report_says_when_ram_does_not_list_its_users(app: AppHarness, pairec_access: CommandLine) -> None:
    given(app)
    app.people.inject_ram_fault({"action": "ListUsers", "fault": "no_permission"})
    told = pairec_access("report", "access")
    assert told.returncode == 1
    assert "denies the app the permission ram:ListUsers. Not known: which RAM users there are." in told.stderr
    assert "no longer" not in told.stderr + told.stdout


DEAD = {
    "RAM refuses": {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "not-the-secret"},
    "RAM is away": {"PAIREC_RAM_ENDPOINT": "http://127.0.0.1:9", "PAIREC_IMS_ENDPOINT": "http://127.0.0.1:9"},
    "there is no key": {"ALIBABA_CLOUD_ACCESS_KEY_ID": ""},
    "the catalogue is broken": {"PAIREC_CATALOG": "/nowhere.toml", "ALIBABA_CLOUD_ACCESS_KEY_ID": "gone"},
}


@pytest.mark.parametrize("settings", DEAD.values(), ids=DEAD)
def test_nobody_keeps_access_because_ram_cannot_be_asked(
    app: AppHarness, pairec_access: CommandLine, settings: dict[str, str]
) -> None:
    given(app)
    done = ends_all(pairec_access, f"Dave@{DOMAIN}", **settings)
    assert "RAM was not asked (" in done.stderr and "the name is the last one in this record" in done.stderr
    assert "1 grant of dave will be ended now." in done.stdout
    app.comes_to_lose("dave", ENGINE)


def test_nothing_to_end_is_not_said_while_ram_cannot_be_asked(app: AppHarness, pairec_access: CommandLine) -> None:
    for typed in ("carol", "nobody"):
        done = pairec_access("revoke", "--all", typed, "--yes", **DEAD["RAM is away"])
        assert done.returncode == MISCONFIGURED
        assert "nothing to end" not in done.stdout and "RAM" in done.stderr


def test_without_a_terminal_and_without_yes_nothing_ends(app: AppHarness, pairec_access: CommandLine) -> None:
    given(app)
    done = pairec_access("revoke", "--all", "dave")
    assert done.returncode == MISCONFIGURED
    assert f"To end: {ENGINE}" in done.stdout and "with --yes" in done.stderr
    assert app.holds("dave", ENGINE)


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_it_is_asked_first(app: AppHarness, pairec_access: CommandLine, answer: str) -> None:
    ref = given(app)
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "revoke", "--all", "dave"]
    asked = subprocess.Popen(
        command,
        env={**os.environ, **pairec_access.environment()},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with asked:
        os.write(mine, f"{answer}\n".encode())
        shown, question = asked.communicate(timeout=60)
    os.close(mine)
    os.close(theirs)
    assert "End all of it now? [y/N]" in question and f"To end: {ENGINE} ({ref})" in shown
    if answer == "y":
        assert asked.returncode == 0
        app.comes_to_lose("dave", ENGINE)
    else:
        assert asked.returncode == DECLINED and shown.endswith("Nothing was done.\n")
        assert app.states(ref) == ["active"]


def test_what_is_being_taken_away_already_is_no_nothing(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = given(app)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "no_permission"})
    ends_all(pairec_access, "dave")
    app.until(lambda: app.states(ref) == ["ending"], "the grant to be ending")
    done = ends_all(pairec_access, "dave")
    assert done.stdout.splitlines()[1].startswith(f"Being taken away already, and tried again now: {ENGINE} ({ref})")
    assert "nothing to end" not in done.stdout


def test_a_slack_account_whose_link_was_undone_still_says_who_is_meant(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    given(app)
    unlink(app, app.dave)
    assert "1 grant of dave will be ended now." in ends_all(pairec_access, "U0DAVE").stdout
    app.comes_to_lose("dave", ENGINE)


def test_a_link_is_made_by_whatever_the_ram_user_is_called_unless_that_fits_several(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    erin = ram_user(app, "erin")
    done = pairec_access("link", "<@U0ERIN>", f"Erin@{DOMAIN}")
    assert done.stdout == f"U0ERIN is RAM user erin ({erin.user_id}).\n", done.stderr
    given(app)
    rename(app, "dave", "dave.kim")
    new_ram_user(app, "dave")
    newcomer(app, "henry")
    done = pairec_access("link", "U0HENRY", "dave")
    assert done.returncode == MISCONFIGURED and "2 people fit 'dave'" in done.stderr


# -- in Slack


def who(app: AppHarness, line: str) -> SeenMessage:
    before = {message.ts for message in app.carol.messages()}
    app.carol.type(f"/pairec-access who {line}")
    return app.until(
        lambda: next((m for m in app.carol.messages() if m.ephemeral and m.ts not in before), None),
        f"an answer to who {line}",
    )


def test_who_takes_a_ram_user_by_whatever_they_are_called(app: AppHarness) -> None:
    dave, ref = ram_user(app, "dave"), given(app)
    rename(app, "dave", "dave.kim")
    for typed in ("dave", "@Dave", f"dave@{DOMAIN}", dave.user_id, "<@U0DAVE|dave>"):
        shown = who(app, typed).plain
        assert "What <@U0DAVE> has" in shown and f"granted by this app, *{ref}*" in shown, shown


def test_who_shows_what_runs_for_a_slack_account_whose_link_was_undone(app: AppHarness) -> None:
    ref = given(app)
    unlink(app, app.dave)
    assert f"*{ref}*" in who(app, "<@U0DAVE>").plain
    shown = who(app, "dave").plain
    assert "What RAM user <https://ram.console." in shown and "|`dave`> has." in shown and f"*{ref}*" in shown


def test_who_of_a_name_that_fits_several_says_who_they_are(app: AppHarness) -> None:
    dave = ram_user(app, "dave")
    given(app)
    rename(app, "dave", "dave.kim")
    new = new_ram_user(app, "dave")
    app.restart_bot()
    shown = who(app, "dave").plain
    assert "`dave` fits several people" in shown and dave.user_id in shown and new.user_id in shown


def test_who_of_nobody_says_so(app: AppHarness) -> None:
    assert "There is no policy, bundle or role called `nobody`." in who(app, "nobody").plain
    assert "There is nobody called `@nobody` here." in who(app, "@nobody").plain


def test_who_of_a_policy_is_not_taken_for_somebody(app: AppHarness) -> None:
    assert "Who has" in who(app, DATA).plain
