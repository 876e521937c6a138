"""A bot that dies at any point between the approval of a new RAM user and the last message creates one user, links it
and asks for the bundle once.

`make test` tries some of the points; PAIREC_TESTS_EVERY_POINT=1 tries all of them, and PAIREC_TESTS_FIRST_POINT begins
where a failure says.
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
from tests.harness.databases import Databases
from tests.harness.refusals import audit_trail, link, newcomer
from tests.scenario.onboarding import becomes, card, link_of, newest, onboard, ours, users

EVERY_POINT = os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1"
FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
STEP = 1 if EVERY_POINT else 8
LIVES_SECONDS = 15.0
"""Seconds in which a bot that does not die is done."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800 if EVERY_POINT else 240),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


def test_a_bot_killed_at_any_point_creates_one_user_and_asks_once(
    tmp_path: Path, databases_of: Databases | None
) -> None:
    address = databases_of.new() if databases_of else None
    at = (FIRST_POINT - 1) % STEP + 1
    with CrashingApp(tmp_path, pace=10.0, ledger_address=address) as app:
        while _lives_through(app, at):
            at += STEP
    assert at > 25, "hardly any points were counted"


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
            _click(app.judy, shown, "Take everything back")
            app.until(lambda ref=ref: app.points.dead or app.states(ref) != ["active"], f"a click, killed at {at}")
            app.settle()
            if app.states(ref) == ["active"]:
                # The bot did not live to record the click: the message still asks.
                _click(app.judy, app.bob.message_with("offboards", APPROVALS), "Take everything back")
                app.until(lambda ref=ref: app.states(ref) != ["active"], f"a click that is taken, killed at {at}")
                app.settle()
            assert app.states(ref) == ["ended"] and not app.holds("carol", ENGINE), f"killed at {at}"
            assert app.events(ref).count("left") == 1
            assert "carol" in app.sandbox.account.read().users
            assert link_of(app, app.carol) is None, f"killed at {at}"
            assert app.chain_holds()
            link(app, app.carol, "carol")


def _lives_through(app: CrashingApp, at: int) -> bool:
    """Whether the bot came to that point; all is as if it had not."""
    name = f"point{at}"
    new = newcomer(app, name, real_name=f"Point {at}", email=f"{name}@example.com")
    shown = onboard(app, app.carol, new)
    # That the card was posted is recorded, too.
    app.settle()
    app.points.die_after(at)
    _click(app.bob, shown)
    _wait(app, new)
    came = app.points.dead
    app.settle()
    _decided(app, new)
    where = f"killed at {at}; to see it again: PAIREC_TESTS_FIRST_POINT={at}"
    done = becomes(app, new, "done")
    app.settle()
    found = [user for user in users(app, name) if user.name == name]
    assert len(users(app, name)) == len(found) == 1, where
    assert ours(found[0], done) and link_of(app, new) == found[0].user_id, where
    assert _created(app, name) == 1, where
    with app.ledger.read() as tx:
        asked = tx.rows("SELECT id FROM requests WHERE subject = :who", who=new.id)
    assert [row["id"] for row in asked] == [done.request_id], where
    told = [entry["event"] for entry in audit_trail(app) if entry.get("onboarding") == done.public_id]
    for event in ("onboarding asked", "onboarding approved", "created user seen", "onboarding done"):
        assert told.count(event) == 1, (where, told)
    new.direct_message_with("is created and linked to")
    assert not app.bob.message_with(f"RAM user `{name}` is created", APPROVALS).buttons, where
    assert app.chain_holds()
    return came


def _decided(app: CrashingApp, new: SandboxPerson) -> None:
    """A click that the bot did not live to record is made again."""
    found = newest(app, new)
    if found and found.state == "pending" and found.decided_by is None and found.user.name == new.name:
        _click(app.bob, card(app))
        app.until(lambda: (newest(app, new) or found).state != "pending", f"a click on {found} that is taken")
        app.settle()


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


def _created(app: CrashingApp, name: str) -> int:
    log = app.sandbox.account.log()
    return sum((entry.action, entry.user, entry.result) == ("CreateUser", name, "ok") for entry in log)
