"""One request, from the click to the last message, through a bot that is killed on the way and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from approvals.ledger import jobs
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.limits import RateLimits
from tests.crash.child import HURRY
from tests.office import ENGINE, HOUR, Office

ROOT = Path(__file__).parents[2]
MEND = 61
"""Seconds after which whoever took over a job has looked again."""


class Nursery:
    """Where the bots come from that are to die."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def bear(self, environment: dict[str, str], folder: Path, ahead: int, kill_at: int) -> Doomed:
        assert self._process.stdin and self._process.stdout
        order = {"environment": environment, "folder": str(folder), "ahead": ahead, "kill_at": kill_at}
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return Doomed(int(self._process.stdout.readline()), folder)


class Doomed:
    """A bot that will be killed, as the test sees it."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid = pid
        self._folder = folder

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def ready(self) -> bool:
        assert self.alive, f"the bot did not start: {(self._folder / 'bot.log').read_text('utf-8')}"
        return (self._folder / "ready").exists()

    def arm(self) -> None:
        (self._folder / "armed").touch()

    def points(self) -> list[str]:
        notes = self._folder / "points"
        return notes.read_text("utf-8").splitlines() if notes.exists() else []

    def kill(self) -> None:
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
        Office.until(lambda: not self.alive, "the bot to be dead")


class Fates:
    """An office in which one bot after another dies at its work."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self._folder = folder
        self._nursery = nursery
        self.office = Office(folder)
        # A second's pause between two posts would be most of this test.
        self.office.sandbox = Sandbox(limits=RateLimits(enabled=False))

    def __enter__(self) -> Self:
        self.office.__enter__()
        self.office.stop_bot()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.office.__exit__(kind, error, trace)

    def live_through(self, kill_at: int) -> list[str]:
        """A request whose bot is killed at that point; the points that it came to. Fails where anything is not as if
        nothing had happened."""
        office = self.office
        folder = self._folder / str(kill_at)
        folder.mkdir()
        environment = {**office.sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{office.ledger_path}"}
        born, began = time.monotonic(), office.people.now()
        doomed = self._nursery.bear(environment, folder, office.ahead, kill_at)
        try:
            Office.until(lambda: doomed.ready, "the bot to start")
            ref = office.asked(office.carol, f"{ENGINE} 1h rolling out")
            self._wait(self.quiet, "the request to be told")
            doomed.arm()
            office.bob.click("Approve", office.card(ref, "waiting"))
            self._wait(lambda: not doomed.alive or self._stands(ref, "active"), f"{ref} to be active, or death")
            if doomed.alive:
                office.people.advance(HOUR + 1)
                self._wait(lambda: not doomed.alive or self._stands(ref, "ended"), f"{ref} to be ended, or death")
        finally:
            doomed.kill()
        office.real_passes((time.monotonic() - born) * HURRY)
        points = doomed.points()
        where = f"{ref}, killed at {points[-1]}"
        office.start_bot()
        self._recover(ref, where)
        self._check(ref, began, where)
        office.stop_bot()
        return points

    def _recover(self, ref: str, where: str) -> None:
        office = self.office
        if office.record(ref).pending:
            # The click was acknowledged and not recorded yet: the card still asks, and is clicked again.
            self._wait(self.quiet, f"{where}: that nothing is due")
            office.bob.click("Approve", office.card(ref, "waiting"))
        self._wait(lambda: self._stands(ref, "active") or self._stands(ref, "ended"), f"{where}: active", pump=True)
        if office.states(ref) == ["active"]:
            assert office.holds("carol", ENGINE), where
            office.people.advance(HOUR + 1)
        self._wait(lambda: self._stands(ref, "ended"), f"{where}: ended", pump=True)
        office.real_passes(MEND)
        self._wait(lambda: self._due("kind = 'settle'") == 0, f"{where}: the last look", pump=True)

    def _check(self, ref: str, began: float, where: str) -> None:
        office = self.office
        assert not office.holds("carol", ENGINE), f"{where}: RAM is not as the ledger says"
        assert office.states(ref) == ["ended"], where
        log = [entry for entry in office.people.account()["log"] if entry["at"] >= began and entry["result"] == "ok"]
        actions = [entry["action"] for entry in log]
        assert actions == ["AttachPolicyToUser", "DetachPolicyFromUser"], f"{where}: {actions}"
        assert office.chain_holds(), where
        events = office.events(ref)
        for event in ("asked", "approved", "active", "ending", "ended"):
            assert events.count(event) == 1, f"{where}: {event} in {events}"
        told = [message.plain for message in office.carol.messages() if message.plain.startswith(f"*{ref}*: ")]
        for text in ("waits for", "approved by", "is active until", "has ended"):
            assert any(text in message for message in told), f"{where}: {text!r} is missing in {told}"
        assert len(told) <= len(set(told)) + 1, f"{where}: more than one message twice: {told}"
        cards = [message for message in office.cards() if message.plain.startswith(f"{ref} ")]
        assert [card.plain.split("\n")[0] for card in cards] == [f"{ref} · ended"], where
        assert cards[0].buttons == [], where

    def _stands(self, ref: str, state: str) -> bool:
        """Whether the grant is in that state and everybody knows."""
        return self.office.states(ref) == [state] and self.quiet()

    def quiet(self) -> bool:
        return self._due("due_at <= :now") == 0

    def _due(self, which: str) -> int:
        now = round(self.office.people.now() * 1_000)
        with self.office.ledger.read() as tx:
            found = tx.rows(f"SELECT id FROM jobs WHERE {which} AND due_at < :never", now=now, never=jobs.NEVER + 1)
        return len(found)

    def _wait(self, look: Callable[[], Any], what: str, *, pump: bool = False) -> None:
        """`pump`: let the bot's real time pass, since it may wait for a turn to post."""
        deadline = time.monotonic() + 15
        while not look():
            assert time.monotonic() < deadline, f"waited for {what}\n{self.office.carol.sees()}"
            time.sleep(0.01)
            if pump:
                self.office.real_passes(0.2)
