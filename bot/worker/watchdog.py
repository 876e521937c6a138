"""A second pair of eyes: what is overdue by more than ten minutes is taken back from here, beside a bot or without one.

It does a worker's work by a worker's rules: the job of a key is claimed under a lease, each write is in the record
before it is sent, and what came of it is settled by looking. Nothing but a RAM policy is taken from a user, and nothing
is given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from random import Random

from approvals.errors import LostLock
from approvals.grant import OPEN, Grant
from approvals.ledger import Ledger
from approvals.operations import watchdog
from approvals.ports import Cloud
from approvals.queries import overdue
from approvals.queries.overdue import Looked, Outcome, Overdue
from approvals.reconcile.plan import Write
from bot.clock import SleepingClock
from bot.worker.reconciler import Reconciler

log = logging.getLogger(__name__)

ROUNDS = 4
ROUND_SECONDS = 2.0
"""RAM's reads lag its writes, and an answer may be lost: so often, and so far apart, a key is looked at."""


class Watchdog:
    """Looks once; whoever starts it, starts it again."""

    def __init__(self, ledger: Ledger, cloud: Cloud, clock: SleepingClock, chance: Random) -> None:
        self._ledger = ledger
        self._clock = clock
        self._stumbled: set[int] = set()
        """Grants whose turn ended in a way that nobody foresaw. Their lease runs out by itself, so that whoever has the
        key next fears a write that may be under way.
        """
        self._reconciler = Reconciler(ledger, cloud, clock, chance, writes=frozenset({Write.DETACH}))

    def look(self) -> list[Looked]:
        """Take back what is overdue and may be taken back; all that was overdue, and what became of it. Where the
        ledger does not do it, its own error is raised: what was begun is settled by whoever claims it next.
        """
        with self._ledger.read() as tx:
            found = overdue.read(tx, self._clock.now())
        left: Sequence[Overdue] = [each for each in found if each.revocable]
        for number in range(ROUNDS):
            if not left:
                break
            if number:
                self._clock.wait(threading.Event(), ROUND_SECONDS)
            left = [each for each in left if self._revoke(each, again=number > 0)]
        with self._ledger.read() as tx:
            now = overdue.as_they_are(tx, found)
        return [Looked(each, grant, self._outcome(each, grant)) for each, grant in zip(found, now, strict=True)]

    def _revoke(self, found: Overdue, *, again: bool) -> bool:
        """Whether it is worth another round."""
        job = watchdog.take_up(self._ledger, found.grant, self._clock, again=again)
        if job is None:
            return False
        try:
            self._reconciler.reconcile(job)
        except LostLock:
            log.warning("the bot took this over", extra={"job": job.id})
            return False
        except self._ledger.engine_errors:
            raise
        except Exception:
            # It is no reason to leave the others.
            log.exception("a key was not taken back in a way that nobody foresaw", extra={"job": job.id})
            self._stumbled.add(found.grant.id)
            return False
        return True

    def _outcome(self, found: Overdue, grant: Grant) -> Outcome:
        if grant.state not in OPEN:
            return Outcome.REVOKED
        if grant.id not in self._stumbled and watchdog.is_in_hand(self._ledger, grant, self._clock):
            return Outcome.IN_HAND
        return Outcome.NOT_CONFIRMED if found.revocable else Outcome.NOT_OURS
