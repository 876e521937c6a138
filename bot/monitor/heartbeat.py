"""This program among those that work from the same ledger: it says that it is there, and watches that nobody else
is connected to the Slack app.
"""

from __future__ import annotations

import logging
import secrets
import threading
from typing import TYPE_CHECKING

from approvals.ledger import Ledger, identity, replicas
from approvals.ledger.replicas import Replica
from approvals.millis import DAY, SECOND
from approvals.operations import other_ledger
from bot.clock import SleepingClock
from bot.conditions import Conditions
from bot.slack.surplus import Surplus

if TYPE_CHECKING:
    from bot.slack.http_mode import SlackHttp
    from bot.slack.socket_mode import SlackSocket

log = logging.getLogger(__name__)

CONDITION = "connection"
BEAT_INTERVAL_MS = 30 * SECOND
ALIVE_FOR_MS = 3 * BEAT_INTERVAL_MS
"""Real time after which one that says nothing more counts as gone."""
MAX_SLEEP_SECONDS = 5.0


class Heartbeat:
    """A thread that writes to the ledger every 30 s that this replica is there, and compares how many connections Slack
    counts with how many replicas there are.
    """

    def __init__(
        self, ledger: Ledger, clock: SleepingClock, connection: SlackSocket | SlackHttp, conditions: Conditions
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._connection = connection
        self._conditions = conditions
        self._id = secrets.token_hex(16)
        self._started = clock.real()
        self._last_beat: int | None = None
        self._hello = 0
        """The last of Slack's that was looked at."""
        self._surplus = Surplus()
        self._reported = False
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._loop = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        connection.on_hello(self.wake)

    def begin(self) -> None:
        """Say that this program is there, before Slack counts its connection; the ledger's errors are raised."""
        self._beat()
        with self._ledger.read() as tx:
            known = other_ledger.is_foreign_connection_open(tx)
        self._surplus = Surplus(known=known, now=self._clock.steady())
        self._reported = known

    def start(self) -> None:
        """Go on with it, on a thread of its own."""
        self._loop.start()

    def wake(self) -> None:
        """Look now at what Slack said, instead of in a few seconds."""
        self._awake.set()

    def leave(self) -> None:
        """Have the ledger told that this program leaves, beside whatever else it has to finish."""
        self._stopping.set()
        self._awake.set()

    def stop(self, within: float) -> None:
        """Leave. A ledger that was not told of it within so many seconds finds out by itself."""
        self.leave()
        if self._loop.is_alive():
            self._loop.join(within)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._look_at_connection()
            try:
                if self._last_beat is None or self._clock.steady() - self._last_beat >= BEAT_INTERVAL_MS:
                    self._beat()
                self._watch()
            except self._ledger.engine_errors as error:
                log.warning("the ledger does not take a heartbeat", extra={"error": str(error)})
            except Exception:
                log.exception("a heartbeat failed in a way that nobody foresaw")
            self._clock.wait(self._awake, MAX_SLEEP_SECONDS)
            self._awake.clear()
        try:
            with self._ledger.write() as tx:
                replicas.leave(tx, self._id)
        except self._ledger.engine_errors as error:
            log.warning("the ledger still counts this program", extra={"error": str(error)})

    def _look_at_connection(self) -> None:
        if self._connection.connected:
            self._conditions.clear(CONDITION)
        elif not self._stopping.is_set():
            self._conditions.report(CONDITION, "the connection to Slack is down, and is tried again and again")

    def _beat(self) -> None:
        now = self._clock.real()
        # Also when it is not taken: what is tried again at once helps nobody.
        self._last_beat = self._clock.steady()
        with self._ledger.write() as tx:
            replicas.beat(tx, Replica(self._id, self._started, now, self._connection.connections))
            replicas.forget(tx, now - DAY, now + ALIVE_FOR_MS)

    def _watch(self) -> None:
        hello, now = self._connection.hello, self._clock.steady()
        if hello is not None and hello.number != self._hello:
            self._compare(hello.connections, again=hello.number > 1)
            # Once it is recorded: a ledger that does not take it is asked again.
            self._hello = hello.number
        elif self._surplus.look_due(now):
            self._surplus.asked(now)
            log.debug("Slack is to count connections again", extra={"replica": self._id})
            self._connection.reconnect()

    def _compare(self, connections: int, *, again: bool) -> None:
        with self._ledger.read() as tx:
            there = replicas.seen_since(tx, self._clock.real() - ALIVE_FOR_MS)
            name = identity.ledger_id(tx)
        # The connection that this one replaces is closed only afterwards.
        ours = sum(replica.connections for replica in there) + int(again)
        turn = next((turn for turn, replica in enumerate(there) if replica.id == self._id), len(there))
        self._surplus.counted(connections, ours, self._clock.steady(), turn)
        log.debug("Slack counts connections", extra={"connections": connections, "ours": ours, "replica": self._id})
        if self._surplus.lasting and not self._reported:
            other_ledger.raise_foreign_connections(self._ledger, self._clock.now(), connections, ours)
            self._reported = True
            log.warning(
                "another program is connected to this Slack app, and works from another ledger",
                extra={"connections": connections, "ours": ours, "ledger": name},
            )
        elif self._reported and not self._surplus.lasting:
            other_ledger.resolve_foreign_connections(self._ledger, self._clock.now())
            self._reported = False
            log.info("no other program is connected to this Slack app any more")
