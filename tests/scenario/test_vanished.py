"""What looks removed all at once is held back until a person or the cloud says which it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from approvals.ledger import notices
from approvals.reconcile.mass_removal import VANISHED
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.ram.state import AccountState
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time

GIVEN = (("carol", ENGINE), ("carol", DATA), ("carol", MONITOR), ("dave", ENGINE))
TOLD = "4 of 4 grants look removed all at once"


@pytest.fixture
def office(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


@pytest.fixture
def refs(office: AppHarness) -> list[str]:
    """Four grants of two people, and no other."""
    return give(office, GIVEN, office.bob)


def give(office: AppHarness, given: Sequence[tuple[str, str]], approver: SandboxPerson) -> list[str]:
    found = []
    for name, policy in given:
        found.append(office.asked(getattr(office, name), f"{policy} 8h rollout"))
        office.approve(found[-1], approver)
        office.comes_to_hold(name, policy)
        office.card(found[-1], "active")
    return found


def vanish(office: AppHarness, these: Sequence[tuple[str, str]] = GIVEN) -> AccountState:
    """RAM shows nobody any more of what was given; what it held is returned."""
    before: list[AccountState] = []

    def change(state: AccountState, now: float) -> None:
        before.append(state.copy())
        given = {(state.users[name].user_id, policy) for name, policy in these}
        for held in [each for each in state.attachments if (each[0].id, each[1].name) in given]:
            del state.attachments[held]

    office.sandbox.account.write(change)
    return before[0]


def come_back(office: AppHarness, before: AccountState) -> None:
    office.sandbox.account.write(lambda state, now: state.attachments.update(before.attachments))


def looked_at(office: AppHarness) -> None:
    """The bot compares, and looks twice at what it misses."""
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: missed(office) == len(GIVEN), "the bot to miss it")
    office.real_passes(LONG_ENOUGH)


def missed(office: AppHarness) -> int:
    with office.ledger.read() as tx:
        rows = tx.rows("SELECT id FROM grants WHERE state = 'active' AND missing_since_real IS NOT NULL")
    return len(rows)


def question(office: AppHarness, text: str = TOLD) -> SeenMessage:
    return office.until(
        lambda: next((each for each in office.bob.messages(APPROVALS) if text in each.plain), None),
        lambda: f"a notice with {text!r}; bob sees:\n{office.bob.sees()}",
    )


def states(office: AppHarness, refs: list[str]) -> set[str]:
    return {state for ref in refs for state in office.states(ref)}


def test_what_looks_removed_all_at_once_stays_active_and_comes_back_by_itself(
    office: AppHarness, refs: list[str]
) -> None:
    before = vanish(office)
    looked_at(office)
    asked = question(office)
    assert "• *Engine* " in asked.plain or "Engine" in asked.plain
    assert asked.buttons == ["They were removed", "Look again"]
    for _ in range(3):
        office.real_passes(LONG_ENOUGH)
    assert states(office, refs) == {"active"}
    come_back(office, before)
    in_time(office, lambda: missed(office) == 0, "the bot to find it again")
    question(office, "Nothing of what looked removed does so any more")
    office.people.advance(8 * HOUR)
    for name, policy in GIVEN:
        in_time(office, lambda n=name, p=policy: not office.holds(n, p), f"{policy} to be taken back")


def test_an_approver_says_that_it_was_removed_and_it_ends(office: AppHarness, refs: list[str]) -> None:
    vanish(office)
    looked_at(office)
    office.bob.click("They were removed", question(office))
    for ref in refs:
        comes_to(office, ref, "ended")
    question(office, "says that what looked removed was removed: 4 grants ended")
    office.dave.direct_message_with("was removed from RAM user")


def test_an_approver_has_it_looked_at_again_and_is_asked_again_where_it_is_still_so(
    office: AppHarness, refs: list[str]
) -> None:
    vanish(office)
    looked_at(office)
    first = question(office)
    office.bob.click("Look again", first)
    question(office, "has what looked removed looked at again")
    in_time(office, lambda: missed(office) == len(GIVEN), "the bot to miss it again")
    office.real_passes(LONG_ENOUGH)
    assert question(office).ts != first.ts
    assert states(office, refs) == {"active"}


def test_nobody_but_an_approver_says_so(office: AppHarness, refs: list[str]) -> None:
    vanish(office)
    looked_at(office)
    notice = question(office)
    with office.ledger.read() as tx:
        known = notices.open_of(tx, VANISHED)[0].id
    press(office.carol, "vanished_removed", known, notice)
    office.carol.ephemeral_with("cannot decide")
    assert states(office, refs) == {"active"}


def test_nobody_says_of_their_own_access_that_it_was_removed(office: AppHarness) -> None:
    """It would count as ended, and stay for good where it is still there."""
    given = (("carol", ENGINE), ("carol", DATA), ("bob", MONITOR), ("dave", ENGINE))
    mine = give(office, given, office.judy)
    before = vanish(office, given)
    looked_at(office)
    with refused(office, office.bob, "own_access", "for another approver to say", act="confirm"):
        office.bob.click("They were removed", question(office))
    assert states(office, mine) == {"active"}
    office.bob.click("Look again", question(office))
    come_back(office, before)
    in_time(office, lambda: missed(office) == 0, "the bot to find it again")


def test_what_runs_out_meanwhile_ends(office: AppHarness, refs: list[str]) -> None:
    vanish(office)
    looked_at(office)
    question(office)
    office.people.advance(8 * HOUR)
    for ref in refs:
        comes_to(office, ref, "ended")
    question(office, "Nothing of what looked removed does so any more")


def test_three_that_are_removed_by_hand_end_without_a_question(office: AppHarness, refs: list[str]) -> None:
    for name, policy in GIVEN[:3]:
        office.detach_by_hand(name, policy)
    office.people.advance(COMPARED_EVERY)
    in_time(office, lambda: missed(office) == 3, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    for ref in refs[:3]:
        comes_to(office, ref, "ended")
    assert office.states(refs[3]) == ["active"]
    assert TOLD not in office.bob.sees()
