"""A catalogue with systems that no program reaches: access to them is given and taken by hand."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import AppHarness

GRAFANA = "grafana-admin"
GIVE, TAKE = "Grant by hand", "Revoke by hand"
TERMS = """
allows = "Change dashboards and alerts."
default = "8h"
longest = "90d"
until_revoked = true
approvals = 1
reason = true
ticket = false
expires_after = "24h"
"""


def manual_table(name: str = GRAFANA, done_by: str = '["U0ERIN"]', title: str = "Grafana admin") -> str:
    return f"""
[manual.{name}]
title = "{title}"
give = ["Open https://grafana.example.com/admin/users", "Set the role to Admin"]
take = ["Set the role back to Viewer & log them out"]
done_by = {done_by}
{TERMS}"""


BUNDLE = f"""
[bundles.on-call]
title = "On call"
allows = "What whoever is on call needs."
policies = ["PaiRecMonitorAccess"]
manual = ["{GRAFANA}"]
"""


def catalog_file(folder: Path, *tables: str) -> Path:
    """The built-in catalogue and these tables."""
    path = folder / "by_hand.toml"
    built_in = files("approvals").joinpath("catalog/catalog.toml").read_text("utf-8")
    path.write_text("\n".join([built_in, *tables]), "utf-8")
    return path


def tasks(person: SandboxPerson, text: str, channel: str | None = None) -> Sequence[SeenMessage]:
    """Messages that ask this person to do something, and wait for it."""
    return [each for each in person.messages(channel) if text in each.plain and "Done" in each.buttons]


def task(app: AppHarness, person: SandboxPerson, text: str, channel: str | None = None) -> SeenMessage:
    """The one that they were sent."""
    found = app.until(
        lambda: tasks(person, text, channel),
        lambda: f"{text!r} with a button; {person.name} sees:\n{person.screen_text()}",
    )
    assert len(found) == 1
    return found[0]
