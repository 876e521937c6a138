"""People who take access at once in an emergency, and those who review it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bot.sandbox.client import SandboxPerson
from tests.harness.app import ENGINE, AppHarness
from tests.harness.rules import catalog_with

ON_CALL = "rec-oncall"
BREAK_GLASS = f"""
[break_glass]
items = ["PaiRecEngineAccess", "PaiRecMonitorAccess"]
groups = ["{ON_CALL}"]
longest = "30m"
barred_for = "14d"
"""
BREAK_GLASS_ON_CALL = BREAK_GLASS.replace(f'groups = ["{ON_CALL}"]', 'on_call = ["ranking"]')
"""Of the user group that `tests.harness.rules.ON_CALL` names."""


def opened(stack: ExitStack, folder: Path, tables: Sequence[str]) -> AppHarness:
    """With these tables in the catalogue; Carol and Bob are on call."""
    app = stack.enter_context(AppHarness(folder, {"PAIREC_CATALOG": str(catalog_with(folder, *tables))}))
    on_call(app)
    return app


def on_call(app: AppHarness) -> None:
    """Carol and Bob are."""
    app.by_hand("CreateGroup", GroupName=ON_CALL)
    for user in ("carol", "bob"):
        app.by_hand("AddUserToGroup", GroupName=ON_CALL, UserName=user)


def takes(app: AppHarness, person: SandboxPerson | None = None, item: str = ENGINE) -> str:
    """The reference of what this person, or else Carol, takes."""
    before = app.requests()
    (person or app.carol).type(f"/pairec-access break-glass {item} 503s since 4")
    return app.until(lambda: f"R-{1000 + app.requests()}" if app.requests() > before else None, "it to be taken")


def reviews(app: AppHarness, who: SandboxPerson, ref: str, button: str, words: str) -> None:
    who.click(button, app.card(ref))
    who.modal(f"Review {ref}")
    assert who.submit({"Why": words}) == {}
