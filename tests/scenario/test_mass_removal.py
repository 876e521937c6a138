"""What looks removed all at once is held back until a person or the cloud says which it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.ram.state import AccountState
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time

GIVEN = (("carol", ENGINE), ("carol", DATA), ("carol", MONITOR), ("dave", ENGINE))
TOLD = "4 of 4 grants look removed all at once"


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as opened:
        yield opened


@pytest.fixture
def refs(app: AppHarness) -> list[str]:
    """Four grants of two people, and no other."""
    return give(app, GIVEN, app.bob)


def give(app: AppHarness, given: Sequence[tuple[str, str]], approver: SandboxPerson) -> list[str]:
    found = []
    for name, policy in given:
        found.append(app.asked(getattr(app, name), f"{policy} 8h rollout"))
        app.approve(found[-1], approver)
        app.comes_to_hold(name, policy)
        app.card(found[-1], "active")
    return found


def vanish(app: AppHarness, these: Sequence[tuple[str, str]] = GIVEN) -> AccountState:
    """RAM shows nobody any more of what was given; what it held is returned."""
    before: list[AccountState] = []

    def change(state: AccountState, now: float) -> None:
        before.append(state.copy())
        given = {(state.users[name].user_id, policy) for name, policy in these}
        for held in [each for each in state.attachments if (each[0].id, each[1].name) in given]:
            del state.attachments[held]

    app.sandbox.account.write(change)
    return before[0]


def come_back(app: AppHarness, before: AccountState) -> None:
    app.sandbox.account.write(lambda state, now: state.attachments.update(before.attachments))


def looked_at(app: AppHarness) -> None:
    """The bot compares, and looks twice at what it misses."""
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: missed(app) == len(GIVEN), "the bot to miss it")
    app.real_passes(LONG_ENOUGH)


def missed(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT id FROM grants WHERE state = 'active' AND missing_since_real IS NOT NULL")
    return len(rows)


def question(app: AppHarness, text: str = TOLD) -> SeenMessage:
    return app.until(
        lambda: next((each for each in app.bob.messages(APPROVALS) if text in each.plain), None),
        lambda: f"a notice with {text!r}; bob sees:\n{app.bob.screen_text()}",
    )


def states(app: AppHarness, refs: list[str]) -> set[str]:
    return {state for ref in refs for state in app.states(ref)}


def test_what_looks_removed_all_at_once_stays_active_and_comes_back_by_itself(app: AppHarness, refs: list[str]) -> None:
    before = vanish(app)
    looked_at(app)
    asked = question(app)
    assert "• *Engine* " in asked.plain or "Engine" in asked.plain
    assert asked.buttons == ["They were removed", "Check again"]
    for _ in range(3):
        app.real_passes(LONG_ENOUGH)
    assert states(app, refs) == {"active"}
    come_back(app, before)
    in_time(app, lambda: missed(app) == 0, "the bot to find it again")
    question(app, "Nothing looks removed any more")
    app.people.advance(8 * HOUR)
    for name, policy in GIVEN:
        in_time(app, lambda n=name, p=policy: not app.holds(n, p), f"{policy} to be taken back")


def test_an_approver_says_that_it_was_removed_and_it_ends(app: AppHarness, refs: list[str]) -> None:
    vanish(app)
    looked_at(app)
    app.bob.click("They were removed", question(app))
    for ref in refs:
        comes_to(app, ref, "ended")
    question(app, "confirmed that what looked removed was removed: 4 grants ended")
    app.dave.direct_message_with("was removed from RAM user")


def test_an_approver_has_it_looked_at_again_and_is_asked_again_where_it_is_still_so(
    app: AppHarness, refs: list[str]
) -> None:
    vanish(app)
    looked_at(app)
    first = question(app)
    app.bob.click("Check again", first)
    question(app, "has what looked removed checked again")
    in_time(app, lambda: missed(app) == len(GIVEN), "the bot to miss it again")
    app.real_passes(LONG_ENOUGH)
    assert question(app).ts != first.ts
    assert states(app, refs) == {"active"}


def test_nobody_but_an_approver_says_so(app: AppHarness, refs: list[str]) -> None:
    vanish(app)
    looked_at(app)
    notice = question(app)
    with app.ledger.read() as tx:
        known = notices.open_of(tx, NoticeKind.VANISHED)[0].id
    press(app.carol, "vanished_removed", known, notice)
    app.carol.ephemeral_with("cannot decide")
    assert states(app, refs) == {"active"}


def test_nobody_says_of_their_own_access_that_it_was_removed(app: AppHarness) -> None:
    """It would count as ended, and stay for good where it is still there."""
    given = (("carol", ENGINE), ("carol", DATA), ("bob", MONITOR), ("dave", ENGINE))
    mine = give(app, given, app.judy)
    before = vanish(app, given)
    looked_at(app)
    with refused(app, app.bob, "own_access", "so another approver decides", act="confirm"):
        app.bob.click("They were removed", question(app))
    assert states(app, mine) == {"active"}
    app.bob.click("Check again", question(app))
    come_back(app, before)
    in_time(app, lambda: missed(app) == 0, "the bot to find it again")


def test_what_runs_out_meanwhile_ends(app: AppHarness, refs: list[str]) -> None:
    vanish(app)
    looked_at(app)
    question(app)
    app.people.advance(8 * HOUR)
    for ref in refs:
        comes_to(app, ref, "ended")
    question(app, "Nothing looks removed any more")


def test_three_that_are_removed_by_hand_end_without_a_question(app: AppHarness, refs: list[str]) -> None:
    for name, policy in GIVEN[:3]:
        app.detach_by_hand(name, policy)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: missed(app) == 3, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    for ref in refs[:3]:
        comes_to(app, ref, "ended")
    assert app.states(refs[3]) == ["active"]
    assert TOLD not in app.bob.screen_text()
