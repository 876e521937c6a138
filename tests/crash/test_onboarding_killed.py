"""What somebody does by hand while a bot is dead that was making a RAM user, and whoever leaves while it dies.

It dies in this process: from then on nothing that it tries has any effect, and nothing but the ledger is left. What is
killed in earnest is in test_killed_at_every_point.py. Some of the points are tried, others each time.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from bot.sandbox.client import NotDone, SandboxPerson
from tests.harness.app import APPROVALS, ENGINE
from tests.harness.crashing_app import CrashingApp
from tests.harness.refusals import link, newcomer
from tests.scenario.onboarding import link_of, newest, onboard, users

FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
LIVES_SECONDS = 15.0
"""Seconds in which a bot that does not die is done."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


def test_a_bot_killed_at_any_point_leaves_a_user_made_by_hand_alone(tmp_path: Path) -> None:
    """Somebody takes the name while the bot is down."""
    with CrashingApp(tmp_path, pace=10.0) as app:
        for at in range(4 + FIRST_POINT % 3, 16, 3):
            name = f"hand{at}"
            new = newcomer(app, name, email=f"{name}@example.com")
            shown = onboard(app, app.carol, new)
            app.settle()
            app.points.die_after(at)
            _click(app.bob, shown)
            _wait(app, new)
            before = users(app, name)
            if not before:
                app.by_hand("CreateUser", UserName=name)
            app.settle()
            found = newest(app, new)
            assert found is not None
            if before:
                assert found.state == "done" and link_of(app, new) == before[0].user_id
            else:
                # The click was not recorded, or it is asked anew for the next name.
                assert found.state == "pending" and found.user.name in (name, f"{name}2"), found
                assert link_of(app, new) is None
            assert app.chain_holds()


def test_a_bot_killed_at_any_point_of_an_offboarding_leaves_nothing_behind(tmp_path: Path) -> None:
    with CrashingApp(tmp_path, pace=10.0) as app:
        for at in range(1 + FIRST_POINT % 4, 24, 4):
            ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
            app.approve(ref, app.bob)
            app.comes_to_hold("carol", ENGINE)
            app.settle()
            app.bob.type("/pairec-access offboard @carol")
            shown = app.bob.message_with("offboards", APPROVALS)
            app.settle()
            app.points.die_after(at)
            _click(app.judy, shown, "Revoke all")
            app.until(lambda ref=ref: app.points.dead or app.states(ref) != ["active"], f"a click, killed at {at}")
            app.settle()
            if app.states(ref) == ["active"]:
                # The bot did not live to record the click: the message still asks.
                _click(app.judy, app.bob.message_with("offboards", APPROVALS), "Revoke all")
                app.until(lambda ref=ref: app.states(ref) != ["active"], f"a click that is taken, killed at {at}")
                app.settle()
            assert app.states(ref) == ["ended"] and not app.holds("carol", ENGINE), f"killed at {at}"
            assert app.events(ref).count("left") == 1
            assert "carol" in app.sandbox.account.read().users
            assert link_of(app, app.carol) is None, f"killed at {at}"
            assert app.chain_holds()
            link(app, app.carol, "carol")


def _click(person: SandboxPerson, shown: Any, button: str = "Approve") -> None:
    with suppress(NotDone):
        person.click(button, shown)


def _wait(app: CrashingApp, new: SandboxPerson) -> None:
    """Until the bot is dead, or has done all that it had to."""
    deadline = time.monotonic() + LIVES_SECONDS
    while not app.points.dead and time.monotonic() < deadline:
        found = newest(app, new)
        if found and found.state == "done" and not app._left():
            return
        time.sleep(0.02)
