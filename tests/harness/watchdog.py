"""The watchdog beside an app: started as another scheduler starts it, with the key that is its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from subprocess import CompletedProcess

from bot.sandbox.ram.seed import WATCHDOG_KEY_ID
from tests.harness.app import HOUR, AppHarness
from tests.harness.forked import forks

TEN_MINUTES = 600


def watchdog_environment(app: AppHarness) -> Mapping[str, str]:
    """As another scheduler has it: the bot's settings, and a key that may do nothing but take policies away."""
    own = {
        "PAIREC_DATABASE_URL": app.ledger_address,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": WATCHDOG_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": app.sandbox.account.access_keys[WATCHDOG_KEY_ID],
    }
    return {**os.environ, **app.sandbox.env(), **own}


def watchdog(app: AppHarness, **settings: str) -> CompletedProcess[str]:
    return forks().start(("watchdog",), {**watchdog_environment(app), **settings})


def overdue(app: AppHarness, item: str, by: float = TEN_MINUTES + 60) -> str:
    """Carol was given this for an hour, and it should have ended so many seconds ago: no bot ran since."""
    ref = app.asked(app.carol, f"{item} 1h rollout")
    app.approve(ref, app.bob)
    app.until(lambda: set(app.states(ref)) == {"active"}, lambda: f"{ref} to be active: {app.states(ref)}")
    app.stop_bot()
    app.people.advance(HOUR + by)
    return ref
