"""A permission in a database comes once, after its user, and both are gone at the end, at whatever point of the giving
or the taking the bot dies; and so a drop that is refused is told once.

`make test` tries some of the points; PAIREC_TESTS_EVERY_POINT=1 tries all of them, and PAIREC_TESTS_FIRST_POINT begins
where a failure says.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from bot.sandbox.client import NotDone
from bot.sandbox.products.members.hologres import RANKING
from tests.harness.app import APPROVALS, HOUR
from tests.harness.crashing_app import CrashingApp
from tests.scenario.members.asking import user_id

ITEM = "hologres-viewer@ranking"
DATABASE = f"{RANKING}/ranking"
EVERY_POINT = os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1"
FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
STEP = 1 if EVERY_POINT else 11

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800 if EVERY_POINT else 280),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


def has(app: CrashingApp) -> tuple[bool, bool]:
    """Whether carol is a user of the instance, and whether she has the permission."""
    places, carol = app.sandbox.membership, user_id(app, "carol")
    return carol in places.place("hologres", RANKING).members, bool(
        (found := places.place("hologres_database", DATABASE).members.get(carol)) and "viewer" in found.roles
    )


def test_both_come_and_go_although_the_bot_is_killed_at_any_point(tmp_path: Path) -> None:
    at, came = (FIRST_POINT - 1) % STEP + 1, True
    with CrashingApp(tmp_path, pace=10.0, members=True) as app:
        while came:
            ref = app.asked(app.carol, f"{ITEM} 1h rollout")
            app.settle()
            app.points.die_after(at)
            came = _is_given(app, ref)
            assert has(app) == (True, True), f"killed at {at}"
            app.points.die_after(at)
            app.people.advance(HOUR + 1)
            came = _lived(app, ref, {"ended"}) or came
            assert set(app.states(ref)) == {"ended"}, f"killed at {at}"
            assert has(app) == (False, False), f"killed at {at}"
            assert app.chain_holds()
            at += STEP
    assert at > 15, "hardly any points were counted"


def test_a_refused_drop_is_told_once_although_the_bot_is_killed_at_any_point(tmp_path: Path) -> None:
    at, came = (FIRST_POINT - 1) % STEP + 1, True
    with CrashingApp(tmp_path, pace=10.0, members=True) as app:
        while came:
            ref = app.asked(app.carol, f"{ITEM} 1h rollout")
            app.settle()
            _is_given(app, ref)
            _owns_a_table(app, True)
            app.points.die_after(at)
            app.people.advance(HOUR + 1)
            came = _lived(app, ref, {"ending", "ended"})
            app.until(lambda: len(_told(app)) == 1, f"one notice; killed at {at}")
            assert has(app) == (True, False), f"killed at {at}"
            _owns_a_table(app, False)
            app.bob.click("Retry", app.bob.message_with("who is to be removed", APPROVALS))
            assert not _lived(app, ref, {"ended"}) and set(app.states(ref)) == {"ended"}, f"killed at {at}"
            assert has(app) == (False, False) and _told(app) == []
            assert app.chain_holds()
            at += STEP
    assert at > 15, "hardly any points were counted"


def _told(app: CrashingApp) -> list[str]:
    with app.ledger.read() as tx:
        return [each.id for each in notices.open_of(tx, NoticeKind.BLOCKED_END)]


def _owns_a_table(app: CrashingApp, owns: bool) -> None:
    membership = app.sandbox.membership
    instance = membership.hologres.started(RANKING, membership.read())
    instance.own_table(f"p4_{user_id(app, 'carol')}", "ranking", "scores", owns)


def _is_given(app: CrashingApp, ref: str) -> bool:
    """Whether the bot came to its point."""
    came = False
    while set(app.states(ref)) != {"active"}:
        if app.record(ref).pending:
            # Perhaps once more: the bot need not have lived to record the click.
            with suppress(NotDone):
                app.bob.click("Approve", app.card(ref, "needs approval"))
        came = _lived(app, ref, {"active"}) or came
    return came


def _lived(app: CrashingApp, ref: str, states: set[str]) -> bool:
    """Wait until the bot is dead or has done it; whether it died. All that is left to do is done then."""
    with suppress(AssertionError):
        app.until(lambda: app.points.dead or set(app.states(ref)) == states, f"{ref} to be {states}", 10.0)
    came = app.points.dead
    app.settle()
    return came
