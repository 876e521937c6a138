"""Killed at any point of its work, the watchdog leaves nothing that the next one, or the bot, does not settle; and what
is overdue ends once, whoever ended it.

It dies in this process: from then on nothing that it tries has any effect, and nothing but the ledger is left. `make
test` tries some of the points; PAIREC_TESTS_EVERY_POINT=1 tries all of them, and PAIREC_TESTS_FIRST_POINT begins where
a failure says.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path
from random import Random, SystemRandom

import pytest

from approvals.queries.overdue import Outcome
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.worker.watchdog import Watchdog
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.crashing_app import LOCKS_RUN_OUT, Killed, Points
from tests.harness.numbered_points import PointedLedger, PointedProducts
from tests.harness.watchdog import TEN_MINUTES, watchdog_environment

EVERY_POINT = os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1"
FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
STEP = 1 if EVERY_POINT else 7

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800 if EVERY_POINT else 240)]


def runs(app: AppHarness, die_at: int | None = None) -> bool:
    """One run of the watchdog, which dies at a point; whether it came there, or left the bot what that has in hand."""
    points, left = Points(), False
    points.die_after(die_at)
    parts = app.parts(watchdog_environment(app))
    with closing(parts.ledger), suppress(Killed):
        ledger, cloud = PointedLedger(parts.ledger, points), PointedProducts(parts.ram, points)  # type: ignore[arg-type]
        found = Watchdog(ledger, cloud, parts.clock, Random()).look()
        left = any(each.outcome is not Outcome.REVOKED for each in found)
    parts.inventory.stop()
    return points.dead or left


def active(app: AppHarness) -> str:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    return ref


def ended_once(app: AppHarness, ref: str, where: str) -> None:
    """By RAM's own log, which has the last few writes, and by the record."""
    given = max(each["at"] for each in app.people.account()["log"] if each["action"] == "AttachPolicyToUser")
    taken = [
        each
        for each in app.people.account()["log"]
        if each["at"] > given and (each["action"], each["result"]) == ("DetachPolicyFromUser", "ok")
    ]
    assert not app.holds("carol", ENGINE), where
    assert app.states(ref) == ["ended"] and app.events(ref).count("ended") == 1, where
    assert len(taken) == 1, where
    assert app.chain_holds(), where


def test_one_that_is_killed_at_any_point_is_followed_by_the_next(tmp_path: Path, address: str) -> None:
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as app:
        at, came = (FIRST_POINT - 1) % STEP + 1, True
        while came:
            ref = active(app)
            app.stop_bot()
            app.people.advance(HOUR + TEN_MINUTES + 60)
            came = runs(app, at)
            app.real_passes(LOCKS_RUN_OUT)
            runs(app)
            app.real_passes(LOCKS_RUN_OUT)
            runs(app)
            ended_once(app, ref, f"killed at {at}")
            app.start_bot()
            at += STEP
        assert at > 15, "hardly any points were counted"


def test_one_that_is_killed_at_any_point_beside_a_bot_is_followed_by_that(tmp_path: Path, address: str) -> None:
    """A bot whose key lacks the permission for a while, so that there is something overdue beside it."""
    with AppHarness(tmp_path, pace=10.0, ledger_address=address) as app:
        identities = app.sandbox.account.identities
        whole = identities[ACCESS_KEY_ID]
        at, came = (FIRST_POINT - 1) % STEP + 1, True
        while came:
            ref = active(app)
            identities[ACCESS_KEY_ID] = whole.without("ram:DetachPolicyFromUser")
            app.people.advance(HOUR + TEN_MINUTES + 60)
            app.until(lambda ref=ref: app.states(ref) == ["ending"], f"{ref} to be overdue")
            came = runs(app, at)
            identities[ACCESS_KEY_ID] = whole
            app.real_passes(LOCKS_RUN_OUT)
            app.until(lambda ref=ref: app.states(ref) == ["ended"], f"{ref} to be ended, killed at {at}")
            ended_once(app, ref, f"killed at {at}")
            at += STEP
        assert at > 15, "hardly any points were counted"
