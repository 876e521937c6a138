"""What no request accounts for: listed for approvers, told once by day, and accepted for a while."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from bot.cli.audit_record import differences
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, press, refused
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about, drift, gone, looks, news, row_id, rows

DAY = 24 * HOUR


def accepts(app: AppHarness, person: SandboxPerson, row: SeenMessage, until: str, reason: str) -> dict[str, str]:
    person.click("Accept", row)
    person.modal("Accept drift")
    return person.submit({"Until the end of": until, "Reason": reason})


def day(app: AppHarness, days: int) -> str:
    """The date in so many days."""
    return datetime.fromtimestamp(app.people.now() + days * DAY, UTC).strftime("%Y-%m-%d")


def test_an_approver_sees_who_has_what_from_elsewhere_and_since_when(app: AppHarness) -> None:
    shown = drift(app, app.bob)
    assert "*Drift:* 6 things that no request accounts for." in shown.plain
    assert about(shown, "|`dave`>").plain.startswith(
        f"<https://ram.console.aliyun.com/users/detail?userId={app_user(app, 'dave')}|`dave`>"
    )
    assert f"has `{MONITOR}`; granted elsewhere, since <!date^" in about(shown, "|`dave`>").plain
    assert (("outside", "erin", f"policy/{ENGINE}")) in rows(app)
    assert app.chain_holds()


def smaller_catalogue(folder: Path) -> Path:
    """The built-in one, where data management is for a time, the engine for a day, and monitoring is not asked for."""
    text = files("approvals").joinpath("catalog/catalog.toml").read_text("utf-8")
    before, data, rest = text.partition("[policies.PaiRecDataManagementAccess]")
    data_terms, engine, rest = rest.partition("[policies.PaiRecEngineAccess]")
    engine_terms, _monitor, rest = rest.partition("[policies.PaiRecMonitorAccess]")
    data_terms = data_terms.replace("until_revoked = true", "until_revoked = false")
    engine_terms = engine_terms.replace('longest = "90d"', 'longest = "1d"')
    rest = (
        rest[rest.index("[policies.") :].replace('"PaiRecMonitorAccess", ', "").replace(', "PaiRecMonitorAccess"', "")
    )
    file = folder / "catalog.toml"
    file.write_text(before + data + data_terms + engine + engine_terms + rest, "utf-8")
    return file


def app_user(app: AppHarness, name: str) -> str:
    return str(app.sandbox.account.read().users[name].user_id)


def test_what_was_granted_here_is_none(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h features")
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    drift(app, app.bob)
    assert not any(user == "carol" for _, user, _ in rows(app))


def test_only_approvers_see_it(app: AppHarness) -> None:
    with refused(app, app.carol, "not_approver", "does not hold", act="drift"):
        app.carol.type("/pairec-access drift")
    shown = drift(app, app.bob)
    for action in ("drift_page", "drift_accept"):
        with refused(app, app.carol, "not_approver", "does not hold", act="drift"):
            press(app.carol, action, row_id(app, "dave"), shown)


def test_an_administrator_through_a_group_is_listed_with_the_group_and_nothing_to_do_but_accept(
    app: AppHarness,
) -> None:
    app.by_hand("CreateGroup", GroupName="ops")
    app.by_hand("AddUserToGroup", UserName="erin", GroupName="ops")
    app.by_hand("AttachPolicyToGroup", GroupName="ops", PolicyName=ADMIN, PolicyType="Custom")
    row = about(drift(app, app.bob), "is an administrator through group `ops`")
    assert "It comes through group `ops`: change that in the RAM console." in row.plain
    assert row.buttons == ["Accept"]


def test_access_of_somebody_who_left_and_the_link_of_their_account_come_first(app: AppHarness) -> None:
    gone(app)
    looks(app)
    shown = drift(app, app.bob)
    assert f"has `{MONITOR}`, and their Slack account is gone" in about(shown, "their Slack account").plain
    assert "⚠️" in shown.blocks[1]["text"]["text"]
    assert "/pairec-access offboard" in about(shown, "<@U0DAVE> is gone from Slack").plain
    gone(app, deleted=False)
    looks(app)
    assert {kind for kind, user, _ in rows(app) if user == "dave"} == {"outside"}


def test_the_days_look_tells_once_of_what_is_new_and_is_silent_otherwise(app: AppHarness) -> None:
    looks(app)
    [told] = app.until(lambda: news(app), "approvers to be told")
    assert "6 things" in told.plain and "`erin`" in told.plain
    looks(app)
    assert len(news(app)) == 1
    app.attach_by_hand("carol", ENGINE)
    looks(app)
    app.until(lambda: len(news(app)) == 2, "the new one to be told")
    first, second = news(app)
    assert "1 thing that" in second.plain and "`carol`" in second.plain and "`dave`" not in second.plain
    app.until(lambda: news(app)[0].buttons == [], "the older one to lose its button")
    app.bob.click("Show all", second)
    app.bob.ephemeral_with("7 things that no request accounts for")
    assert first.ts != second.ts


def test_what_is_accepted_is_quiet_until_then_and_told_anew_after_that(app: AppHarness) -> None:
    looks(app)
    assert accepts(app, app.bob, about(drift(app, app.bob), "|`dave`>"), day(app, 30), "the on-call of the shop") == {}
    app.bob.message_with("Accepted until")
    shown = drift(app, app.bob)
    assert "5 things" in shown.plain and "`dave`" not in shown.plain and "1 more is accepted" in shown.plain
    [entry] = [each for each in audit_trail(app) if each["event"] == "drift accepted"]
    assert (entry["by_slack"], entry["reason"]) == ("U0BOB", "the on-call of the shop")
    app.people.advance(29 * DAY)
    looks(app)
    assert len(news(app)) == 1
    app.people.advance(3 * DAY)
    looks(app)
    app.until(lambda: "`dave`" in news(app)[-1].plain and len(news(app)) == 2, "it to be told anew")
    assert app.chain_holds()


def test_what_changes_is_told_although_it_was_accepted(app: AppHarness) -> None:
    looks(app)
    accepts(app, app.bob, about(drift(app, app.bob), "|`dave`>"), day(app, 30), "on call")
    app.bob.message_with("Accepted until")
    app.detach_by_hand("dave", MONITOR)
    app.people.advance(2 * HOUR)
    app.attach_by_hand("dave", MONITOR)
    looks(app)
    app.until(lambda: len(news(app)) == 2, "what was given anew to be told")
    assert "`dave`" in news(app)[-1].plain


def test_nobody_accepts_their_own_and_a_date_that_is_over_or_far_is_refused_in_the_form(app: AppHarness) -> None:
    shown = drift(app, app.bob)
    own = about(shown, "|`bob`>")
    with refused(app, app.bob, "own_drift", "another approver decides", act="drift"):
        assert accepts(app, app.bob, own, day(app, 30), "me") == {}
    dave = about(shown, "|`dave`>")
    assert "until" in accepts(app, app.bob, dave, day(app, -3), "over")
    assert app.bob.submit({"Until the end of": day(app, 400)}) == {"until": "Accept it for 365d at most."}
    assert "reason" in app.bob.submit({"Until the end of": day(app, 30), "Reason": " "})
    assert app.bob.submit({"Reason": "on call"}) == {}
    app.bob.message_with("Accepted until")


def test_what_is_no_longer_so_cannot_be_accepted(app: AppHarness) -> None:
    dave = about(drift(app, app.bob), "|`dave`>")
    app.detach_by_hand("dave", MONITOR)
    drift(app, app.judy)
    with refused(app, app.bob, "drift_gone", "no longer so", act="drift"):
        app.bob.click("Accept", dave)


def test_a_form_that_is_sent_twice_accepts_once(app: AppHarness) -> None:
    dave = about(drift(app, app.bob), "|`dave`>")
    app.bob.click("Accept", dave)
    app.bob.modal("Accept drift")
    app.people.inject_slack_fault({"fault": "redeliver"})
    assert app.bob.submit({"Until the end of": day(app, 30), "Reason": "on call"}) == {}
    app.bob.message_with("Accepted until")
    assert len([each for each in audit_trail(app) if each["event"] == "drift accepted"]) == 1


def test_what_ram_does_not_say_stays_as_it_was_found_and_is_said_to_be_unknown(app: AppHarness) -> None:
    drift(app, app.bob)
    before = rows(app)
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": MONITOR})
    shown = drift(app, app.bob)
    assert "Not known" in shown.plain and rows(app) == before


def test_grants_that_the_catalogue_would_not_give_any_more_are_listed_and_revoked(
    app: AppHarness, tmp_path: Path
) -> None:
    for what in (f"{DATA} until-revoked", f"{ENGINE} 30d", f"{MONITOR} 30d"):
        ref = app.asked(app.carol, f"{what} features")
        app.approve(ref, app.bob)
        app.card(ref, "· active")
    catalog = smaller_catalogue(tmp_path)
    app.restart_bot({"PAIREC_CATALOG": str(catalog)})
    shown = drift(app, app.bob)
    row = about(shown, "until revoked, which the catalog no longer allows")
    assert f"`{DATA}` by *R-1001*" in row.plain and row.buttons == ["Revoke", "Accept"]
    assert "for longer than the catalog allows now" in about(shown, f"`{ENGINE}` by").plain
    assert "and the catalog no longer has it" in about(shown, f"`{MONITOR}` by").plain
    app.bob.click("Revoke", row)
    app.comes_to_lose("carol", DATA)
    drift(app, app.bob)
    assert ("unfit", "carol", f"policy/{DATA}") not in rows(app)


def test_the_pages_of_a_long_list_turn_in_place(app: AppHarness) -> None:
    for name in [f"user-{number}" for number in range(25)]:
        app.by_hand("CreateUser", UserName=name)
        app.attach_by_hand(name, ENGINE)
    shown = drift(app, app.bob)
    assert "31 things" in shown.plain and "Page 1 of 4." in shown.plain
    app.bob.click("Next page", shown)
    turned = app.bob.ephemeral_with("Page 2 of 4.")
    assert turned.ts == shown.ts
    app.bob.click("Previous page", turned)
    app.bob.ephemeral_with("Page 1 of 4.")
    assert "Page 4 of 4." in drift(app, app.bob, "4").plain


def test_the_command_line_lists_it_and_changes_nothing(app: AppHarness, pairec_access: CommandLine) -> None:
    app.attach_by_hand("carol", ENGINE)
    before = audit_trail(app)
    done = pairec_access("drift", "--format", "json")
    listed = {(row["ram_user"], row["what"]): row for row in json.loads(done.stdout)}
    assert done.returncode == 0, done.stderr
    assert listed["carol", ENGINE]["why"] == "outside" and listed["carol", ENGINE]["slack_user_id"] == "U0CAROL"
    assert listed["carol", ENGINE]["since"].startswith("20") and listed["carol", ENGINE]["accepted_until"] is None
    assert rows(app) == set() and audit_trail(app) == before
    drift(app, app.bob)
    accepts(app, app.bob, about(drift(app, app.bob), "|`carol`>"), day(app, 30), "on call")
    app.bob.message_with("Accepted until")
    [row] = [row for row in json.loads(pairec_access("drift", "--format", "json").stdout) if row["ram_user"] == "carol"]
    assert (row["accepted_by"], row["accepted_until"][:4]) == ("U0BOB", day(app, 30)[:4])


def test_the_command_line_says_what_could_not_be_read(app: AppHarness, pairec_access: CommandLine) -> None:
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": MONITOR})
    done = pairec_access("drift")
    assert done.returncode == 1 and "The list is not complete." in done.stderr
    assert MONITOR in done.stderr and MONITOR not in done.stdout


def test_an_audit_says_that_somebody_made_the_ledger_accept_it(app: AppHarness) -> None:
    drift(app, app.bob)
    with app.ledger.write() as tx:
        tx.run("UPDATE drift_rows SET accepted_until = 4102444800000, accepted_by = 'U0BOB' WHERE kind = 'outside'")
        found = {str(each) for each in differences(tx)}
    assert len(found) == 6 and all("is accepted, and by the trail nobody did that" in each for each in found)
