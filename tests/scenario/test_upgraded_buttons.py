"""What an earlier version drew, with a request's number in buttons and forms: it is drawn anew, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from bot.sandbox.client import SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.boards import board
from tests.harness.databases import Databases
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.refusals import press, refused, untouched
from tests.scenario.test_another_record import loses_its_buttons
from tests.scenario.test_lists_and_home import by_home
from tests.scenario.test_status_mend import authorised

BEFORE = 6
"""The last schema step in which requests had numbers alone."""
AGAIN = "It is drawn anew now; look at it and click again."
OLD = "This is from before the app was upgraded, or from another record, so nothing was changed."


@pytest.fixture(params=["sqlite", "postgres"])
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the ledger of the earlier version is to be, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'earlier.db'}"
    databases: Databases = request.getfixturevalue("databases")
    return databases.new()


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'earlier.db'}"


@pytest.fixture
def slow(office: AppHarness) -> Iterator[AppHarness]:
    """Slack takes no drawing: whatever the bot is to draw anew stays as it was."""
    yield office
    office.people.clear_orders()


def nothing_is_drawn(office: AppHarness) -> None:
    for method in ("chat.update", "views.publish"):
        office.people.order_slack({"fault": "error", "method": method, "error": "internal_error", "times": None})


def upgraded(office: AppHarness, address: str) -> None:
    office.stop_bot()
    goes_back_to_step(office, BEFORE, address)
    office.move_to(address)
    office.start_bot()


def values(message: SeenMessage) -> set[str]:
    return {str(spot.element.get("value")) for spot in message.spots()}


def test_an_upgrade_gives_each_request_a_name_of_its_own(office: AppHarness, earlier: str) -> None:
    refs = [office.asked(office.carol, f"{policy} 8h rolling out") for policy in (ENGINE, DATA, ADMIN)]
    upgraded(office, earlier)
    names = {office.name(ref) for ref in refs}
    assert len(names) == 3 and all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


@pytest.mark.timeout(120)
def test_an_upgrade_draws_whatever_has_buttons_anew_and_they_work(office: AppHarness, earlier: str) -> None:
    taken = authorised(office)
    board(office, office.bob, "all good")
    order = {"action": "AttachPolicyToUser", "fault": "error", "code": "LimitExceeded.User.Policy", "status": 409}
    office.people.order_ram({**order, "message": "The count is beyond the limit.", "times": 1})
    failed = office.asked(office.dave, f"{ENGINE} 8h rolling out")
    office.approve(failed, office.bob)
    office.card(failed, "needs attention")
    waits = office.asked(office.carol, f"{DATA} 8h cleaning up")
    office.card(waits)
    by_home(office.carol)
    office.carol.home(waits)
    upgraded(office, earlier)
    for ref, button in ((waits, "Approve"), (failed, "Try again")):
        office.until(lambda ref=ref: values(office.card(ref)) == {office.name(ref)}, f"the card of {ref}")
        office.bob.click(button, office.card(ref))
    office.until(lambda: office.name(taken) in values(board(office, office.bob)), "the board")
    office.until(lambda: office.states(waits) == office.states(failed) == ["active"], "both to be active")
    office.carol.home("Active until")


def test_an_upgrade_draws_anew_once(office: AppHarness, file: str) -> None:
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    office.card(ref)
    upgraded(office, file)
    office.until(lambda: values(office.card(ref)) == {office.name(ref)}, "the card")
    office.until(lambda: not redraws(office), "it to be done")
    office.stop_bot()
    with closing(open_ledger(file)):
        assert redraws(office) == []


def redraws(office: AppHarness) -> list[str]:
    with office.ledger.read() as tx:
        return [row["id"] for row in tx.rows("SELECT id FROM jobs WHERE kind = 'redraw'")]


@pytest.mark.parametrize("button", ["Approve", "Deny", "Approve with changes"])
def test_a_click_on_a_card_that_was_drawn_before_draws_it_anew_and_asks_to_click_again(
    slow: AppHarness, file: str, button: str
) -> None:
    office = slow
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    office.card(ref)
    office.until(lambda: "card posted" in office.events(ref), "it to be known where the card is")
    nothing_is_drawn(office)
    upgraded(office, file)
    old = office.card(ref)
    assert values(old) == {ref}
    with refused(office, office.bob, "outdated", AGAIN):
        office.bob.click(button, old)
    office.bob.no_modal()
    office.people.clear_orders()
    office.real_passes(60)
    office.until(lambda: values(office.card(ref)) == {office.name(ref)}, "the card to be drawn anew")
    office.approve(ref, office.judy)
    office.comes_to_hold("carol", DATA)


def test_a_click_in_app_home_that_was_drawn_before_draws_it_anew(slow: AppHarness, file: str) -> None:
    office = slow
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    by_home(office.bob)
    office.bob.home(ref)
    nothing_is_drawn(office)
    upgraded(office, file)
    with refused(office, office.bob, "outdated", AGAIN):
        office.bob.click("Approve", office.bob.home(ref))
    office.people.clear_orders()
    office.real_passes(60)

    def drawn() -> bool:
        return office.name(ref) in {str(spot.element.get("value")) for spot in office.bob.home(ref).spots()}

    office.until(drawn, "App Home to be drawn anew")


def test_a_direct_message_from_before_loses_its_buttons_and_says_where_to_look(office: AppHarness, file: str) -> None:
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    office.approve(ref, office.bob)
    office.card(ref, "active")
    office.carol.direct_message_with("is active until")
    upgraded(office, file)
    old = office.carol.direct_message_with("is active until")
    assert values(old) == {ref}
    with refused(office, office.carol, "old_message", OLD, act="revoke"):
        office.carol.click("Give back", old)
    assert "is active until" in loses_its_buttons(office, old, office.carol).plain
    assert office.holds("carol", DATA)
    ref = office.asked(office.carol, f"{ENGINE} 8h later")
    office.card(ref)
    assert not [m for m in office.bob.messages() if "from another record" in m.plain], "nobody is alarmed by an upgrade"


@pytest.mark.parametrize(("button", "field"), [("Deny", "Why not?"), ("Approve with changes", "For how long")])
def test_a_form_that_was_open_during_the_upgrade_says_so_in_place(
    office: AppHarness, file: str, button: str, field: str
) -> None:
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    office.bob.click(button, office.card(ref))
    office.bob.modal(field)
    upgraded(office, file)
    with untouched(office, office.bob.id, "old_message", act="decide"):
        assert office.bob.submit({field: "1h"}) == {}
    office.bob.modal(OLD)
    assert office.record(ref).pending


def test_a_card_that_a_replica_of_the_earlier_version_still_drew_acts_on_nothing(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{DATA} 8h cleaning up")
    with refused(office, office.bob, "outdated", AGAIN):
        press(office.bob, "approve", ref, office.card(ref))
    office.approve(ref, office.bob)
