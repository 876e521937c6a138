"""A click means the request that the person saw, or nothing: the ledger is lost, restored, or there are two of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from approvals.millis import DAY
from approvals.queries import request_view
from bot.program import Program
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.process import link_the_cast
from tests.harness.app import ADMIN, APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.boards import status
from tests.harness.lost_ledgers import backed_up, loses_its_ledger, restores
from tests.harness.refusals import audit_trail, refused, untouched
from tests.scenario.claiming import linked_to
from tests.scenario.test_lists_and_home import by_home, by_list
from tests.scenario.test_status_repair import authorised

ELSEWHERE = "This is from another record of this app, so nothing was changed."
NOTICE = "Somebody clicked a message from another record of this app"
HTTP = {"PAIREC_SLACK_MODE": "http", "SLACK_APP_TOKEN": ""}
ACTS = {"Approve": "decide", "Deny": "decide", "Approve with changes": "decide"}


@pytest.fixture
def second(tmp_path: Path) -> str:
    """The address of a ledger that is not there yet."""
    return f"sqlite:///{tmp_path / 'second.db'}"


@pytest.fixture(params=[{}, HTTP], ids=["socket", "http"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, request.param, pace=10.0) as opened:
        yield opened


def carols_old_card(app: AppHarness, address: str) -> SeenMessage:
    """Carol's request waits as R-1001; then the ledger is lost, and Dave's is R-1001 again."""
    assert app.asked(app.carol, f"{ENGINE} 8h rolling out") == "R-1001"
    old = app.card("R-1001")
    loses_its_ledger(app, address)
    assert app.asked(app.dave, f"{DATA} 8h cleaning up") == "R-1001"
    return old


def has(app: AppHarness, policy: str) -> str:
    """Carol has it; the reference of her request, which older cards may have as well."""
    ref = app.asked(app.carol, f"{policy} 8h rolling out")
    app.bob.click("Approve", app.cards()[-1])
    app.comes_to_hold("carol", policy)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    return ref


def shown_now(app: AppHarness, message: SeenMessage, person: SandboxPerson | None = None) -> SeenMessage:
    found = (person or app.bob).messages(message.channel)
    return next(each for each in found if each.ts == message.ts)


def loses_its_buttons(app: AppHarness, message: SeenMessage, person: SandboxPerson | None = None) -> SeenMessage:
    app.until(lambda: not shown_now(app, message, person).buttons, "the message to lose its buttons")
    return shown_now(app, message, person)


@contextmanager
def answered_elsewhere(app: AppHarness, person: SandboxPerson, act: str) -> Iterator[None]:
    """Whatever is done inside changes nothing, and the person is told that it is about another record."""
    with refused(app, person, "other_record", ELSEWHERE, act=act):
        yield


@pytest.mark.parametrize("button", ["Approve", "Deny", "Approve with changes"])
def test_a_card_of_a_lost_ledger_decides_nothing_on_the_request_that_has_its_number_now(
    either: AppHarness, second: str, button: str
) -> None:
    app = either
    old = carols_old_card(app, second)
    with answered_elsewhere(app, app.bob, "decide"):
        app.bob.click(button, old)
    app.bob.no_modal()
    left = loses_its_buttons(app, old)
    assert "<@U0CAROL> requests *Engine*" in left.plain and ELSEWHERE in left.plain
    assert app.record("R-1001").pending
    assert "Approve" in app.cards()[-1].buttons, "Dave's card keeps its own"


def test_the_details_of_a_card_of_a_lost_ledger_are_not_somebody_elses(app: AppHarness, second: str) -> None:
    old = carols_old_card(app, second)
    app.bob.click("Details", old)
    app.bob.ephemeral_with(ELSEWHERE)
    app.bob.no_modal()
    loses_its_buttons(app, old)


def test_what_failed_in_a_lost_ledger_is_not_tried_again_for_somebody_else(app: AppHarness, second: str) -> None:
    order = {"action": "AttachPolicyToUser", "fault": "error", "code": "LimitExceeded.User.Policy", "status": 409}
    app.people.inject_ram_fault({**order, "message": "The count is beyond the limit.", "times": 2})
    for person in (app.carol, app.dave):
        ref = app.asked(person, f"{ENGINE} 8h rolling out")
        app.approve(ref, app.bob)
        app.until(lambda ref=ref: app.states(ref) == ["failed"], f"{ref} to fail")
        if person.id == app.carol.id:
            old = app.card(ref, "needs attention")
            loses_its_ledger(app, second)
    with answered_elsewhere(app, app.bob, "retry"):
        app.bob.click("Retry", old)
    loses_its_buttons(app, old)
    assert app.states("R-1001") == ["failed"]


@pytest.mark.parametrize("button", ["Deny", "Approve with changes"])
def test_a_form_that_was_open_when_the_ledger_was_lost_says_so_in_place(
    either: AppHarness, second: str, button: str
) -> None:
    app = either
    app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.bob.click(button, app.card("R-1001"))
    field = {"Deny": "Reason", "Approve with changes": "Duration"}[button]
    app.bob.modal(field)
    loses_its_ledger(app, second)
    app.asked(app.dave, f"{DATA} 8h cleaning up")
    with untouched(app, app.bob.id, "other_record", act="decide"):
        assert app.bob.submit({field: "1h"}) == {}
    told = app.bob.modal(ELSEWHERE)
    assert told.title == "Nothing was changed" and told.body["submit"] is None
    assert app.record("R-1001").pending


def test_the_request_form_that_was_open_when_the_ledger_was_lost_makes_a_new_request(
    app: AppHarness, second: str
) -> None:
    filled = {"What": ENGINE, "Duration": "8h", "Reason": "rolling out"}
    app.carol.type("/pairec-access request")
    app.carol.fill(filled)
    loses_its_ledger(app, second)
    assert app.carol.submit() == {}
    app.card("R-1001", "<@U0CAROL> requests")
    app.dave.type("/pairec-access request")
    assert app.dave.submit(filled) == {}
    app.card("R-1002", "<@U0DAVE> requests")


def test_giving_back_what_a_lost_ledger_gave_ends_nothing_else(app: AppHarness, second: str) -> None:
    has(app, ENGINE)
    old = app.carol.direct_message_with("is active until")
    loses_its_ledger(app, second)
    has(app, DATA)
    with answered_elsewhere(app, app.carol, "revoke"):
        app.carol.click("End access", old)
    loses_its_buttons(app, old, app.carol)
    assert app.states("R-1001") == ["active"] and app.holds("carol", DATA)


def test_cancelling_what_waited_in_a_lost_ledger_cancels_nothing_else(app: AppHarness, second: str) -> None:
    app.asked(app.carol, f"{ENGINE} 8h rolling out")
    old = app.carol.direct_message_with("you requested")
    loses_its_ledger(app, second)
    app.asked(app.carol, f"{DATA} 8h cleaning up")
    with answered_elsewhere(app, app.carol, "cancel"):
        app.carol.click("Cancel request", old)
    loses_its_buttons(app, old, app.carol)
    assert app.record("R-1001").pending


def test_app_home_of_a_lost_ledger_is_drawn_anew(either: AppHarness, second: str) -> None:
    app = either
    app.asked(app.carol, f"{ENGINE} 8h rolling out")
    old = by_home(app.bob)
    loses_its_ledger(app, second)
    app.asked(app.dave, f"{DATA} 8h cleaning up")
    with answered_elsewhere(app, app.bob, "decide"):
        app.bob.click("Approve", old)
    assert DATA in app.bob.home("<@U0DAVE>").plain
    assert app.record("R-1001").pending


@pytest.mark.parametrize("line", ["list", "revoke R-1001 no longer needed"])
def test_a_private_answer_of_a_lost_ledger_is_replaced(app: AppHarness, second: str, line: str) -> None:
    has(app, ENGINE)
    app.carol.type(f"/pairec-access {line}")
    old = app.carol.wait_for(lambda _: next((m for m in app.carol.messages() if _gives_back(m)), None), "a button")
    loses_its_ledger(app, second)
    has(app, DATA)
    with untouched(app, app.carol.id, "other_record", act="revoke"):
        app.carol.click("End access", old)
    left = loses_its_buttons(app, old, app.carol)
    assert ELSEWHERE in left.plain
    assert app.holds("carol", DATA)


def _gives_back(message: SeenMessage) -> bool:
    return message.ephemeral and "End access" in message.buttons


def test_taking_back_on_a_board_of_a_lost_ledger_takes_back_nothing_else(app: AppHarness, second: str) -> None:
    authorised(app)
    old = status(app, app.bob)
    loses_its_ledger(app, second)
    has(app, ENGINE)
    with answered_elsewhere(app, app.bob, "revoke"):
        app.bob.click("Revoke", old)
    loses_its_buttons(app, old)
    assert app.holds("carol", ENGINE)


def test_a_notice_of_a_lost_ledger_confirms_nobody(app: AppHarness, second: str) -> None:
    app.attach_by_hand("dave", ADMIN)
    app.look_at_admins()
    old = app.bob.message_with("Confirm as approver", APPROVALS)
    loses_its_ledger(app, second)
    with answered_elsewhere(app, app.bob, "confirm"):
        app.bob.click("Confirm as approver", old)
    loses_its_buttons(app, old)


def test_a_number_that_a_restored_backup_uses_again_means_no_other_request(app: AppHarness, tmp_path: Path) -> None:
    kept = app.asked(app.frank, f"{ENGINE} 8h on call")
    app.until(lambda: "card posted" in app.events(kept), "it to be known where the card is")
    backup = backed_up(app, tmp_path)
    assert app.asked(app.carol, f"{ENGINE} 8h rolling out") == "R-1002"
    old, old_mine = app.card("R-1002"), app.carol.direct_message_with("you requested")
    restores(app, backup)
    assert app.asked(app.dave, f"{DATA} 8h cleaning up") == "R-1002"
    with answered_elsewhere(app, app.bob, "decide"):
        app.bob.click("Approve", old)
    with answered_elsewhere(app, app.carol, "cancel"):
        app.carol.click("Cancel request", old_mine)
    loses_its_buttons(app, old)
    assert app.record("R-1002").pending
    # What the backup has is what people saw, and can be decided on.
    app.approve(kept, app.bob)
    app.comes_to_hold("frank", ENGINE)


@pytest.mark.timeout(120)
def test_of_two_programs_with_ledgers_of_their_own_each_acts_on_its_own_requests_alone(
    app: AppHarness, second: str
) -> None:
    with ExitStack() as stack:
        other = open_ledger(second)
        stack.callback(other.close)
        link_the_cast(open_ledger(second), app.sandbox)
        parts = app.parts(app.environment())
        parts.ledger.close()
        parts.ledger = open_ledger(second)
        program = Program(parts)
        program.start()
        stack.callback(parts.ledger.close)
        stack.callback(program.stop, 2.0)
        # Each payload goes to one of them, in turn.
        for person in (app.carol, app.dave):
            person.type(f"/pairec-access request {ENGINE} 8h rolling out")
        cards = app.until(lambda: found if len(found := app.cards()) == 2 else None, "a card of each program")
        assert [card.plain.split()[0] for card in cards] == ["R-1001", "R-1001"]
        of_carol = next(card for card in cards if "<@U0CAROL> requests" in card.plain)
        for _ in range(2):
            app.bob.click("Approve", of_carol)
        app.comes_to_hold("carol", ENGINE)
        app.bob.ephemeral_with(ELSEWHERE)
        assert not app.holds("dave", ENGINE)
        waits = []
        for ledger in (app.ledger, other):
            with ledger.read() as tx:
                record = request_view.read(tx, 1001)
                assert record is not None
                waits += [record.request.subject] if record.pending else []
        assert waits == ["U0DAVE"]


def notices(app: AppHarness) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if NOTICE in message.plain]


def test_the_first_such_click_is_told_in_the_approvals_channel_and_the_log_once(
    app: AppHarness, second: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    old = carols_old_card(app, second)
    for person, button in ((app.bob, "Approve"), (app.judy, "Approve"), (app.judy, "Details")):
        person.click(button, old)
        person.ephemeral_with(ELSEWHERE)
    app.until(lambda: notices(app), "the notice")
    refs = [app.asked(app.carol, f"{DATA} 1h later")]
    assert len(notices(app)) == 1, refs
    warned = [record for record in caplog.records if "of another ledger" in record.message]
    assert len(warned) == 1
    assert [entry["what"] for entry in audit_trail(app) if entry["event"] == "notice raised"] == ["other_ledger"]


def test_the_notice_is_over_after_a_day_without_such_a_click_and_comes_again_with_the_next(
    app: AppHarness, second: str
) -> None:
    old = carols_old_card(app, second)
    app.bob.click("Approve", old)
    app.until(lambda: notices(app), "the notice")
    app.people.advance(DAY / 1_000 - HOUR)
    app.bob.click("Approve", old)
    app.people.advance(2 * HOUR)
    app.card("R-1001", "expired")
    assert "Over since" not in notices(app)[0].plain, "somebody clicked meanwhile"
    app.people.advance(DAY / 1_000)
    app.until(lambda: "Over since" in notices(app)[0].plain, "the notice to be over")
    app.bob.click("Approve", old)
    app.until(lambda: len(notices(app)) == 2, "another notice")


def test_a_message_that_slack_does_not_let_be_changed_is_answered_all_the_same(app: AppHarness, second: str) -> None:
    old = carols_old_card(app, second)
    app.people.inject_slack_fault(
        {"fault": "error", "method": "chat.update", "error": "cant_update_message", "times": 1}
    )
    with answered_elsewhere(app, app.bob, "decide"):
        app.bob.click("Approve", old)
    assert "Approve" in shown_now(app, old).buttons
    with answered_elsewhere(app, app.judy, "decide"):
        app.judy.click("Approve", old)
    loses_its_buttons(app, old)


def test_a_typed_command_shows_what_its_number_means_before_it_changes_it(app: AppHarness) -> None:
    waits = app.asked(app.carol, f"{DATA} 8h cleaning up")
    runs = app.asked(app.carol, f"{ENGINE} @dave 8h rolling out")
    app.approve(runs, app.bob)
    app.card(runs, "active")
    before = {ref: app.record(ref) for ref in (waits, runs)}
    app.carol.type(f"/pairec-access cancel {waits}")
    shown = app.carol.ephemeral_with("It is pending.")
    assert shown.plain.startswith(f"*{waits}* · *Data management* (`{DATA}`) for <@U0CAROL> as RAM user `carol`, 8h")
    app.bob.type(f"/pairec-access revoke {runs} <!channel> leak & more")
    takes = app.bob.ephemeral_with("Active until")
    assert takes.plain.startswith(f"*{runs}* · *Engine* (`{ENGINE}`) for <@U0DAVE> as RAM user `dave`, 8h")
    assert "<!channel> leak & more" in takes.plain and "channel" not in takes.mentions
    linked_to(app, app.carol, "You are RAM user `carol`")
    assert {ref: app.record(ref) for ref in (waits, runs)} == before
    app.carol.click("Cancel request", shown)
    app.card(waits, "cancelled")
    app.bob.click("Revoke", takes)
    app.comes_to_lose("dave", ENGINE)
    assert "<!channel> leak & more" in app.card(runs, "ended").plain
    for person, message in ((app.carol, shown), (app.bob, takes)):
        assert "R-100" in loses_its_buttons(app, message, person).plain, "the answer stands in its place"


def test_the_list_keeps_what_else_is_in_it_when_something_of_it_is_given_back(app: AppHarness) -> None:
    app.asked(app.carol, f"{DATA} 8h cleaning up")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    listed = by_list(app.carol)
    app.carol.click("End access", listed)
    app.comes_to_lose("carol", ENGINE)
    assert "Cancel request" in shown_now(app, listed, app.carol).buttons
