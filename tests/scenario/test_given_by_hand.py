"""What no program reaches is asked for, approved and ended like everything else; people do it, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, HOUR, MONITOR, AppHarness
from tests.harness.by_hand import BUNDLE, GIVE, GRAFANA, TAKE, catalog_file, manual_table, task, tasks
from tests.harness.refusals import audit_trail, invite, link, newcomer, press, refused
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.reviewing import shows, start
from tests.scenario.test_access_review_shortened import shortens

DAY = 24 * HOUR
ACTIVE = ENDED = "by hand, confirmed by <@U0ERIN>"
BY_ACT = "do_by_hand"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    path = catalog_file(tmp_path, manual_table(), manual_table("jenkins", '"approvers"', "Jenkins"), BUNDLE)
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=PACE) as opened:
        yield opened


@pytest.fixture
def pairec_access(app: AppHarness) -> CommandLine:
    return CommandLine(app)


def approved(app: AppHarness, person: SandboxPerson, line: str = f"{GRAFANA} 8h") -> str:
    ref = app.asked(person, f"{line} looking after the alerts")
    app.approve(ref, app.bob)
    return ref


def given(app: AppHarness, person: SandboxPerson, line: str = f"{GRAFANA} 8h") -> str:
    ref = approved(app, person, line)
    app.erin.click("Done", task(app, app.erin, GIVE))
    becomes(app, ref, "active")
    return ref


def becomes(app: AppHarness, ref: str, *states: str) -> None:
    app.until(lambda: app.states(ref) == list(states), lambda: f"{ref} to be {states}, is {app.states(ref)}")


def test_somebody_gets_it_by_hand_and_loses_it_by_hand(app: AppHarness) -> None:
    ref = app.asked(app.dave, f"{GRAFANA} 8h looking after the alerts")
    assert "Change dashboards and alerts. Granted and revoked by hand, by <@U0ERIN>." in app.card(ref).plain
    app.approve(ref, app.bob)
    asked = task(app, app.erin, GIVE)
    assert "*Grafana admin* (`grafana-admin`) to <@U0DAVE>, RAM user `dave`." in asked.plain
    assert "1. Open <https://grafana.example.com/admin/users>" in asked.plain
    assert (
        "2. Set the role to Admin" in asked.plain
        and f"*{ref}*: requested by <@U0DAVE>, approved by <@U0BOB> · until " in asked.plain
    )
    app.card(ref, "Waits for <@U0ERIN> to grant it by hand.")
    becomes(app, ref, "granting")
    app.erin.click("Done", asked)
    app.card(ref, ACTIVE)
    app.dave.direct_message_with("is active until")
    app.dave.direct_message_with(ACTIVE)
    done = app.erin.message_with("granted by hand, confirmed by <@U0ERIN>")
    assert done.ts == asked.ts and done.buttons == []

    app.people.advance(9 * HOUR)
    taking = task(app, app.erin, TAKE)
    assert "from <@U0DAVE>" in taking.plain and "1. Set the role back to Viewer &amp; log them out" in taking.plain
    assert "Nobody confirmed that it was granted" not in taking.plain
    app.card(ref, "for <@U0ERIN> to revoke it by hand.")
    becomes(app, ref, "ending")
    app.erin.click("Done", taking)
    app.card(ref, "ended")
    assert ENDED in app.card(ref, "ended").plain
    told = app.dave.direct_message_with("has expired.")
    assert "shows it gone" not in told.plain and ENDED in told.plain
    events = [event for event in app.course(ref) if event not in ("notice raised", "notice settled")]
    assert events[-6:] == ["granting", "given by hand", "active", "ending", "taken by hand", "ended"]
    word = next(each for each in audit_trail(app) if each["event"] == "taken by hand")
    assert (word["by_slack"], word["ram_user"], word["entitlement"]) == ("U0ERIN", "dave", f"manual/{GRAFANA}")
    assert app.chain_holds()


def test_what_approvers_do_is_asked_of_them_in_their_channel(app: AppHarness) -> None:
    ref = approved(app, app.dave, "jenkins until-revoked")
    asked = task(app, app.judy, GIVE, APPROVALS)
    assert "any approver does it" in asked.plain
    app.judy.click("Done", asked)
    app.card(ref, "Active until revoked: by hand, confirmed by <@U0JUDY>")
    app.revokes(app.dave, ref)
    app.bob.click("Done", task(app, app.bob, TAKE, APPROVALS))
    app.card(ref, "by hand, confirmed by <@U0BOB>")
    assert app.states(ref) == ["ended"]


def test_whoever_asks_for_it_or_gets_it_and_strangers_do_not_say_that_it_is_done(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{GRAFANA} @dave 8h looking after the alerts")
    app.approve(ref, app.bob)
    asked = task(app, app.erin, GIVE)
    mallory = newcomer(app, "mallory")
    tries = [
        (app.carol, "own_task", f"{ref} is your own"),
        (app.dave, "own_task", f"{ref} is your own"),
        (app.bob, "not_doer", "<@U0ERIN> does this"),
        (app.frank, "not_doer", "<@U0ERIN> does this"),
        (mallory, "not_doer", "<@U0ERIN> does this"),
    ]
    for person, why, says in tries:
        with refused(app, person, why, says, ref, act=BY_ACT):
            press(person, "by_hand_done", value(asked), asked)
    with refused(app, app.grace, "guest", "Guests cannot", ref, act=BY_ACT):
        press(app.grace, "by_hand_done", value(asked), asked)
    assert app.states(ref) == ["granting"]
    app.erin.click("Done", asked)
    becomes(app, ref, "active")


def value(message: SeenMessage) -> str:
    """What the one button of a message carries."""
    [actions] = [block for block in message.blocks if block["type"] == "actions"]
    return str(actions["elements"][0]["value"])


def test_whoever_is_asked_finds_it_in_their_list_and_app_home_until_it_is_done(app: AppHarness) -> None:
    app.erin.open_home()
    app.erin.home("PAI-Rec access")
    ref = approved(app, app.dave)
    app.erin.home(f"• grant `{GRAFANA}` to <@U0DAVE> (*{ref}*), waits since ")
    app.erin.type("/pairec-access list")
    assert f"• grant `{GRAFANA}` to <@U0DAVE>" in app.erin.ephemeral_with("To do by hand").plain
    app.dave.type("/pairec-access list")
    assert "To do by hand" not in app.dave.ephemeral_with("Your access").plain
    app.erin.click("Done", task(app, app.erin, GIVE))
    becomes(app, ref, "active")
    app.until(
        lambda: (shown := app.erin.home("PAI-Rec access")) and "To do by hand" not in str(shown),
        "App Home to be drawn anew",
    )


def test_a_second_click_and_the_button_of_a_task_that_is_over_change_nothing(app: AppHarness) -> None:
    ref = given(app, app.dave)
    asked = app.erin.message_with("granted by hand, confirmed by")
    with app.ledger.read() as tx:
        [task_id] = [row["id"] for row in tx.rows("SELECT id FROM notices WHERE what = 'give_by_hand'")]
    app.revokes(app.dave, ref)
    task(app, app.erin, TAKE)
    with refused(app, app.erin, "notice_settled", "This is handled already", ref, act=BY_ACT):
        press(app.erin, "by_hand_done", task_id, asked)
    assert app.states(ref) == ["ending"]
    with refused(app, app.erin, "outdated", "It is updated now", act=BY_ACT):
        press(app.erin, "by_hand_done", "f" * 32, asked)
    assert app.states(ref) == ["ending"] and app.chain_holds()


def test_what_is_given_back_before_anybody_gave_it_is_taken_away_all_the_same(app: AppHarness) -> None:
    ref = approved(app, app.dave)
    asked = task(app, app.erin, GIVE)
    app.revokes(app.dave, ref)
    taking = task(app, app.erin, TAKE)
    assert "Nobody confirmed that it was granted. If it was not, just press Done." in taking.plain
    assert tasks(app.erin, GIVE) == []
    over = app.erin.message_with("is no longer to be granted")
    assert over.ts == asked.ts
    app.erin.click("Done", taking)
    becomes(app, ref, "ended")
    assert app.chain_holds()


def test_several_requests_are_one_task_and_the_last_to_end_is_taken_away(app: AppHarness) -> None:
    first, second = approved(app, app.dave, f"{GRAFANA} 1h"), None
    task(app, app.erin, GIVE)
    second = approved(app, app.dave, f"{GRAFANA} 8h")
    becomes(app, second, "granting")
    app.erin.click("Done", task(app, app.erin, GIVE))
    becomes(app, first, "active")
    becomes(app, second, "active")
    third = approved(app, app.dave, f"{GRAFANA} 30d")
    becomes(app, third, "active")
    app.card(third, ACTIVE)
    app.people.advance(10 * HOUR)
    becomes(app, first, "ended")
    becomes(app, second, "ended")
    assert f"still has it through {third}" in app.card(second, "ended").plain
    assert tasks(app.erin, TAKE) == [] and app.states(third) == ["active"]
    app.revokes(app.bob, third, "not needed")
    app.erin.click("Done", task(app, app.erin, TAKE))
    becomes(app, third, "ended")
    assert app.chain_holds()


def test_what_is_wanted_again_while_it_waits_to_be_taken_is_asked_for_anew(app: AppHarness) -> None:
    first = given(app, app.dave)
    app.revokes(app.dave, first)
    taking = task(app, app.erin, TAKE)
    second = approved(app, app.dave)
    becomes(app, second, "granting")
    becomes(app, first, "ended")
    again = task(app, app.erin, GIVE)
    assert "may be there still. Then just press Done." in again.plain
    assert app.erin.message_with("is wanted again, so it is not to be revoked").ts == taking.ts
    app.erin.click("Done", again)
    becomes(app, second, "active")


def test_it_is_told_again_after_an_hour_and_to_the_approvers_after_a_day_who_may_do_it_then(app: AppHarness) -> None:
    ref = approved(app, app.dave, f"{GRAFANA} 30d")
    task(app, app.erin, GIVE)
    app.people.advance(HOUR + 60)
    app.until(lambda: len(tasks(app.erin, GIVE)) == 2, "erin to be reminded")
    assert tasks(app.bob, GIVE, APPROVALS) == []
    app.people.advance(DAY)
    asked = task(app, app.bob, GIVE, APPROVALS)
    app.dave.direct_message_with("still waits to be granted by hand.")
    with refused(app, app.frank, "not_approver", "so you cannot decide", ref, act=BY_ACT):
        press(app.frank, "by_hand_done", value(asked), asked)
    app.bob.click("Done", asked)
    becomes(app, ref, "active")
    app.card(ref, "by hand, confirmed by <@U0BOB>")
    app.until(lambda: tasks(app.erin, GIVE) == [], "all of its messages to be drawn anew")


def test_where_nobody_who_is_named_can_be_told_the_approvers_do_it(tmp_path: Path) -> None:
    path = catalog_file(tmp_path, manual_table(done_by='["U0NOBODY"]'))
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=PACE) as app:
        ref = approved(app, app.dave)
        app.until(lambda: "not told" in [each["event"] for each in audit_trail(app)], "nobody to be told")
        app.people.advance(16 * 60)
        asked = task(app, app.judy, GIVE, APPROVALS)
        app.judy.click("Done", asked)
        becomes(app, ref, "active")


def test_access_that_nobody_takes_away_is_an_alarm_after_a_day(app: AppHarness) -> None:
    ref = given(app, app.dave)
    app.people.advance(9 * HOUR)
    taking = task(app, app.erin, TAKE)
    assert not [each for each in app.bob.messages(APPROVALS) if "🚨" in each.plain]
    app.people.advance(DAY)
    alarm = app.bob.message_with("🚨", APPROVALS)
    assert f"{ref}: access is not revoked yet." in alarm.plain and "nobody has confirmed it" in alarm.plain
    assert "RAM" not in alarm.plain.replace("RAM user", "") and "<@U0ERIN> was asked" in alarm.plain
    app.erin.click("Done", taking)
    over = app.bob.message_with("access is revoked now", APPROVALS)
    assert "by hand, confirmed by <@U0ERIN>" in over.plain
    assert app.states(ref) == ["ended"]


def test_a_named_person_who_asks_for_it_themselves_leaves_it_to_the_approvers(app: AppHarness) -> None:
    ref = approved(app, app.erin)
    asked = task(app, app.judy, GIVE, APPROVALS)
    assert tasks(app.erin, GIVE) == []
    invite(app, app.erin)
    with refused(app, app.erin, "own_task", f"{ref} is your own", ref, act=BY_ACT):
        press(app.erin, "by_hand_done", value(asked), asked)
    app.judy.click("Done", asked)
    becomes(app, ref, "active")


def test_a_bundle_has_parts_that_are_attached_and_parts_that_are_given_by_hand(app: AppHarness) -> None:
    app.detach_by_hand("dave", MONITOR)
    ref = approved(app, app.dave, "on-call 8h")
    app.comes_to_hold("dave", MONITOR)
    app.card(ref, "`grafana-admin`: waits for <@U0ERIN> to grant it by hand.")
    app.erin.click("Done", task(app, app.erin, GIVE))
    becomes(app, ref, "active", "active")
    app.revokes(app.dave, ref)
    app.comes_to_lose("dave", MONITOR)
    app.erin.click("Done", task(app, app.erin, TAKE))
    told = app.dave.direct_message_with("was ended.")
    assert "RAM shows it gone from `dave`" in told.plain and ENDED in told.plain


def test_an_item_that_left_the_catalogue_is_taken_away_by_the_steps_of_before(app: AppHarness, tmp_path: Path) -> None:
    ref = given(app, app.dave)
    other = tmp_path / "without"
    other.mkdir()
    app.restart_bot({"PAIREC_CATALOG": str(catalog_file(other))})
    app.people.advance(9 * HOUR)
    taking = task(app, app.erin, TAKE)
    assert "Set the role back to Viewer" in taking.plain
    with refused(app, app.frank, "not_doer", "<@U0ERIN> does this", ref, act=BY_ACT):
        press(app.frank, "by_hand_done", value(taking), taking)
    app.erin.click("Done", taking)
    becomes(app, ref, "ended")


def test_whoever_the_catalogue_names_now_does_it_and_nobody_whom_it_named_before(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = approved(app, app.dave)
    asked = task(app, app.erin, GIVE)
    other = tmp_path / "other"
    other.mkdir()
    app.restart_bot({"PAIREC_CATALOG": str(catalog_file(other, manual_table(done_by='["U0FRANK"]')))})
    with refused(app, app.erin, "not_doer", "<@U0FRANK> does this", ref, act=BY_ACT):
        press(app.erin, "by_hand_done", value(asked), asked)
    app.people.advance(HOUR + 60)
    app.frank.click("Done", task(app, app.frank, GIVE))
    becomes(app, ref, "active")
    app.card(ref, "by hand, confirmed by <@U0FRANK>")


def test_a_bot_that_was_away_when_it_ended_asks_for_it_when_it_is_back(app: AppHarness) -> None:
    ref = given(app, app.dave)
    app.stop_bot()
    app.people.advance(9 * HOUR)
    app.start_bot()
    app.erin.click("Done", task(app, app.erin, TAKE))
    becomes(app, ref, "ended")


def test_who_has_it_and_lists_say_by_whose_word(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = given(app, app.dave)
    app.carol.type("/pairec-access who <@U0DAVE>")
    shown = app.carol.ephemeral_with("*By hand*")
    assert f"• `{GRAFANA}`: by hand, confirmed by <@U0ERIN>, *{ref}* until " in shown.plain
    app.carol.type(f"/pairec-access who {GRAFANA}")
    shown = app.carol.ephemeral_with("Who has")
    assert f"RAM user `dave` (<@U0DAVE>): by hand, confirmed by <@U0ERIN>, *{ref}*" in shown.plain
    assert "cloud now" not in shown.plain and "Nothing checks it." in shown.plain
    app.dave.type("/pairec-access list")
    assert ACTIVE in app.dave.ephemeral_with("Your access").plain
    app.dave.open_home()
    app.dave.home(ACTIVE)
    report = pairec_access("report", "access")
    [line] = [each for each in report.stdout.splitlines() if GRAFANA in each]
    assert line.startswith("dave,") and ",by hand," in line and ref in line and "says U0ERIN" in line
    assert report.returncode == 0, report.stderr


def test_nothing_that_is_given_by_hand_is_looked_for_in_the_cloud(app: AppHarness) -> None:
    ref = given(app, app.dave)
    for _ in range(3):
        app.people.advance(6 * 60)
        app.real_passes(70)
    with app.ledger.read() as tx:
        assert tx.rows("SELECT id FROM grants WHERE missing_since_real IS NOT NULL") == []
    assert app.states(ref) == ["active"]


def test_everything_that_somebody_has_by_hand_is_taken_away_when_they_leave(app: AppHarness) -> None:
    ref = given(app, app.dave, f"{GRAFANA} until-revoked")
    app.people.inject_slack_fault({"person": "U0DAVE", "set": {"deleted": True}})
    app.look_at_leavers()
    notice = app.bob.message_with("The Slack account of <@U0DAVE> is deactivated", APPROVALS)
    app.bob.click("Revoke all", notice)
    app.erin.click("Done", task(app, app.erin, TAKE))
    becomes(app, ref, "ended")


def test_whoever_is_offboarded_loses_what_was_given_by_hand_and_is_said_to_be_named_for_it(app: AppHarness) -> None:
    ref = given(app, app.dave, f"{GRAFANA} until-revoked")
    app.bob.type("/pairec-access offboard @dave")
    leaves = app.bob.message_with("offboards", APPROVALS)
    assert ref in leaves.plain and "named in the catalog" not in leaves.plain
    app.bob.click("Revoke all", leaves)
    app.erin.click("Done", task(app, app.erin, TAKE))
    becomes(app, ref, "ended")
    link(app, app.erin, "erin")
    app.bob.type("/pairec-access offboard @erin")
    app.bob.message_with("named in the catalog to do by hand: `Grafana admin`", APPROVALS)


def test_what_a_review_shortens_is_to_be_taken_by_hand_at_its_new_end(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = given(app, app.carol, f"{GRAFANA} until-revoked")
    start(app, pairec_access)
    shows(app, shortens(app, "carol", GRAFANA), "It ends")
    app.people.advance(7 * DAY - HOUR)
    assert app.states(ref) == ["active"] and not tasks(app.erin, TAKE)
    app.people.advance(HOUR + 1)
    app.erin.click("Done", task(app, app.erin, TAKE))
    becomes(app, ref, "ended")
    assert app.chain_holds()
