"""The command line next to a running bot: link, unlink, and what is done for those who leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.ledger import SqliteLedger
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, is_told, new_ram_user, newcomer, ram_user, refused, unlink
from tests.scenario.command_line import MISCONFIGURED, CommandLine, links_of


@pytest.fixture
def empty_ledger(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "first.db"
    yield path
    SqliteLedger(path).close()


@pytest.mark.parametrize("typed", ["er\udcffin", "er\x1bin", "er\u202ein"])
def test_a_name_with_a_character_that_cannot_be_shown_is_refused_in_a_line(
    pairec_access: CommandLine, typed: str
) -> None:
    says = "After er there is a character that cannot be shown"
    pairec_access.fails(says, "link", "U0ERIN", typed)
    pairec_access.fails(says, "link", typed, "erin")
    pairec_access.fails(says, "unlink", typed)
    pairec_access.fails(says, "revoke", "--all", typed)


def test_link_takes_a_member_of_the_workspace_whose_team_is_another_one(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.people.inject_slack_fault({"organisation": {"id": "E0WORKSHOP"}})
    there = {"id": "W0HENRY", "team_id": "T0OTHER", "is_email_confirmed": None}
    henry = newcomer(app, "henry", **there, teams=["T0OTHER", "T0PAIREC"])
    done = pairec_access("link", "W0HENRY", "erin")
    assert (done.returncode, done.stderr) == (0, "")
    is_told(app, henry, "/pairec-access link", "You are RAM user `erin`")


def test_link_refuses_a_member_of_another_workspace_of_the_organisation(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.people.inject_slack_fault({"organisation": {"id": "E0WORKSHOP"}})
    newcomer(app, "henry", id="W0HENRY", team_id="T0OTHER")
    pairec_access.fails("W0HENRY is not a member of this workspace", "link", "W0HENRY", "erin")


def test_link_confirms_who_somebody_is_and_the_running_bot_knows_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    done = pairec_access("link", "U0ERIN", "erin")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "U0ERIN is RAM user erin (200000000000000006).\n"
    is_told(app, app.erin, "/pairec-access link", "You are RAM user `erin`")
    ref = app.asked(app.erin, f"{DATA} 8h feature work")
    assert "Nobody has confirmed" not in app.card(ref).plain
    entry = [each for each in audit_trail(app) if each["event"] == "linked"][-1]
    assert (entry["slack"], entry["ram_user"]) == ("U0ERIN", "erin") and entry["by"].startswith("command line")


def test_link_makes_the_first_administrators_who_then_decide(
    app: AppHarness, pairec_access: CommandLine, empty_ledger: Path
) -> None:
    app.stop_bot()
    database = f"sqlite:///{empty_ledger}"
    for slack, ram in (("U0BOB", "bob"), ("U0CAROL", "carol")):
        done = pairec_access("link", slack, ram, PAIREC_DATABASE_URL=database)
        assert done.returncode == 0, done.stderr
    app.ledger.close()
    app.ledger_address, app.ledger = database, SqliteLedger(empty_ledger)
    app.start_bot()
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert set(app.card(ref).mentions) == {"U0CAROL", "U0BOB"}
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_link_confirms_a_claim_that_no_click_can_confirm(app: AppHarness, pairec_access: CommandLine) -> None:
    henry = newcomer(app, "henry", email="henry@example.com")
    new_ram_user(app, "root-admin", Email="henry@example.com")
    app.attach_by_hand("root-admin", ADMIN)
    with refused(app, henry, "claim_admin", "`pairec-access link U0HENRY root-admin`", act="ask"):
        henry.type(f"/pairec-access request {DATA} 8h feature work")
    assert pairec_access("link", "U0HENRY", "root-admin").returncode == 0
    ref = app.asked(henry, f"{DATA} 8h feature work")
    assert "`root-admin`" in app.card(ref).plain


def test_link_says_what_is_wrong_and_changes_nothing(app: AppHarness, pairec_access: CommandLine) -> None:
    newcomer(app, "henry")
    pairec_access.fails("RAM user dave is linked to U0DAVE already", "link", "U0HENRY", "dave")
    undoes = "; pairec-access unlink U0CAROL undoes that"
    pairec_access.fails(f"U0CAROL is linked to RAM user carol already{undoes}", "link", "U0CAROL", "erin")
    pairec_access.fails("nobody fits 'nobody', so nothing was done: RAM has no user", "link", "U0HENRY", "nobody")
    pairec_access.fails("there is nobody with the Slack user id U0NOBODY in this workspace", "link", "U0NOBODY", "erin")
    pairec_access.fails("U0GRACE is a guest of this workspace", "link", "U0GRACE", "erin")


def test_link_twice_for_the_same_pair_is_no_mistake(app: AppHarness, pairec_access: CommandLine) -> None:
    before = links_of(app)
    assert pairec_access("link", "U0CAROL", "carol").returncode == 0
    assert links_of(app) == before


def test_unlink_leaves_grants_running_and_says_so(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    done = pairec_access("unlink", "U0CAROL")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "U0CAROL is no longer linked to RAM user carol."
    assert lines[1].startswith(f"Still running: {ENGINE} ({ref}), until 20")
    assert lines[2] == f"To end it now: pairec-access revoke --all {ram_user(app, 'carol').user_id}"
    is_told(app, app.carol, "/pairec-access link", "You are not linked to a RAM user yet")
    assert app.holds("carol", ENGINE)
    app.people.advance(8 * 3600 + 1)
    app.comes_to_lose("carol", ENGINE)
    entry = [each for each in audit_trail(app) if each["event"] == "unlinked"][-1]
    assert (entry["slack"], entry["ram_user"]) == ("U0CAROL", "carol")


def test_an_unlinked_administrator_no_longer_decides(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert pairec_access("unlink", "U0BOB").stdout == "U0BOB is no longer linked to RAM user bob.\n"
    with refused(app, app.bob, "not_linked", "You are not linked to a RAM user", ref):
        app.bob.click("Approve", app.card(ref))


def test_unlink_of_somebody_who_is_not_linked_says_who(app: AppHarness, pairec_access: CommandLine) -> None:
    pairec_access.fails("pairec-access: U0ERIN is not linked to a RAM user.", "unlink", "U0ERIN")


def test_revoke_all_ends_every_grant_of_a_leaver_and_only_those(app: AppHarness, pairec_access: CommandLine) -> None:
    given = [app.asked(app.dave, f"{ENGINE} 8h x"), app.asked(app.dave, f"{DATA} until-revoked y")]
    for ref in given:
        app.approve(ref, app.bob)
        app.card(ref, "active")
    done = pairec_access("revoke", "--all", "dave", "--yes")
    assert done.returncode == 0, done.stderr
    who, engine, data, last = done.stdout.splitlines()
    assert who == f"dave, RAM UserId {ram_user(app, 'dave').user_id}, Slack account U0DAVE."
    assert engine.startswith(f"To end: {ENGINE} ({given[0]}), until 20")
    assert data == f"To end: {DATA} ({given[1]}), until revoked"
    assert last == "2 grants of dave will be ended now."
    app.comes_to_lose("dave", ENGINE)
    app.comes_to_lose("dave", DATA)
    for ref in given:
        app.card(ref, "ended")
        assert "left" in app.events(ref)
    app.dave.direct_message_with(f"*{given[0]}*")
    assert app.holds("dave", MONITOR), "what somebody gave him by hand is not ours to take"


def test_revoke_all_says_what_there_is_not(app: AppHarness, pairec_access: CommandLine) -> None:
    done = pairec_access("revoke", "--all", "carol")
    assert (done.returncode, done.stdout.splitlines()[1:]) == (0, ["There is nothing to end."])
    pairec_access.fails("nobody fits 'nobody', so nothing was done: RAM has no user", "revoke", "--all", "nobody")
    assert pairec_access("revoke", "carol").returncode == MISCONFIGURED


def test_after_a_leaver_was_revoked_what_she_still_waited_for_does_not_come(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    unlink(app, app.carol)
    done = pairec_access("revoke", "--all", "carol", "--yes")
    assert done.stdout.splitlines()[1:] == [f"To cancel: {ref}, {ENGINE}", "1 request for carol cancelled."]
    assert app.card(ref, "cancelled").buttons == []
    assert "ended by an administrator" in app.card(ref).plain
    app.carol.direct_message_with("was cancelled by an administrator")
    assert app.states(ref) == []


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
def test_run_ends_at_once_where_the_approvals_channel_is_shared(
    app: AppHarness, pairec_access: CommandLine, flag: str
) -> None:
    app.stop_bot()
    app.people.inject_slack_fault({"channel": APPROVALS, "set": {flag: True}})
    pairec_access.fails("PAIREC_APPROVALS_CHANNEL is shared with another organisation", "run")


@pytest.mark.parametrize("command", [("revoke", "--all", "dave"), ("unlink", "U0DAVE"), ("audit",)], ids=" ".join)
def test_a_ledger_that_is_not_there_is_not_taken_for_an_empty_one(
    pairec_access: CommandLine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    says = f"PAIREC_DATABASE_URL: there is no ledger at {elsewhere}"
    pairec_access.fails(says, *command, PAIREC_DATABASE_URL=f"sqlite:///{elsewhere}")
    assert not elsewhere.exists()


def test_approvers_lists_who_may_decide_and_confirms_whoever_nobody_else_can(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.attach_by_hand("dave", ADMIN)
    for name in ("alice", "bob", "judy"):
        app.detach_by_hand(name, ADMIN)
    listed = pairec_access("approvers").stdout
    assert re.search(r"dave +\d+ +U0DAVE +direct +no: nobody has confirmed them", listed), listed
    pairec_access.fails("RAM user erin does not hold PaiRecRamAdminAccess", "approvers", "--confirm", "erin")
    confirmed = pairec_access("approvers", "--confirm", "dave").stdout
    assert confirmed.startswith("dave is confirmed.\n")
    assert re.search(r"dave +\d+ +U0DAVE +direct +yes", confirmed), confirmed
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    assert "U0DAVE" in app.card(ref).mentions
