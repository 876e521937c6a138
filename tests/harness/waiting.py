"""Waiting for what the bot does after its own pauses, without waiting for the pauses."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.harness.app import ENGINE, HOUR, AppHarness, T

HURRY = 25
"""So many times as fast as ours the bot's real time passes besides, for whoever waits for what comes after a pause."""
LONG_ENOUGH = 61.0
"""Seconds that are longer than any pause of the bot's between two attempts."""

COMPARED_EVERY = 5 * 60 + 1
"""Seconds of domain time after which the bot has compared its grants with the cloud."""


def in_time(app: AppHarness, look: Callable[..., T | None], what: str) -> T:
    """What `look` returns once it is true; the bot's pauses pass quickly meanwhile."""
    looked_at = time.monotonic()

    def passes() -> T | None:
        nonlocal looked_at
        found = look()
        if not found:
            before, looked_at = looked_at, time.monotonic()
            app.real_passes((looked_at - before) * HURRY)
        return found

    return app.until(passes, what)


def carol_has(app: AppHarness, policy: str = ENGINE, duration: str = "1h") -> str:
    """Carol asks for a policy and gets it; the reference of her request."""
    ref = app.asked(app.carol, f"{policy} {duration} rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    return ref


def comes_to(app: AppHarness, ref: str, state: str) -> None:
    in_time(app, lambda: set(app.states(ref)) == {state}, f"{ref} to be {state}")


def time_is_up(app: AppHarness, seconds: float = HOUR + 1) -> None:
    app.people.advance(seconds)


def once_given_once_taken(app: AppHarness, user: str = "carol", policy: str = ENGINE) -> bool:
    """By RAM's own log."""
    return [app.writes(action, user, policy) for action in ("AttachPolicyToUser", "DetachPolicyFromUser")] == [1, 1]
