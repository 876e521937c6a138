"""Two programs on one Slack app that keep different ledgers are noticed; replicas, reconnects and restarts are not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from approvals.ledger import open_ledger, replicas
from approvals.ledger.replicas import Replica
from bot.program import Program
from bot.sandbox.client import SeenMessage
from bot.sandbox.process import link_the_cast
from bot.slack.surplus import LOOK_INTERVAL_MS, SURPLUS_AFTER_MS, TURN
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import audit_trail

NOTICE = "Another program is connected to this Slack app"
HTTP = {"PAIREC_SLACK_MODE": "http", "SLACK_APP_TOKEN": ""}


class Hellos(logging.Handler):
    """Slack's hellos, to whichever program, from before a test begins to its end."""

    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())

    def __call__(self) -> int:
        """How many were looked at."""
        return self._said.count("Slack counts connections")

    def asked(self) -> int:
        """How many a program had Slack say by a new connection."""
        return self._said.count("Slack is to count connections again")


@pytest.fixture
def hellos() -> Iterator[Hellos]:
    heard, logger = Hellos(), logging.getLogger("bot.monitor.heartbeat")
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    yield heard
    logger.removeHandler(heard)
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def app(tmp_path: Path, hellos: Hellos) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, first_start=True) as opened:
        greeted(hellos, 1)
        yield opened


@contextmanager
def another(app: AppHarness, address: str) -> Iterator[Program]:
    """Another program on the same Slack app, which works from the ledger there."""
    parts = app.parts(app.environment())
    parts.ledger.close()
    parts.ledger = open_ledger(address)
    program = Program(parts)
    program.start()
    try:
        yield program
    finally:
        there = connections(app)
        program.stop(2.0)
        parts.ledger.close()
        app.until(lambda: connections(app) < there, "its connection to be gone", timeout=30.0)


def connections(app: AppHarness) -> int:
    """As Slack counts them."""
    return app.sandbox.call(lambda: len(app.sandbox.slack.sockets.open_sockets()))


@pytest.fixture
def second(app: AppHarness, tmp_path: Path) -> str:
    """A ledger of its own, in which everybody is linked as well."""
    address = f"sqlite:///{tmp_path / 'second.db'}"
    link_the_cast(open_ledger(address), app.sandbox)
    return address


def greeted(hellos: Hellos, number: int) -> None:
    AppHarness.until(lambda: hellos() >= number, f"{number} hellos of Slack's to be looked at", timeout=30.0)


def looks_again(app: AppHarness, hellos: Hellos, *others: Program) -> None:
    """So much time passes that whoever suspects anything makes a new connection; one of them does."""
    before = hellos()
    app.real_passes(LOOK_INTERVAL_MS / 1_000 + 1)
    for program in others:
        program.wake()
    greeted(hellos, before + 1)


