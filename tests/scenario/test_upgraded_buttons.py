"""What an earlier version drew, with a request's number in buttons and forms: it is drawn anew, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from bot.cli.audit_record import differences
from bot.sandbox.client import SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, AppHarness
from tests.harness.boards import board
from tests.harness.databases import Databases
from tests.harness.lost_ledgers import goes_back_to_step
from tests.harness.refusals import press, refused, untouched
from tests.scenario.test_another_record import loses_its_buttons
from tests.scenario.test_lists_and_home import by_home
from tests.scenario.test_status_repair import authorised

BEFORE = 6
"""The last schema step in which requests had numbers alone."""
AGAIN = "It is updated now; check it and click again."
OLD = "This is from before an upgrade, or from another record, so nothing was changed."


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
def slow(app: AppHarness) -> Iterator[AppHarness]:
    """Slack takes no drawing: whatever the bot is to draw anew stays as it was."""
    yield app
    app.people.clear_faults()


def nothing_is_drawn(app: AppHarness) -> None:
    for method in ("chat.update", "views.publish"):
        app.people.inject_slack_fault({"fault": "error", "method": method, "error": "internal_error", "times": None})


def upgraded(app: AppHarness, address: str) -> None:
    app.stop_bot()
    goes_back_to_step(app, BEFORE, address)
    app.move_to(address)
    app.start_bot()


def agrees(app: AppHarness) -> bool:
    """Whether the record says what the trail says. The ledger of the earlier version is made of this one's, so its
    trail already has what that version did not record, until the bot finds that out.
    """
    with app.ledger.read() as tx:
        return not differences(tx)


def values(message: SeenMessage) -> set[str]:
    return {str(spot.element.get("value")) for spot in message.spots()}


def test_an_upgrade_gives_each_request_a_name_of_its_own(app: AppHarness, earlier: str) -> None:
    refs = [app.asked(app.carol, f"{policy} 8h rolling out") for policy in (ENGINE, DATA, ADMIN)]
    upgraded(app, earlier)
    names = {app.name(ref) for ref in refs}
    assert len(names) == 3 and all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


@pytest.mark.timeout(120)
def test_an_upgrade_draws_whatever_has_buttons_anew_and_they_work(app: AppHarness, earlier: str) -> None:
    taken = authorised(app)
    board(app, app.bob, "all good")
    order = {"action": "AttachPolicyToUser", "fault": "error", "code": "LimitExceeded.User.Policy", "status": 409}
    app.people.inject_ram_fault({**order, "message": "The count is beyond the limit.", "times": 1})
    failed = app.asked(app.dave, f"{ENGINE} 8h rolling out")
    app.approve(failed, app.bob)
    app.card(failed, "needs attention")
    waits = app.asked(app.carol, f"{DATA} 8h cleaning up")
    app.card(waits)
    by_home(app.carol)
    app.carol.home(waits)
    upgraded(app, earlier)
    for ref, button in ((waits, "Approve"), (failed, "Retry")):
        app.until(lambda ref=ref: values(app.card(ref)) == {app.name(ref)}, f"the card of {ref}")
        app.bob.click(button, app.card(ref))
    app.until(lambda: app.name(taken) in values(board(app, app.bob)), "the board")
    app.until(lambda: app.states(waits) == app.states(failed) == ["active"], "both to be active")
    app.carol.home("Active until")


def test_an_upgrade_draws_anew_once(app: AppHarness, file: str) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    app.card(ref)
    upgraded(app, file)
    app.until(lambda: values(app.card(ref)) == {app.name(ref)}, "the card")
    app.until(lambda: not redraws(app), "it to be done")
    app.stop_bot()
    with closing(open_ledger(file)):
        assert redraws(app) == []


def redraws(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [row["id"] for row in tx.rows("SELECT id FROM jobs WHERE kind = 'redraw'")]


@pytest.mark.parametrize("button", ["Approve", "Deny", "Approve with changes"])
def test_a_click_on_a_card_that_was_drawn_before_draws_it_anew_and_asks_to_click_again(
    slow: AppHarness, file: str, button: str
) -> None:
    app = slow
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    app.card(ref)
    app.until(lambda: "card posted" in app.events(ref), "it to be known where the card is")
    nothing_is_drawn(app)
    upgraded(app, file)
    old = app.card(ref)
    assert values(old) == {ref}
    with refused(app, app.bob, "outdated", AGAIN):
        app.bob.click(button, old)
    app.bob.no_modal()
    app.people.clear_faults()
    app.real_passes(60)
    app.until(lambda: values(app.card(ref)) == {app.name(ref)}, "the card to be drawn anew")
    app.approve(ref, app.judy)
    app.comes_to_hold("carol", DATA)


def test_a_click_in_app_home_that_was_drawn_before_draws_it_anew(slow: AppHarness, file: str) -> None:
    app = slow
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    by_home(app.bob)
    app.bob.home(ref)
    nothing_is_drawn(app)
    upgraded(app, file)
    with refused(app, app.bob, "outdated", AGAIN):
        app.bob.click("Approve", app.bob.home(ref))
    app.people.clear_faults()
    app.real_passes(60)

    def drawn() -> bool:
        return app.name(ref) in {str(spot.element.get("value")) for spot in app.bob.home(ref).spots()}

    app.until(drawn, "App Home to be drawn anew")


def test_a_direct_message_from_before_loses_its_buttons_and_says_where_to_look(app: AppHarness, file: str) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.carol.direct_message_with("is active until")
    upgraded(app, file)
    app.until(lambda: agrees(app), "the bot to have looked again at what it gave, and of which type that is")
    old = app.carol.direct_message_with("is active until")
    assert values(old) == {ref}
    with refused(app, app.carol, "old_message", OLD, act="revoke"):
        app.carol.click("End access", old)
    assert "is active until" in loses_its_buttons(app, old, app.carol).plain
    assert app.holds("carol", DATA)
    ref = app.asked(app.carol, f"{ENGINE} 8h later")
    app.card(ref)
    assert not [m for m in app.bob.messages() if "from another record" in m.plain], "nobody is alarmed by an upgrade"


@pytest.mark.parametrize(("button", "field"), [("Deny", "Reason"), ("Approve with changes", "Duration")])
def test_a_form_that_was_open_during_the_upgrade_says_so_in_place(
    app: AppHarness, file: str, button: str, field: str
) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    app.bob.click(button, app.card(ref))
    app.bob.modal(field)
    upgraded(app, file)
    with untouched(app, app.bob.id, "old_message", act="decide"):
        assert app.bob.submit({field: "1h"}) == {}
    app.bob.modal(OLD)
    assert app.record(ref).pending


def test_a_card_that_a_replica_of_the_earlier_version_still_drew_acts_on_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{DATA} 8h cleaning up")
    with refused(app, app.bob, "outdated", AGAIN):
        press(app.bob, "approve", ref, app.card(ref))
    app.approve(ref, app.bob)
