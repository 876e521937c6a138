"""A ledger that was put back does not know what was given since: that is found, and approvers decide on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.program import pairec_access
from tests.harness.refusals import is_told, refused
from tests.harness.restoring import WAYS, backed_up, by_command, looked, notice, notices, put_back
from tests.harness.waiting import carol_has
from tests.scenario.bot_process import told

MINUTE = 60
PACE = 10.0


@pytest.mark.parametrize("way", WAYS)
def test_what_was_given_after_a_backup_is_found_and_taken_back(app: AppHarness, tmp_path: Path, way: str) -> None:
    taken_back_after(app, tmp_path, WAYS[way])


def test_what_was_given_after_a_backup_of_a_server_is_found_and_taken_back(
    tmp_path: Path, databases: Databases
) -> None:
    with AppHarness(tmp_path, pace=PACE, ledger_address=databases.new()) as app:
        taken_back_after(app, tmp_path, by_command)


def taken_back_after(app: AppHarness, tmp_path: Path, way: Callable[[AppHarness, Path], None]) -> None:
    looked(app)
    app.attach_by_hand("judy", ENGINE)
    app.people.advance(MINUTE)
    known = app.asked(app.dave, f"{DATA} 8h features")
    app.approve(known, app.bob)
    app.comes_to_hold("dave", DATA)
    app.card(known, "active")
    file = backed_up(app, tmp_path)
    carol_has(app, ENGINE, "8h")
    put_back(app, file, way)
    told = notice(app)
    assert f"*: RAM user `carol` has `{ENGINE}` since <!date^" in told.plain, told.plain
    assert told.buttons == ["Revoke", "Keep"]
    app.bob.click("Revoke", told)
    app.comes_to_lose("carol", ENGINE)
    assert "revokes `PaiRecEngineAccess` from RAM user `carol`" in notice(app, "its origin was unknown").plain
    app.carol.direct_message_with("was revoked by an administrator. RAM shows it gone")
    assert app.holds("judy", ENGINE) and app.holds("dave", DATA)
    assert app.chain_holds() and app.writes("DetachPolicyFromUser", "carol", ENGINE) == 1


def test_what_an_approver_keeps_counts_as_given_otherwise_and_is_not_asked_about_again(
    app: AppHarness, tmp_path: Path
) -> None:
    file = backed_up(app, tmp_path)
    carol_has(app, ENGINE, "8h")
    put_back(app, file)
    told = notice(app)
    is_told(app, app.bob, "/pairec-access who @carol", "origin unknown; approvers are asked whether it stays")
    app.judy.click("Keep", told)
    assert "<@U0JUDY>: RAM user `carol` keeps" in notice(app, "counts as granted elsewhere").plain
    is_told(app, app.bob, "/pairec-access who @carol", "granted elsewhere, not by this app")
    app.people.advance(MINUTE)
    app.restart_bot()
    looked(app)
    assert notices(app) == [] and app.holds("carol", ENGINE)


def test_the_report_says_that_the_origin_is_unknown(app: AppHarness, tmp_path: Path) -> None:
    file = backed_up(app, tmp_path)
    carol_has(app, ENGINE, "8h")
    put_back(app, file)
    notice(app)
    done = pairec_access("report", "access", "--format", "json", **told(app))
    sources = {(row["ram_user"], row["what"]): row["source"] for row in json.loads(done.stdout)}
    assert sources["carol", ENGINE] == "origin unknown"
    assert sources["dave", MONITOR] == "otherwise"


def test_nobody_keeps_by_their_own_word_what_they_have_themselves(app: AppHarness, tmp_path: Path) -> None:
    file = backed_up(app, tmp_path)
    ref = app.asked(app.bob, f"{ENGINE} 8h rollout")
    app.approve(ref, app.judy)
    app.comes_to_hold("bob", ENGINE)
    put_back(app, file)
    message = notice(app)
    with refused(app, app.bob, "own_access", "so another approver decides", act="revoke_all"):
        app.bob.click("Keep", message)
    app.detach_by_hand("judy", ADMIN)
    for button in ("Keep", "Revoke"):
        with refused(app, app.judy, "not_approver", "does not hold", act="revoke_all"):
            app.judy.click(button, message)
    app.bob.click("Revoke", notice(app))
    app.comes_to_lose("bob", ENGINE)


def test_what_hands_gave_while_a_bot_worked_or_before_the_last_entry_is_nobodys_question(
    app: AppHarness, tmp_path: Path
) -> None:
    looked(app)
    app.people.advance(MINUTE)
    app.attach_by_hand("judy", ENGINE)
    app.people.advance(MINUTE)
    carol_has(app)
    app.people.advance(MINUTE)
    app.attach_by_hand("judy", DATA)
    app.people.advance(MINUTE)
    app.restart_bot()
    looked(app)
    assert notices(app) == []


def test_what_hands_gave_while_no_bot_worked_is_asked_about_until_it_is_gone(app: AppHarness) -> None:
    carol_has(app)
    app.stop_bot()
    app.people.advance(MINUTE)
    app.attach_by_hand("judy", ENGINE)
    app.people.advance(MINUTE)
    app.start_bot()
    assert "RAM user `judy` has" in notice(app).plain
    app.detach_by_hand("judy", ENGINE)
    app.people.advance(HOUR + MINUTE)
    assert notice(app, "no longer has `PaiRecEngineAccess`").buttons == []


def test_a_new_ledger_asks_about_nothing_that_was_there_before_it(app: AppHarness, tmp_path: Path) -> None:
    app.stop_bot()
    app.attach_by_hand("judy", ENGINE)
    app.move_to(f"sqlite:///{tmp_path / 'new.db'}")
    app.start_bot()
    looked(app)
    assert notices(app) == []


def test_what_is_asked_for_again_after_a_backup_was_put_back_does_not_stay_for_good(
    app: AppHarness, tmp_path: Path
) -> None:
    """The request waits in the backup, was approved since, and is approved once more: what is there then seems to have
    been there before it.
    """
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    file = backed_up(app, tmp_path)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.card(ref, "active")
    put_back(app, file)
    told = notice(app)
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["held"], "it to be found")
    app.people.advance(HOUR + MINUTE)
    app.bob.click("Revoke", told)
    app.comes_to_lose("carol", ENGINE)


def test_ram_that_says_nothing_at_the_start_is_asked_again(app: AppHarness, tmp_path: Path) -> None:
    file = backed_up(app, tmp_path)
    carol_has(app, ENGINE, "8h")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "reset"})
    put_back(app, file)
    looked(app)
    assert notices(app) == []
    app.people.clear_faults()
    app.people.advance(6 * MINUTE)
    assert "RAM user `carol` has" in notice(app).plain
