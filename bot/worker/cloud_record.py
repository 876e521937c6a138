"""The cloud's own record of calls (ActionTrail) is compared with ours, every few minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from random import Random

from approvals.backoff import backoff
from approvals.cloud_events import RAM
from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, SECOND
from approvals.operations.cloud_record.judge import Watched
from approvals.operations.cloud_record.read import (
    Look,
    ReadState,
    begin_look,
    end_look,
    record_page,
    record_refusal,
)
from approvals.ports import Clock
from bot.cloud.action_trail import ActionTrail, EventQuery
from bot.cloud.own_identity import ROOT, OwnIdentity
from bot.conditions import Conditions

log = logging.getLogger(__name__)

CLOUD_RECORD = "cloud_record"
"""Condition."""
MAX_PAUSE_MS = 5 * MINUTE
ENOUGH_MS = 20 * SECOND
"""Of the lease that has to be left for one page more."""
RAM_WRITES, OWN_WRITES = "ram", "own"
"""The queries, as the ledger names them: all writes to RAM, and all of whoever has our key, to whatever product."""
_WRITES = ("EventRW", "Write")


class CloudRecordWatch:
    """Performs the job that reads it; it is due again each time that it is done."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        chance: Random,
        conditions: Conditions,
        trail: ActionTrail,
        who_am_i: Callable[[], OwnIdentity],
        region: str,
        *,
        policies: frozenset[str],
        roles: frozenset[str],
    ) -> None:
        """`policies` and `roles`: whose changes by others are told of; `who_am_i` may raise CloudError."""
        self._ledger = ledger
        self._clock = clock
        self._chance = chance
        self._conditions = conditions
        self._trail = trail
        self._who_am_i = who_am_i
        self._region = region
        self._policies = policies
        self._roles = roles

    def look(self, job: Job) -> None:
        """Read what came since the last look.

        Raises:
            LostLock: another worker has the job.
        """
        try:
            identity = self._who_am_i()
            looks, whole = self._read(job, identity)
        except CloudError as error:
            self._postpone(job, error)
            return
        state = end_look(self._ledger, job, looks, self._clock.now(), whole=whole)
        if state is ReadState.EMPTY:
            self._conditions.report(
                CLOUD_RECORD,
                f"ActionTrail shows nothing in {self._region}, not even this app's own writes: it is not readable here."
                " PAIREC_ACTIONTRAIL_REGION is the region in which it keeps RAM's events",
            )
        else:
            self._conditions.clear(CLOUD_RECORD)

    def _read(self, job: Job, identity: OwnIdentity) -> tuple[Sequence[Look], bool]:
        watched = Watched(identity.kind, identity.name, self._policies, self._roles)
        looks = []
        for query, filters in _queries(identity).items():
            look = begin_look(self._ledger, job, query, self._region, self._clock.now())
            looks.append(look)
            token = None
            while True:
                page = self._trail.page(EventQuery(filters, look.since, look.until), token)
                record_page(self._ledger, job, look, page.events, watched, self._clock.now())
                token = page.next_token
                if token is None:
                    break
                if job.leased_until - self._clock.steady() < ENOUGH_MS:
                    return looks, False
        return looks, True

    def _postpone(self, job: Job, error: CloudError) -> None:
        why = error.code or error.kind.value
        if error.kind is not CloudErrorKind.THROTTLED:
            self._conditions.report(CLOUD_RECORD, f"ActionTrail cannot be read: {why}")
        log.warning("the cloud's own record is not readable", extra={"why": why, "attempt": job.attempts})
        pause = backoff(job.attempts, self._chance, MAX_PAUSE_MS)
        record_refusal(self._ledger, job, self._clock.now(), self._clock.real(), pause, why)


def _queries(identity: OwnIdentity) -> dict[str, tuple[tuple[str, str], ...]]:
    """Two filters each, which is what ActionTrail takes. Our own come first: however many calls others make, a look
    gets to these. What the account itself does may be anybody's.
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    if identity.kind != ROOT:
        found[OWN_WRITES] = (("User" if identity.kind == "user" else "RoleName", identity.name), _WRITES)
    return {**found, RAM_WRITES: (("ServiceName", RAM), _WRITES)}
