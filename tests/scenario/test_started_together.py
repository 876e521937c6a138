"""Several `pairec-access run` that are started at once, on a PostgreSQL database that has nothing in it yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import pytest

from approvals.ledger import open_ledger
from approvals.ledger.store import schema_steps
from bot.sandbox.process import link_the_cast
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.databases import Databases
from tests.harness.forked import Process
from tests.harness.near_page import NearClient
from tests.harness.program import running

PROCESSES = 8 if os.environ.get("PAIREC_TESTS_EVERY_POINT") else 3
"""Slack lets an app have ten connections."""
UP_WITHIN = 150.0
"""Seconds that so many starts may take on two cores that have other things to do."""


class Building(AppHarness):
    """An app without a bot or a ledger, until somebody moves in."""

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.people = NearClient(self.sandbox)
        return self

    def move_in(self) -> None:
        link_the_cast(open_ledger(self.ledger_address), self.sandbox)
        self.ledger = open_ledger(self.ledger_address)

    def connected(self) -> int:
        return len(self.sandbox.call(self.sandbox.slack.sockets.open_sockets))


@contextmanager
def started_together(number: int, folder: Path, settings: dict[str, str]) -> Iterator[list[Process]]:
    with ExitStack() as stack:
        bots = [stack.enter_context(running("run", log=folder / f"{each}.log", **settings)) for each in range(number)]
        yield bots
        for bot in bots:
            bot.terminate()


@pytest.mark.timeout(300)
def test_all_come_up_and_a_request_is_served_once(databases: Databases, tmp_path: Path) -> None:
    with (
        Building(tmp_path, ledger_address=databases.new()) as app,
        started_together(PROCESSES, tmp_path, app.environment()) as bots,
    ):
        app.until(
            lambda: app.connected() == PROCESSES or any(bot.poll() is not None for bot in bots),
            "all to be connected",
            UP_WITHIN,
        )
        logs = [(tmp_path / f"{each}.log").read_text("utf-8") for each in range(PROCESSES)]
        assert [bot.poll() for bot in bots] == [None] * PROCESSES, logs
        app.move_in()
        ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
        app.approve(ref, app.bob)
        app.card(ref, "active")
        app.people.advance(8 * HOUR + 1)
        app.comes_to_lose("carol", ENGINE)
        app.card(ref, "ended")
        assert app.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
        assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1
        assert app.writes("DetachPolicyFromUser", "carol", ENGINE) == 1
        assert len([card for card in app.cards() if card.plain.startswith(f"{ref} ")]) == 1
        assert app.chain_holds()
        with app.ledger.read() as tx:
            steps = [step["number"] for step in tx.rows("SELECT number FROM schema_steps ORDER BY number")]
        assert steps == list(schema_steps("postgres"))
