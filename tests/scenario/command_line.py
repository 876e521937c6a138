"""`pairec-access …` next to a running bot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from subprocess import CompletedProcess

from tests.harness.app import AppHarness
from tests.harness.forked import forks

MISCONFIGURED = 2


class CommandLine:
    """`pairec-access …` as an administrator runs it on the bot's machine."""

    def __init__(self, app: AppHarness) -> None:
        self._app = app

    def __call__(self, *words: str, **settings: str) -> CompletedProcess[str]:
        return forks().start(words, {**os.environ, **self.environment(), **settings})

    def environment(self) -> Mapping[str, str]:
        database = {"PAIREC_DATABASE_URL": self._app.ledger_address}
        return {**self._app.sandbox.env(), **database}

    def fails(self, says: str, *words: str, **settings: str) -> None:
        """It ends with one line and status 2, and neither RAM nor the links change."""
        ram, links = self._app.people.account()["policies"], links_of(self._app)
        done = self(*words, **settings)
        assert done.returncode == MISCONFIGURED, done.stdout + done.stderr
        assert says in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""
        assert links_of(self._app) == links
        assert self._app.people.account()["policies"] == ram


def links_of(app: AppHarness) -> dict[str, str]:
    with app.ledger.read() as tx:
        return {row["slack_user_id"]: row["ram_user_name"] for row in tx.rows("SELECT * FROM links")}
