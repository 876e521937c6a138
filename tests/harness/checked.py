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
from bot.sandbox.server import Sandbox
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
        self.settings = {
            **sandbox.env(),
            "PAIREC_DATABASE_URL": f"sqlite:///{self.ledger_path}",
            "PAIREC_RESOURCES": str(sandbox.resources_file(folder)),
        }

    def check(self, *words: str, **settings: str) -> CompletedProcess[str]:
        """`settings` replace those of the sandbox; an empty one is none."""
        return pairec_access("check", *words, **{**self.settings, **settings})

    def report(self, **settings: str) -> dict[str, Any]:
        """What it prints for programs, once its exit status says the same."""
        done = self.check("--format", "json", **settings)
        assert done.stderr == "", done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if report["ok"] else 1)
        return report

    def row(self, name: str, **settings: str) -> Row:
        """The row of that name."""
        rows: list[Row] = self.report(**settings)["rows"]
        found = [row for row in rows if row["what"] == name]
        assert len(found) == 1, f"{name} is not among {[row['what'] for row in rows]}"
        return found[0]


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """For as long as the block goes on."""
    with Sandbox(limits=RateLimits(enabled=False)) as sandbox:
        installed = Installation(folder, sandbox)
        link_the_cast(open_ledger(f"sqlite:///{installed.ledger_path}"), sandbox)
        yield installed


def says(row: Row, state: str, seen: str, remedy: str = "") -> None:
    """One sentence of what to do where there is anything to do, and none where there is not."""
    assert row["state"] == state and seen in row["seen"], row
    assert remedy in row["remedy"] and bool(row["remedy"]) is (state in ("warning", "failed")), row
    assert "\n" not in row["seen"] + row["remedy"], row
