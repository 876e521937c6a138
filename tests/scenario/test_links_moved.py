"""Links can be mended: an account made anew, a workspace left for another, and what runs meanwhile."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import DATA, ENGINE, AppHarness
from tests.harness.refusals import TEAM, audit_trail, is_told, link, new_ram_user, newcomer, ram_user, refused
from tests.scenario.command_line import MISCONFIGURED, CommandLine, links_of

OLD = "T0OLD"


def given(app: AppHarness, item: str = ENGINE, duration: str = "8h") -> str:
    """Carol has it through the bot."""
    ref = app.asked(app.carol, f"{item} {duration} rolling out")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    return ref


def anew(app: AppHarness) -> SandboxPerson:
    """Carol's Slack account was deactivated, and made anew."""
    app.people.inject_slack_fault({"person": "U0CAROL", "set": {"deleted": True, "email": "gone@example.com"}})
    return newcomer(app, "carol2", id="U0CAROL2", email="carol@example.com")


def came_from(app: AppHarness, team: str = OLD, *, same_ids: bool = False) -> None:
    """All that the ledger has is from another workspace, where people had other ids."""
    with app.ledger.write() as tx:
        tx.run("UPDATE links SET team_id = :team", team=team)
        tx.run("UPDATE requests SET team_id = :team", team=team)
        if not same_ids:
            tx.run("UPDATE links SET slack_user_id = 'UOLD' || SUBSTR(slack_user_id, 3)")
            tx.run(
                "UPDATE requests SET requester = 'UOLD' || SUBSTR(requester, 3), subject = 'UOLD' || SUBSTR(subject, 3)"
            )


def linked_in(app: AppHarness, team: str) -> dict[str, str]:
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT * FROM links WHERE team_id = :team", team=team)
    return {row["slack_user_id"]: row["ram_user_name"] for row in rows}


# -- an account made anew


def test_whoever_is_refused_reads_to_whom_the_ram_user_is_linked_and_what_helps(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    again = anew(app)
    told = "RAM user carol is linked to U0CAROL already. If it is U0CAROL2 now, an administrator runs"
    pairec_access.fails(f"{told} pairec-access link --move U0CAROL2 carol.", "link", "U0CAROL2", "carol")
    with refused(app, again, "claim_taken", "RAM user `carol` is linked to <@U0CAROL> already.", act="ask"):
        again.type(f"/pairec-access request {DATA} 8h feature work")


def test_a_moved_link_takes_along_all_that_runs(app: AppHarness, pairec_access: CommandLine) -> None:
    ref, again = given(app), anew(app)
    done = pairec_access("link", "--move", "U0CAROL2", "carol")
    user_id = ram_user(app, "carol").user_id
    who, before, running = done.stdout.splitlines()
    assert (who, before) == (f"U0CAROL2 is RAM user carol ({user_id}).", "Until now it was U0CAROL.")
    assert running.startswith(f"Still running: {ENGINE} ({ref}), until 20")
    entry = [each for each in audit_trail(app) if each["event"] == "link moved"][-1]
    assert (entry["slack"], entry["from_slack"], entry["ram_user_id"]) == ("U0CAROL2", "U0CAROL", user_id)
    is_told(app, again, "/pairec-access list", f"*{ref}*")
    is_told(app, again, f"/pairec-access who <@{again.id}>", f"granted by this app, *{ref}*")
    again.click("End access", lists(app, again))
    app.comes_to_lose("carol", ENGINE)
    again.direct_message_with("was ended")
    held = pairec_access("audit")
    assert held.returncode == 0, held.stderr


def lists(app: AppHarness, person: SandboxPerson) -> SeenMessage:
    return app.until(
        lambda: next((m for m in person.messages() if m.ephemeral and "End access" in m.buttons), None), "the list"
    )


def test_whoever_asked_by_another_account_may_cancel_and_hears_of_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref, again = app.asked(app.carol, f"{ENGINE} 8h rolling out"), anew(app)
    assert pairec_access("link", "--move", "U0CAROL2", "carol").returncode == 0
    app.cancels(again, ref)
    app.card(ref, "cancelled")
    again.direct_message_with("was cancelled by")


def test_a_link_is_not_moved_away_from_under_another_one(app: AppHarness, pairec_access: CommandLine) -> None:
    pairec_access.fails("U0DAVE is linked to RAM user dave already", "link", "--move", "U0DAVE", "carol")


def test_an_account_that_nobody_has_is_no_place_for_a_link(app: AppHarness, pairec_access: CommandLine) -> None:
    pairec_access.fails("U0GRACE is a guest of this workspace", "link", "--move", "U0GRACE", "carol")


@pytest.mark.parametrize("typed", ["U0CAROL", "<@U0CAROL>", "carol", "Carol@example.onaliyun.com", "id"])
def test_a_link_is_undone_by_either_side_of_it_in_whichever_workspace(
    app: AppHarness, pairec_access: CommandLine, typed: str
) -> None:
    came_from(app, same_ids=True)
    user_id = ram_user(app, "carol").user_id
    done = pairec_access("unlink", user_id if typed == "id" else typed)
    assert done.stdout == "U0CAROL is no longer linked to RAM user carol.\n", done.stderr
    assert "U0CAROL" not in links_of(app)
    entry = [each for each in audit_trail(app) if each["event"] == "unlinked"][-1]
    assert (entry["slack"], entry["team"], entry["ram_user_id"]) == ("U0CAROL", OLD, user_id)


def test_unlinking_an_account_of_before_leaves_the_one_of_now_alone(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    given(app)
    anew(app)
    pairec_access("link", "--move", "U0CAROL2", "carol")
    pairec_access.fails("U0CAROL is linked to nobody any more; RAM user carol, for whom", "unlink", "U0CAROL")


def test_a_ram_user_who_is_called_like_an_account_of_somebody_else_is_not_mistaken_for_them(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    alike = new_ram_user(app, "u0dave")
    link(app, newcomer(app, "henry"), "u0dave")
    before = links_of(app)
    done = pairec_access("unlink", "U0DAVE")
    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    first, *who = done.stderr.splitlines()
    assert "2 people fit 'U0DAVE', so nothing was done" in first and len(who) == 2
    assert links_of(app) == before
    assert pairec_access("unlink", alike.user_id).returncode == 0
    assert pairec_access("unlink", "dave").returncode == 0


def test_unlinking_whoever_has_no_link_says_so(app: AppHarness, pairec_access: CommandLine) -> None:
    pairec_access.fails("erin, RAM UserId 200000000000000006: linked to no Slack account", "unlink", "erin")
    pairec_access.fails("nobody fits 'nobody'", "unlink", "nobody")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("carol", "carol"), "'carol' is no Slack user id. In Slack: the person's profile, ⋮, Copy member ID"),
        (("@carol", "carol"), "pairec-access link U0123ABCD carol"),
        (("carol", "U0CAROL"), "the Slack user id comes first"),
        (("U0NOBODY", "erin"), "In Slack: the person's profile, ⋮, Copy member ID; it begins with U or W"),
    ],
)
def test_the_command_line_says_what_to_type_there(
    pairec_access: CommandLine, typed: tuple[str, str], says: str
) -> None:
    pairec_access.fails(says, "link", *typed)


