"""A click means the request that the person saw, or nothing: the ledger is lost, restored, or there are two of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from approvals.ledger import open_ledger
from approvals.model import DAY
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
from tests.scenario.test_status_mend import authorised

ELSEWHERE = "This is from another record of this app than the one it works with now, so nothing was changed."
NOTICE = "Somebody clicked on a message from another record of this app"
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


def carols_old_card(office: AppHarness, address: str) -> SeenMessage:
    """Carol's request waits as R-1001; then the ledger is lost, and Dave's is R-1001 again."""
    assert office.asked(office.carol, f"{ENGINE} 8h rolling out") == "R-1001"
    old = office.card("R-1001")
    loses_its_ledger(office, address)
    assert office.asked(office.dave, f"{DATA} 8h cleaning up") == "R-1001"
    return old


def has(office: AppHarness, policy: str) -> str:
    """Carol has it; the reference of her request, which older cards may have as well."""
    ref = office.asked(office.carol, f"{policy} 8h rolling out")
    office.bob.click("Approve", office.cards()[-1])
    office.comes_to_hold("carol", policy)
    office.until(lambda: office.states(ref) == ["active"], f"{ref} to be active")
    return ref


def shown_now(office: AppHarness, message: SeenMessage, person: SandboxPerson | None = None) -> SeenMessage:
    found = (person or office.bob).messages(message.channel)
    return next(each for each in found if each.ts == message.ts)


def loses_its_buttons(office: AppHarness, message: SeenMessage, person: SandboxPerson | None = None) -> SeenMessage:
    office.until(lambda: not shown_now(office, message, person).buttons, "the message to lose its buttons")
    return shown_now(office, message, person)


@contextmanager
def answered_elsewhere(office: AppHarness, person: SandboxPerson, act: str) -> Iterator[None]:
    """Whatever is done inside changes nothing, and the person is told that it is about another record."""
    with refused(office, person, "other_record", ELSEWHERE, act=act):
        yield


@pytest.mark.parametrize("button", ["Approve", "Deny", "Approve with changes"])
def test_a_card_of_a_lost_ledger_decides_nothing_on_the_request_that_has_its_number_now(
    either: AppHarness, second: str, button: str
) -> None:
    office = either
    old = carols_old_card(office, second)
    with answered_elsewhere(office, office.bob, "decide"):
        office.bob.click(button, old)
    office.bob.no_modal()
    left = loses_its_buttons(office, old)
    assert "<@U0CAROL> asks for *Engine*" in left.plain and ELSEWHERE in left.plain
    assert office.record("R-1001").pending
    assert "Approve" in office.cards()[-1].buttons, "Dave's card keeps its own"


def test_the_details_of_a_card_of_a_lost_ledger_are_not_somebody_elses(office: AppHarness, second: str) -> None:
    old = carols_old_card(office, second)
    office.bob.click("Details", old)
    office.bob.ephemeral_with(ELSEWHERE)
    office.bob.no_modal()
    loses_its_buttons(office, old)


def test_what_failed_in_a_lost_ledger_is_not_tried_again_for_somebody_else(office: AppHarness, second: str) -> None:
    order = {"action": "AttachPolicyToUser", "fault": "error", "code": "LimitExceeded.User.Policy", "status": 409}
    office.people.order_ram({**order, "message": "The count is beyond the limit.", "times": 2})
    for person in (office.carol, office.dave):
        ref = office.asked(person, f"{ENGINE} 8h rolling out")
        office.approve(ref, office.bob)
        office.until(lambda ref=ref: office.states(ref) == ["failed"], f"{ref} to fail")
        if person.id == office.carol.id:
            old = office.card(ref, "needs attention")
            loses_its_ledger(office, second)
    with answered_elsewhere(office, office.bob, "retry"):
        office.bob.click("Try again", old)
    loses_its_buttons(office, old)
    assert office.states("R-1001") == ["failed"]


@pytest.mark.parametrize("button", ["Deny", "Approve with changes"])
def test_a_form_that_was_open_when_the_ledger_was_lost_says_so_in_place(
    either: AppHarness, second: str, button: str
) -> None:
    office = either
    office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.bob.click(button, office.card("R-1001"))
    field = {"Deny": "Why not?", "Approve with changes": "For how long"}[button]
    office.bob.modal(field)
    loses_its_ledger(office, second)
    office.asked(office.dave, f"{DATA} 8h cleaning up")
    with untouched(office, office.bob.id, "other_record", act="decide"):
        assert office.bob.submit({field: "1h"}) == {}
    told = office.bob.modal(ELSEWHERE)
    assert told.title == "Nothing was changed" and told.body["submit"] is None
    assert office.record("R-1001").pending


def test_the_request_form_that_was_open_when_the_ledger_was_lost_makes_a_new_request(
    office: AppHarness, second: str
) -> None:
    filled = {"What": ENGINE, "For how long": "8h", "Why": "rolling out"}
    office.carol.types("/pairec-access request")
    office.carol.fill(filled)
    loses_its_ledger(office, second)
    assert office.carol.submit() == {}
    office.card("R-1001", "<@U0CAROL> asks for")
    office.dave.types("/pairec-access request")
    assert office.dave.submit(filled) == {}
    office.card("R-1002", "<@U0DAVE> asks for")


def test_giving_back_what_a_lost_ledger_gave_ends_nothing_else(office: AppHarness, second: str) -> None:
    has(office, ENGINE)
    old = office.carol.direct_message_with("is active until")
    loses_its_ledger(office, second)
    has(office, DATA)
    with answered_elsewhere(office, office.carol, "revoke"):
        office.carol.click("Give back", old)
    loses_its_buttons(office, old, office.carol)
    assert office.states("R-1001") == ["active"] and office.holds("carol", DATA)


def test_cancelling_what_waited_in_a_lost_ledger_cancels_nothing_else(office: AppHarness, second: str) -> None:
    office.asked(office.carol, f"{ENGINE} 8h rolling out")
    old = office.carol.direct_message_with("you asked for")
    loses_its_ledger(office, second)
    office.asked(office.carol, f"{DATA} 8h cleaning up")
    with answered_elsewhere(office, office.carol, "cancel"):
        office.carol.click("Cancel request", old)
    loses_its_buttons(office, old, office.carol)
    assert office.record("R-1001").pending


def test_app_home_of_a_lost_ledger_is_drawn_anew(either: AppHarness, second: str) -> None:
    office = either
    office.asked(office.carol, f"{ENGINE} 8h rolling out")
    old = by_home(office.bob)
    loses_its_ledger(office, second)
    office.asked(office.dave, f"{DATA} 8h cleaning up")
    with answered_elsewhere(office, office.bob, "decide"):
        office.bob.click("Approve", old)
    assert DATA in office.bob.home("<@U0DAVE>").plain
    assert office.record("R-1001").pending


@pytest.mark.parametrize("line", ["list", "revoke R-1001 no longer needed"])
def test_a_private_answer_of_a_lost_ledger_is_replaced(office: AppHarness, second: str, line: str) -> None:
    has(office, ENGINE)
    office.carol.types(f"/pairec-access {line}")
    old = office.carol.wait_for(
        lambda _: next((m for m in office.carol.messages() if _gives_back(m)), None), "a button"
    )
    loses_its_ledger(office, second)
    has(office, DATA)
    with untouched(office, office.carol.id, "other_record", act="revoke"):
        office.carol.click("Give back", old)
    left = loses_its_buttons(office, old, office.carol)
    assert ELSEWHERE in left.plain
    assert office.holds("carol", DATA)


def _gives_back(message: SeenMessage) -> bool:
    return message.ephemeral and "Give back" in message.buttons


def test_taking_back_on_a_board_of_a_lost_ledger_takes_back_nothing_else(office: AppHarness, second: str) -> None:
    authorised(office)
    old = status(office, office.bob)
    loses_its_ledger(office, second)
    has(office, ENGINE)
    with answered_elsewhere(office, office.bob, "revoke"):
        office.bob.click("Take back", old)
    loses_its_buttons(office, old)
    assert office.holds("carol", ENGINE)


def test_a_notice_of_a_lost_ledger_confirms_nobody(office: AppHarness, second: str) -> None:
    office.attach_by_hand("dave", ADMIN)
    office.look_at_admins()
    old = office.bob.message_with("Confirm as approver", APPROVALS)
    loses_its_ledger(office, second)
    with answered_elsewhere(office, office.bob, "confirm"):
        office.bob.click("Confirm as approver", old)
    loses_its_buttons(office, old)


def test_a_number_that_a_restored_backup_uses_again_means_no_other_request(office: AppHarness, tmp_path: Path) -> None:
    kept = office.asked(office.frank, f"{ENGINE} 8h on call")
    office.until(lambda: "card posted" in office.events(kept), "it to be known where the card is")
    backup = backed_up(office, tmp_path)
    assert office.asked(office.carol, f"{ENGINE} 8h rolling out") == "R-1002"
    old, old_mine = office.card("R-1002"), office.carol.direct_message_with("you asked for")
    restores(office, backup)
    assert office.asked(office.dave, f"{DATA} 8h cleaning up") == "R-1002"
    with answered_elsewhere(office, office.bob, "decide"):
        office.bob.click("Approve", old)
    with answered_elsewhere(office, office.carol, "cancel"):
        office.carol.click("Cancel request", old_mine)
    loses_its_buttons(office, old)
    assert office.record("R-1002").pending
    # What the backup has is what people saw, and can be decided on.
    office.approve(kept, office.bob)
    office.comes_to_hold("frank", ENGINE)


@pytest.mark.timeout(120)
def test_of_two_programs_with_ledgers_of_their_own_each_acts_on_its_own_requests_alone(
    office: AppHarness, second: str
) -> None:
    with ExitStack() as stack:
        other = open_ledger(second)
        stack.callback(other.close)
        link_the_cast(open_ledger(second), office.sandbox)
        parts = office.parts(office.environment())
        parts.ledger.close()
        parts.ledger = open_ledger(second)
        program = Program(parts)
        program.start()
        stack.callback(parts.ledger.close)
        stack.callback(program.stop, 2.0)
        # Each payload goes to one of them, in turn.
        for person in (office.carol, office.dave):
            person.types(f"/pairec-access request {ENGINE} 8h rolling out")
        cards = office.until(lambda: found if len(found := office.cards()) == 2 else None, "a card of each program")
        assert [card.plain.split()[0] for card in cards] == ["R-1001", "R-1001"]
        of_carol = next(card for card in cards if "<@U0CAROL> asks" in card.plain)
        for _ in range(2):
            office.bob.click("Approve", of_carol)
        office.comes_to_hold("carol", ENGINE)
        office.bob.ephemeral_with(ELSEWHERE)
        assert not office.holds("dave", ENGINE)
        waits = []
        for ledger in (office.ledger, other):
            with ledger.read() as tx:
                record = request_view.read(tx, 1001)
                assert record is not None
                waits += [record.request.subject] if record.pending else []
        assert waits == ["U0DAVE"]


def notices(office: AppHarness) -> list[SeenMessage]:
    return [message for message in office.bob.messages(APPROVALS) if NOTICE in message.plain]


def test_the_first_such_click_is_told_in_the_approvals_channel_and_the_log_once(
    office: AppHarness, second: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    old = carols_old_card(office, second)
    for person, button in ((office.bob, "Approve"), (office.judy, "Approve"), (office.judy, "Details")):
        person.click(button, old)
        person.ephemeral_with(ELSEWHERE)
    office.until(lambda: notices(office), "the notice")
    refs = [office.asked(office.carol, f"{DATA} 1h later")]
    assert len(notices(office)) == 1, refs
    warned = [record for record in caplog.records if "of another ledger" in record.message]
    assert len(warned) == 1
    assert [entry["what"] for entry in audit_trail(office) if entry["event"] == "notice raised"] == ["other_ledger"]


def test_the_notice_is_over_after_a_day_without_such_a_click_and_comes_again_with_the_next(
    office: AppHarness, second: str
) -> None:
    old = carols_old_card(office, second)
    office.bob.click("Approve", old)
    office.until(lambda: notices(office), "the notice")
    office.people.advance(DAY / 1_000 - HOUR)
    office.bob.click("Approve", old)
    office.people.advance(2 * HOUR)
    office.card("R-1001", "expired")
    assert "Over since" not in notices(office)[0].plain, "somebody clicked meanwhile"
    office.people.advance(DAY / 1_000)
    office.until(lambda: "Over since" in notices(office)[0].plain, "the notice to be over")
    office.bob.click("Approve", old)
    office.until(lambda: len(notices(office)) == 2, "another notice")


def test_a_message_that_slack_does_not_let_be_changed_is_answered_all_the_same(office: AppHarness, second: str) -> None:
    old = carols_old_card(office, second)
    office.people.order_slack({"fault": "error", "method": "chat.update", "error": "cant_update_message", "times": 1})
    with answered_elsewhere(office, office.bob, "decide"):
        office.bob.click("Approve", old)
    assert "Approve" in shown_now(office, old).buttons
    with answered_elsewhere(office, office.judy, "decide"):
        office.judy.click("Approve", old)
    loses_its_buttons(office, old)


def test_a_typed_command_shows_what_its_number_means_before_it_changes_it(office: AppHarness) -> None:
    waits = office.asked(office.carol, f"{DATA} 8h cleaning up")
    runs = office.asked(office.carol, f"{ENGINE} @dave 8h rolling out")
    office.approve(runs, office.bob)
    office.card(runs, "active")
    before = {ref: office.record(ref) for ref in (waits, runs)}
    office.carol.types(f"/pairec-access cancel {waits}")
    shown = office.carol.ephemeral_with("It waits for a decision.")
    assert shown.plain.startswith(f"*{waits}* · *Data management* (`{DATA}`) for <@U0CAROL> as RAM user `carol`, 8h")
    office.bob.types(f"/pairec-access revoke {runs} <!channel> leak & more")
    takes = office.bob.ephemeral_with("Active until")
    assert takes.plain.startswith(f"*{runs}* · *Engine* (`{ENGINE}`) for <@U0DAVE> as RAM user `dave`, 8h")
    assert "<!channel> leak & more" in takes.plain and "channel" not in takes.mentions
    linked_to(office, office.carol, "You are RAM user `carol` here")
    assert {ref: office.record(ref) for ref in (waits, runs)} == before
    office.carol.click("Cancel request", shown)
    office.card(waits, "cancelled")
    office.bob.click("Take back", takes)
    office.comes_to_lose("dave", ENGINE)
    assert "<!channel> leak & more" in office.card(runs, "ended").plain
    for person, message in ((office.carol, shown), (office.bob, takes)):
        assert "R-100" in loses_its_buttons(office, message, person).plain, "the answer stands in its place"


def test_the_list_keeps_what_else_is_in_it_when_something_of_it_is_given_back(office: AppHarness) -> None:
    office.asked(office.carol, f"{DATA} 8h cleaning up")
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.approve(ref, office.bob)
    office.card(ref, "active")
    listed = by_list(office.carol)
    office.carol.click("Give back", listed)
    office.comes_to_lose("carol", ENGINE)
    assert "Cancel request" in shown_now(office, listed, office.carol).buttons
