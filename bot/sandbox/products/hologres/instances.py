"""The account's Hologres instances: each gets its database on the first call that needs one."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.products.hologres.contents import (
    NOTHING,
    InstanceContents,
    contents_of,
    shown_in,
    user_name,
)
from bot.sandbox.products.hologres.instance import RunningInstance
from bot.sandbox.products.hologres.server import PostgresServer, missing
from bot.sandbox.products.places import Places

RUNNING, SUSPENDED = "Running", "Suspended"
"""As GetInstance calls them, and Terraform's provider."""


@dataclass
class _Instance:
    """`statements`: whether ExecuteStatement is switched on."""

    statements: bool = True
    suspended: bool = False
    hangs: bool = False
    owners: frozenset[str] = frozenset()
    """Who owned something when the database was last looked at."""
    running: RunningInstance | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)


class HologresInstances:
    """Safe to use from several threads. What takes time waits on the thread that asks."""

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.installed = not missing()
        """Whether there can be any database here."""
        self.addresses: dict[str, str] = {}
        """Host and port at which an instance is reached directly."""
        self._instances: dict[str, _Instance] = {}
        self._closed = False

    def name_of(self, user_id: str) -> str:
        """What the databases call whoever has this UserId."""
        return user_name(user_id, self.account_id)

    def started(self, instance: str, places: Places) -> RunningInstance:
        """The database of an instance, with what the places say unless it was started before."""
        there = self._of(instance)
        with there.lock:
            if there.running is None:
                if self._closed:
                    raise RuntimeError("the sandbox is closed")
                server = PostgresServer(Path(tempfile.mkdtemp(prefix="pairec-hologres-")))
                running = RunningInstance(server)
                try:
                    running.bring(NOTHING, contents_of(places, instance, self.account_id))
                except BaseException:
                    server.close()
                    raise
                there.running = running
            return there.running

    def contents(self, instance: str, places: Places) -> InstanceContents:
        """What is in an instance, which need not be started for it."""
        there = self._of(instance)
        with there.lock:
            running = there.running
        return contents_of(places, instance, self.account_id) if running is None else running.look()

    def applied(self, before: Places, after: Places) -> None:
        """Bring the databases that were started in line with what was changed in the places by hand."""
        for id_, there in list(self._instances.items()):
            with there.lock:
                old, new = (contents_of(places, id_, self.account_id) for places in (before, after))
                if there.running is not None and old != new and new != NOTHING:
                    there.running.bring(old, new)

    def observed(self, instance: str, name_of: Callable[[str], str]) -> Callable[[Places, float], Places] | None:
        """How the places change, now that the database was looked at; None for one that cannot be."""
        there = self._of(instance)
        with there.lock:
            if there.running is None or there.suspended or there.hangs:
                return None
            import psycopg

            try:
                seen = there.running.look()
            except psycopg.Error:
                # A call that was carried out is answered, whatever became of the database since.
                return None
            there.owners = seen.owners
        return lambda places, now: shown_in(places, instance, self.account_id, seen, name_of, now)

    # -- how an instance stands

    def status(self, instance: str) -> str:
        """As GetInstance calls it."""
        return SUSPENDED if self._of(instance).suspended else RUNNING

    def suspend(self, instance: str, suspended: bool) -> None:
        """Its database stops, and starts again with all that was in it."""
        there = self._of(instance)
        with there.lock:
            if there.running is not None and there.suspended is not suspended:
                there.running.hang(False)
                there.hangs = False
                (there.running.server.stop if suspended else there.running.server.start)()
            there.suspended = suspended

    def statements(self, instance: str) -> bool:
        """Whether ExecuteStatement is switched on."""
        return self._of(instance).statements

    def switch_statements(self, instance: str, on: bool) -> None:
        """Switch ExecuteStatement on or off."""
        self._of(instance).statements = on

    def hangs(self, instance: str) -> bool:
        """Whether its database takes every call and answers none."""
        return self._of(instance).hangs

    def hang(self, instance: str, hangs: bool, places: Places) -> None:
        """Have it hang, or answer again what still waits."""
        there = self._of(instance)
        with there.lock:
            if not there.suspended:
                self.started(instance, places).hang(hangs)
                there.hangs = hangs

    def owners(self, instance: str) -> frozenset[str]:
        """Names of the users who owned something when the database was last looked at."""
        return self._of(instance).owners

    def close(self) -> None:
        """The databases end, and whoever waits for one is told so."""
        self._closed = True
        for there in self._instances.values():
            with there.lock:
                if there.running is not None:
                    there.running.hang(False)
                    there.running.server.close()
                    there.running = None

    def _of(self, instance: str) -> _Instance:
        return self._instances.setdefault(instance, _Instance())