def time_passes(app: AppHarness, hellos: Hellos, *others: Program) -> None:
    """Long enough for everybody to look again, with everybody awake; whoever beats has looked since the last beat. Who
    has a turn has made a new connection by the time that the next one has theirs.
    """
    looked_at, asked = hellos(), hellos.asked()
    for _ in range(2 * (SURPLUS_AFTER_MS // TURN + 1 + len(others))):
        before = {each.id: each.seen for each in beating(app)}
        app.real_passes(TURN / 2_000)
        for program in others:
            program.wake()
        app.until(
            lambda before=before: all(each.seen > before[each.id] for each in beating(app)), "everybody to have beat"
        )
        wanted = looked_at + hellos.asked() - asked
        app.until(lambda wanted=wanted: hellos() >= wanted, "the new connections to be looked at")
        app.until(lambda: connections(app) == 1 + len(others), "what was replaced to be closed")


def notices(app: AppHarness) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if NOTICE in message.plain]


def beating(app: AppHarness) -> list[Replica]:
    with app.ledger.read() as tx:
        return replicas.seen_since(tx, 0)


def test_a_program_with_a_ledger_of_its_own_is_noticed_after_ten_minutes_and_when_it_is_gone(
    app: AppHarness, second: str, hellos: Hellos, caplog: pytest.LogCaptureFixture
) -> None:
    with another(app, second) as other:
        greeted(hellos, 2)
        app.real_passes(SURPLUS_AFTER_MS / 2_000)
        other.wake()
        assert notices(app) == [], "it is not ten minutes yet"
        looks_again(app, hellos, other)
        app.until(lambda: notices(app), "the notice")
        told = notices(app)[0].plain
        assert "Slack counts 3 connections; those that work from this record have 2." in told
        looks_again(app, hellos, other)
        warned = [record for record in caplog.records if "another program is connected" in record.message]
        assert len(warned) == len(notices(app)) == 1
        # The first one has not heard of it, until Slack has it connect anew.
        app.stop_bot()
        for _ in range(2):
            looks_again(app, hellos, other)
        app.until(lambda: "Over since" in notices(app)[0].plain, "the notice to be over")


def test_the_one_that_was_there_first_notices_it_when_it_connects_anew(
    app: AppHarness, second: str, hellos: Hellos
) -> None:
    with another(app, second):
        greeted(hellos, 2)
        app.people.inject_slack_fault({"fault": "disconnect", "reason": "refresh_requested"})
        greeted(hellos, 4)
        looks_again(app, hellos)
        app.until(lambda: events(app), "the notice in its own record")
        assert events(app) == ["other_ledger"]


def events(app: AppHarness) -> list[str]:
    return [entry["what"] for entry in audit_trail(app) if entry["event"] == "notice raised"]


def test_replicas_that_work_from_the_same_ledger_are_no_others(app: AppHarness, hellos: Hellos) -> None:
    with another(app, app.ledger_address) as beside:
        greeted(hellos, 2)
        assert len(beating(app)) == 2
        for _ in range(2):
            before = hellos()
            app.people.inject_slack_fault({"fault": "disconnect", "reason": "refresh_requested"})
            greeted(hellos, before + 2)
        time_passes(app, hellos, beside)
    assert events(app) == []
    app.until(lambda: len(beating(app)) == 1, "the one that was stopped to have said so")


def test_a_connection_that_is_made_anew_is_no_other_program(app: AppHarness, hellos: Hellos) -> None:
    greeted(hellos, 1)
    orders: tuple[dict[str, Any], ...] = ({"reason": "refresh_requested"}, {"drop": True})
    for number, order in enumerate(orders, start=2):
        app.people.inject_slack_fault({"fault": "disconnect", **order})
        greeted(hellos, number)
    time_passes(app, hellos)
    assert events(app) == []


def test_a_program_that_was_there_for_a_few_minutes_is_not_told_of(
    app: AppHarness, second: str, hellos: Hellos
) -> None:
    app.stop_bot()
    with another(app, second):
        app.start_bot()
        greeted(hellos, 3)
        app.real_passes(SURPLUS_AFTER_MS / 2_000)
    looks_again(app, hellos)
    time_passes(app, hellos)
    assert events(app) == []


def test_a_notice_of_an_earlier_process_is_settled_by_the_next(app: AppHarness, second: str, hellos: Hellos) -> None:
    app.stop_bot()
    with another(app, second):
        app.start_bot()
        greeted(hellos, 3)
        looks_again(app, hellos)
        app.until(lambda: notices(app), "the notice")
    before = hellos()
    app.restart_bot()
    greeted(hellos, before + 1)
    looks_again(app, hellos)
    app.until(lambda: "Over since" in notices(app)[0].plain, "the notice to be over")


@pytest.mark.parametrize(("settings", "connections"), [({}, 1), (HTTP, 0)], ids=["socket", "http"])
def test_a_program_says_that_it_is_there_until_it_leaves(
    tmp_path: Path, settings: dict[str, str], connections: int
) -> None:
    with AppHarness(tmp_path, settings, pace=10.0) as app:
        first = beating(app)
        assert [each.connections for each in first] == [connections]
        app.real_passes(31)
        app.until(lambda: beating(app)[0].seen > first[0].seen, "another beat")
        app.stop_bot()
        assert beating(app) == []
