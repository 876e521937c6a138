"""Whoever had a role that the bot's replaced has it again, at whatever point of the giving or the taking the bot dies.

`make test` tries some of the points; PAIREC_TESTS_EVERY_POINT=1 tries all of them, and PAIREC_TESTS_FIRST_POINT begins
where a failure says.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest

from bot.sandbox.client import NotDone
from tests.harness.app import HOUR
from tests.harness.crashing_app import CrashingApp
from tests.scenario.members.asking import FLINK_PLACE, catalog_that_gives_all, flink_role

ITEM = "flink-editor@ranking"
EVERY_POINT = os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1"
FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
STEP = 1 if EVERY_POINT else 7

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800 if EVERY_POINT else 240),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.mark.parametrize("before", ["VIEWER", None])
def test_whoever_had_a_role_before_has_it_again_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, before: str | None
) -> None:
    at, came = (FIRST_POINT - 1) % STEP + 1, True
    with CrashingApp(tmp_path, catalog_that_gives_all(tmp_path), pace=10.0, members=True) as app:
        if before:
            app.sandbox.membership.give("flink", FLINK_PLACE, "carol", before)
        while came:
            ref = app.asked(app.carol, f"{ITEM} 1h rollout")
            app.settle()
            app.points.die_after(at)
            came = _is_given(app, ref)
            assert flink_role(app) == "EDITOR", f"killed at {at}"
            app.points.die_after(at)
            came = _is_taken(app, ref) or came
            assert flink_role(app) == before, f"killed at {at}"
            assert app.chain_holds()
            at += STEP
    assert at > 15, "hardly any points were counted"


def _is_given(app: CrashingApp, ref: str) -> bool:
    """Whether the bot came to its point."""
    while app.states(ref) != ["active"]:
        if app.record(ref).pending:
            # Perhaps once more: the bot need not have lived to record the click.
            with suppress(NotDone):
                app.bob.click("Approve", app.card(ref, "needs approval"))
        came = _lived(app, ref, "active")
    return came


def _is_taken(app: CrashingApp, ref: str) -> bool:
    app.people.advance(HOUR + 1)
    came = _lived(app, ref, "ended")
    assert app.states(ref) == ["ended"]
    return came


def _lived(app: CrashingApp, ref: str, state: str) -> bool:
    """Wait until the bot is dead or has done it; whether it died. All that is left to do is done then."""
    with suppress(AssertionError):
        app.until(lambda: app.points.dead or app.states(ref) == [state], f"{ref} to be {state}", 10.0)
    came = app.points.dead
    app.settle()
    return came
