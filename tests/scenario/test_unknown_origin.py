"""A ledger that was put back does not know what was given since: that is found, and approvers decide on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.databases import Databases
from tests.harness.program import pairec_access
from tests.harness.putting_back import WAYS, backed_up, by_command, looked, notice, notices, put_back
from tests.harness.refusals import is_told, refused
from tests.harness.waiting import carol_has
from tests.scenario.beside import told

MINUTE = 60
PACE = 10.0


@pytest.mark.parametrize("way", WAYS)
def test_what_was_given_after_a_backup_is_found_and_taken_back(office: AppHarness, tmp_path: Path, way: str) -> None:
    taken_back_after(office, tmp_path, WAYS[way])


def test_what_was_given_after_a_backup_of_a_server_is_found_and_taken_back(
    tmp_path: Path, databases: Databases
) -> None:
    with AppHarness(tmp_path, pace=PACE, ledger_address=databases.new()) as office:
        taken_back_after(office, tmp_path, by_command)


def taken_back_after(office: AppHarness, tmp_path: Path, way: Callable[[AppHarness, Path], None]) -> None:
    looked(office)
    office.attach_by_hand("judy", ENGINE)
    office.people.advance(MINUTE)
    known = office.asked(office.dave, f"{DATA} 8h features")
    office.approve(known, office.bob)
    office.comes_to_hold("dave", DATA)
    office.card(known, "active")
    file = backed_up(office, tmp_path)
    carol_has(office, ENGINE, "8h")
    put_back(office, file, way)
    told = notice(office)
    assert f"*: RAM user `carol` has `{ENGINE}` since <!date^" in told.plain, told.plain
    assert told.buttons == ["Take back", "Keep"]
    office.bob.click("Take back", told)
    office.comes_to_lose("carol", ENGINE)
    assert "takes `PaiRecEngineAccess` back from RAM user `carol`" in notice(office, "whose origin was unknown").plain
    office.carol.direct_message_with("was taken back by an administrator. RAM shows it gone")
    assert office.holds("judy", ENGINE) and office.holds("dave", DATA)
    assert office.chain_holds() and office.writes("DetachPolicyFromUser", "carol", ENGINE) == 1


def test_what_an_approver_keeps_counts_as_given_otherwise_and_is_not_asked_about_again(
    office: AppHarness, tmp_path: Path
) -> None:
    file = backed_up(office, tmp_path)
    carol_has(office, ENGINE, "8h")
    put_back(office, file)
    told = notice(office)
    is_told(office, office.bob, "/pairec-access who @carol", "origin unknown; approvers are asked whether it stays")
    office.judy.click("Keep", told)
    assert "<@U0JUDY> says that RAM user `carol` keeps" in notice(office, "counts as given otherwise").plain
    is_told(office, office.bob, "/pairec-access who @carol", "given otherwise, not by this bot")
    office.people.advance(MINUTE)
    office.restart_bot()
    looked(office)
    assert notices(office) == [] and office.holds("carol", ENGINE)


def test_the_report_says_that_the_origin_is_unknown(office: AppHarness, tmp_path: Path) -> None:
    file = backed_up(office, tmp_path)
    carol_has(office, ENGINE, "8h")
    put_back(office, file)
    notice(office)
    done = pairec_access("report", "access", "--format", "json", **told(office))
    sources = {(row["ram_user"], row["what"]): row["source"] for row in json.loads(done.stdout)}
    assert sources["carol", ENGINE] == "origin unknown"
    assert sources["dave", MONITOR] == "otherwise"


def test_nobody_keeps_by_their_own_word_what_they_have_themselves(office: AppHarness, tmp_path: Path) -> None:
    file = backed_up(office, tmp_path)
    ref = office.asked(office.bob, f"{ENGINE} 8h rollout")
    office.approve(ref, office.judy)
    office.comes_to_hold("bob", ENGINE)
    put_back(office, file)
    message = notice(office)
    with refused(office, office.bob, "own_access", "for another approver to say", act="revoke_all"):
        office.bob.click("Keep", message)
    office.detach_by_hand("judy", ADMIN)
    for button in ("Keep", "Take back"):
        with refused(office, office.judy, "not_approver", "does not hold", act="revoke_all"):
            office.judy.click(button, message)
    office.bob.click("Take back", notice(office))
    office.comes_to_lose("bob", ENGINE)


def test_what_hands_gave_while_a_bot_worked_or_before_the_last_entry_is_nobodys_question(
    office: AppHarness, tmp_path: Path
) -> None:
    looked(office)
    office.people.advance(MINUTE)
    office.attach_by_hand("judy", ENGINE)
    office.people.advance(MINUTE)
    carol_has(office)
    office.people.advance(MINUTE)
    office.attach_by_hand("judy", DATA)
    office.people.advance(MINUTE)
    office.restart_bot()
    looked(office)
    assert notices(office) == []


def test_what_hands_gave_while_no_bot_worked_is_asked_about_until_it_is_gone(office: AppHarness) -> None:
    carol_has(office)
    office.stop_bot()
    office.people.advance(MINUTE)
    office.attach_by_hand("judy", ENGINE)
    office.people.advance(MINUTE)
    office.start_bot()
    assert "RAM user `judy` has" in notice(office).plain
    office.detach_by_hand("judy", ENGINE)
    office.people.advance(HOUR + MINUTE)
    assert notice(office, "does not have `PaiRecEngineAccess` any more").buttons == []


def test_a_new_ledger_asks_about_nothing_that_was_there_before_it(office: AppHarness, tmp_path: Path) -> None:
    office.stop_bot()
    office.attach_by_hand("judy", ENGINE)
    office.move_to(f"sqlite:///{tmp_path / 'new.db'}")
    office.start_bot()
    looked(office)
    assert notices(office) == []


def test_what_is_asked_for_again_after_a_backup_was_put_back_does_not_stay_for_good(
    office: AppHarness, tmp_path: Path
) -> None:
    """The request waits in the backup, was approved since, and is approved once more: what is there then seems to have
    been there before it."""
    ref = office.asked(office.carol, f"{ENGINE} 1h rollout")
    file = backed_up(office, tmp_path)
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.card(ref, "active")
    put_back(office, file)
    told = notice(office)
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["held"], "it to be found")
    office.people.advance(HOUR + MINUTE)
    office.bob.click("Take back", told)
    office.comes_to_lose("carol", ENGINE)


def test_ram_that_says_nothing_at_the_start_is_asked_again(office: AppHarness, tmp_path: Path) -> None:
    file = backed_up(office, tmp_path)
    carol_has(office, ENGINE, "8h")
    office.people.order_ram({"action": "ListEntitiesForPolicy", "fault": "reset"})
    put_back(office, file)
    looked(office)
    assert notices(office) == []
    office.people.clear_orders()
    office.people.advance(6 * MINUTE)
    assert "RAM user `carol` has" in notice(office).plain
