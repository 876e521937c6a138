"""`pairec-access check` against a sandbox without a bot, as somebody runs it who has just installed the program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from approvals.ledger import open_ledger
from bot.sandbox.process import link_the_cast
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.seed import APPROVALS_CHANNEL
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.app_config import AppConfig
from bot.sandbox.slack.limits import RateLimits
from tests.harness.near_page import NearClient
from tests.harness.program import pairec_access

Row = dict[str, str]


class Installation:
    """A workspace, an account, and a ledger in which everybody is linked."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.people = NearClient(sandbox)
        self.ledger_path = folder / "ledger.db"
        usual, products = sandbox.env(), {"PAIREC_RESOURCES": str(sandbox.resources_file(folder))}
        slow = ("PAIREC_INSTANCES", "PAIREC_TRAINING_PROJECT", "PAIREC_TUNNEL_GROUP")
        self.everything = {**{name: usual[name] for name in slow}, **products}
        """What makes the products be looked at; their SDKs take a while to load."""
        ledger = f"sqlite:///{self.ledger_path}"
        self.settings = {**usual, **dict.fromkeys(slow, ""), "PAIREC_DATABASE_URL": ledger}

    def check(self, *words: str, **settings: str) -> CompletedProcess[str]:
        """`settings` replace those of the sandbox; an empty one is none."""
        return pairec_access("check", *words, **{**self.settings, **settings})

    def report(self, *words: str, **settings: str) -> dict[str, Any]:
        """What it prints for programs, once its exit status says the same."""
        done = self.check("--format", "json", *words, **settings)
        assert done.stderr == "", done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if report["ok"] else 1)
        return report

    def row(self, name: str, of: str | None = None, **settings: str) -> Row:
        """The row of that name. `of`: the check that makes it, where its name does not begin with that of the check."""
        rows: list[Row] = self.report("--only", of or name, **settings)["rows"]
        found = [row for row in rows if row["what"] == name]
        assert len(found) == 1, f"{name} is not among {[row['what'] for row in rows]}"
        return found[0]

    def rows(self, **settings: str) -> dict[str, Row]:
        """By their names."""
        return {row["what"]: row for row in self.report(**settings)["rows"]}

    def change_channel(self, **flags: bool) -> None:
        """The approvals channel."""
        channel = self.sandbox.workspace.channels[APPROVALS_CHANNEL]
        self.sandbox.call(lambda: channel.change(flags))

    def may_not(self, *actions: str) -> None:
        """The bot's identity, as if it had never had these permissions."""
        self.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity().without(*actions)

    def by_hand(self, action: str, **params: str) -> None:
        """Somebody does this in the RAM console."""
        execute(self.sandbox.account, action, params)

    def mend(self) -> None:
        """As it was at first."""
        self.people.clear_faults()
        self.change_channel(is_private=True, is_archived=False, is_ext_shared=False)
        self.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity()


@contextmanager
def installation(folder: Path, app: AppConfig | None = None) -> Iterator[Installation]:
    """For as long as the block goes on. `app`: as it is installed in Slack."""
    with Sandbox(app, limits=RateLimits(enabled=False)) as sandbox:
        installed = Installation(folder, sandbox)
        link_the_cast(open_ledger(f"sqlite:///{installed.ledger_path}"), sandbox)
        yield installed


def says(row: Row, state: str, seen: str, remedy: str = "") -> None:
    """One sentence of what to do where there is anything to do, and none where there is not."""
    assert row["state"] == state and seen in row["seen"], row
    assert remedy in row["remedy"] and bool(row["remedy"]) is (state in ("warning", "failed")), row
    assert "\n" not in row["seen"] + row["remedy"], row