# -- showing them


def test_links_are_listed_with_what_runs_for_them(app: AppHarness, pairec_access: CommandLine) -> None:
    given(app)
    app.by_hand("UpdateUser", UserName="dave", NewUserName="dave.kim")
    done = pairec_access("links")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["team_id", "slack_user_id", "ram_user", "ram_user_id", "linked_at", "running", "note"]
    assert len(lines) == len(links_of(app)) and done.stderr == ""
    carol, dave = (next(line.split() for line in lines if f" {who} " in line) for who in ("U0CAROL", "U0DAVE"))
    assert carol[:4] == [TEAM, "U0CAROL", "carol", ram_user(app, "carol").user_id] and carol[5:] == ["1"]
    assert dave[2] == "dave.kim" and dave[5:] == ["0", "linked", "as", "dave"]
    rows = json.loads(pairec_access("links", "--format", "json", "--team", TEAM).stdout)
    assert [row["slack_user_id"] for row in rows] == [line.split()[1] for line in lines]
    assert next(row["running"] for row in rows if row["slack_user_id"] == "U0CAROL") == 1
    assert json.loads(pairec_access("links", "--format", "json", "--team", OLD).stdout) == []


def test_links_are_listed_although_ram_does_not_answer(app: AppHarness, pairec_access: CommandLine) -> None:
    done = pairec_access("links", PAIREC_IMS_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 0 and "U0CAROL" in done.stdout
    assert "RAM was not asked (ListUsers: " in done.stderr


# -- a workspace that is left for another


def test_after_a_move_every_refusal_names_the_account_and_its_workspace(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    came_from(app)
    told = f"RAM user carol is linked to the Slack account UOLDCAROL of another workspace, {OLD}."
    pairec_access.fails(told, "link", "U0CAROL", "carol")
    done = pairec_access("link", "--move", "U0CAROL", "carol")
    assert done.stdout.splitlines()[1] == f"Until now it was UOLDCAROL of workspace {OLD}."


def test_after_a_move_the_links_follow_by_e_mail_and_so_does_what_runs(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = given(app)
    waiting = app.asked(app.carol, f"{DATA} 8h rolling out")
    app.by_hand("UpdateUser", UserName="judy", NewEmail="")
    came_from(app)
    before = links_of(app)
    shown = pairec_access("links", "--team", OLD, "--to", TEAM)
    assert shown.returncode == MISCONFIGURED and "with --yes" in shown.stderr
    assert links_of(app) == before, "shown, and nothing moved"
    done = pairec_access("links", "--team", OLD, "--to", TEAM, "--yes")
    assert done.returncode == 0, done.stderr
    assert shown.stdout == done.stdout[: len(shown.stdout)]
    lines = done.stdout.splitlines()
    assert "carol: UOLDCAROL becomes U0CAROL" in lines
    judy = ram_user(app, "judy").user_id
    by_hand = f"pairec-access link --move SLACK-USER-ID {judy}"
    assert f"judy: UOLDJUDY stays. RAM has no e-mail address of theirs: {by_hand}" in lines
    assert lines[-1] == f"Moved to {TEAM}: {len(before) - 1} links, 2 requests."
    assert linked_in(app, OLD) == {"UOLDJUDY": "judy"}
    assert linked_in(app, TEAM)["U0CAROL"] == "carol"
    entry = [each for each in audit_trail(app) if each["event"] == "workspace moved"][-1]
    assert (entry["from_team"], entry["team"], entry["requests"]) == (OLD, TEAM, 2)
    is_told(app, app.carol, "/pairec-access list", f"*{ref}*")
    app.cancels(app.carol, waiting)
    app.card(waiting, "cancelled")
    app.revokes(app.bob, ref, "over")
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with("was revoked by")
    assert pairec_access("link", "--move", "U0JUDY", judy).returncode == 0
    assert linked_in(app, OLD) == {}


def test_whoever_keeps_their_id_is_found_by_it(app: AppHarness, pairec_access: CommandLine) -> None:
    app.by_hand("UpdateUser", UserName="carol", NewEmail="")
    came_from(app, same_ids=True)
    done = pairec_access("links", "--team", OLD, "--to", TEAM, "--yes")
    assert "carol: U0CAROL becomes U0CAROL" in done.stdout and linked_in(app, OLD) == {}


def test_an_account_is_not_taken_for_somebodys_where_that_is_not_certain(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.by_hand("CreateUser", UserName="carol-test", Email="carol@example.com")
    app.people.inject_slack_fault({"person": "U0DAVE", "set": {"is_email_confirmed": False}})
    app.people.inject_slack_fault({"person": "U0BOB", "set": {"is_restricted": True}})
    app.by_hand("UpdateUser", UserName="judy", NewEmail="erin@example.com")
    came_from(app)
    pairec_access("link", "U0ERIN", "erin")
    done = pairec_access("links", "--team", OLD, "--to", TEAM, "--yes")
    stays = {line.partition(":")[0]: line for line in done.stdout.splitlines() if " stays. " in line}
    assert set(stays) == {"carol", "dave", "bob", "judy"}
    assert "U0BOB is a guest of this workspace" in stays["bob"]
    assert all("pairec-access link --move SLACK-USER-ID 2" in line for line in stays.values())
    assert set(linked_in(app, OLD)) == {"UOLDCAROL", "UOLDDAVE", "UOLDBOB", "UOLDJUDY"}


def test_a_move_that_makes_no_sense_moves_nothing(app: AppHarness, pairec_access: CommandLine) -> None:
    came_from(app)
    pairec_access.fails("SLACK_BOT_TOKEN is of the workspace T0PAIREC", "links", "--team", OLD, "--to", "T0OTHER")
    pairec_access.fails("that is the same workspace", "links", "--team", TEAM, "--to", TEAM)
    pairec_access.fails("name it with --team", "links", "--to", TEAM)
    says = f"nothing here is of the workspace T0NEVER; there are links of: {OLD}"
    pairec_access.fails(says, "links", "--team", "T0NEVER", "--to", TEAM)
    away = {"PAIREC_IMS_ENDPOINT": "http://127.0.0.1:9"}
    pairec_access.fails("RAM has to be asked for e-mail addresses", "links", "--team", OLD, "--to", TEAM, **away)


def test_slack_that_fails_meanwhile_leaves_every_link_where_it_is(app: AppHarness, pairec_access: CommandLine) -> None:
    came_from(app)
    app.people.inject_slack_fault({"fault": "error", "method": "users.lookupByEmail", "error": "internal_error"})
    pairec_access.fails("Slack does not answer right now", "links", "--team", OLD, "--to", TEAM, "--yes")
