"""The cloud's own record of calls (ActionTrail) is compared with ours, every few minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from approvals.backoff import backoff
from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, SECOND, DomainMillis
from approvals.operations.cloud_record.groups import PoliciesByGroup, are_about_groups
from approvals.operations.cloud_record.judge import Watched
from approvals.operations.cloud_record.read import (
    BEGUN,
    READ,
    ReadState,
    begin_look,
    cut_short,
    end_look,
    record_page,
    record_refusal,
)
from approvals.ports import Clock
from bot.cloud.action_trail import ActionTrail, EventQuery
from bot.cloud.own_identity import OwnIdentity
from bot.conditions import Conditions
from bot.worker.trail_queries import Queries

log = logging.getLogger(__name__)

MAX_PAUSE_MS = 5 * MINUTE
ENOUGH_MS = 20 * SECOND
"""Of the lease that has to be left for one page more."""


@dataclass(frozen=True, slots=True)
class TrailReading:
    """What is read by one job."""

    trail: ActionTrail
    region: str
    queries: Callable[[OwnIdentity], Queries]
    condition: str
    """Which holds while nothing is readable there."""
    empty: str
    """What that means, and what helps."""


class CloudRecordWatch:
    """Performs a job that reads it; it is due again each time that it is done."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        chance: Random,
        conditions: Conditions,
        reading: TrailReading,
        who_am_i: Callable[[], OwnIdentity],
        *,
        policies: frozenset[str],
        roles: frozenset[str],
        groups: Callable[[], PoliciesByGroup],
        places: Mapping[str, frozenset[str]],
    ) -> None:
        """`policies`, `roles`, and `places` of products: whose changes by others are told of. `groups`: which have one
        of these policies now; it may raise CloudError, as `who_am_i` may.
        """
        self._ledger = ledger
        self._clock = clock
        self._chance = chance
        self._conditions = conditions
        self._reading = reading
        self._who_am_i = who_am_i
        self._policies = policies
        self._roles = roles
        self._groups = groups
        self._places = places

    def look(self, job: Job) -> None:
        """Read what came since the last look.

        Raises:
            LostLock: another worker has the job.
        """
        try:
            identity = self._who_am_i()
            queries = self._reading.queries(identity)
            begun = DomainMillis(job.payload.get(BEGUN) or self._clock.now())
            read = [each for each in job.payload.get(READ, ()) if each in queries]
            whole = self._read(job, identity, queries, read)
        except CloudError as error:
            self._postpone(job, error)
            return
        if not whole:
            cut_short(self._ledger, job, read, begun, self._clock.now())
            return
        state = end_look(self._ledger, job, list(queries), begun, self._clock.now())
        if state is ReadState.EMPTY:
            self._conditions.report(self._reading.condition, self._reading.empty)
        else:
            self._conditions.clear(self._reading.condition)

    def _read(self, job: Job, identity: OwnIdentity, queries: Queries, read: list[str]) -> bool:
        """What is left of these; each of which all was recorded is added to `read`. Whether that was all of them."""
        watched = Watched(identity.kind, identity.name, self._policies, self._roles, places=self._places)
        groups_read = False
        for query in [each for each in queries if each not in read]:
            look = begin_look(self._ledger, job, query, self._reading.region, self._clock.now())
            token = None
            while True:
                if job.leased_until - self._clock.steady() < ENOUGH_MS:
                    return False
                page = self._reading.trail.page(EventQuery(queries[query], look.since, look.until), token)
                if not groups_read and are_about_groups(page.events):
                    watched, groups_read = replace(watched, groups=self._groups_now()), True
                record_page(self._ledger, job, look, page.events, watched, self._clock.now())
                token = page.next_token
                if token is None:
                    break
            read.append(query)
        return True

    def _groups_now(self) -> PoliciesByGroup | None:
        try:
            return self._groups()
        except CloudError as error:
            log.warning("which groups have a policy was not said", extra={"why": error.code or error.kind.value})
            return None

    def _postpone(self, job: Job, error: CloudError) -> None:
        why = error.code or error.kind.value
        if error.kind is not CloudErrorKind.THROTTLED:
            self._conditions.report(self._reading.condition, f"ActionTrail cannot be read: {why}")
        log.warning("the cloud's own record is not readable", extra={"why": why, "attempt": job.attempts})
        pause = backoff(job.attempts, self._chance, MAX_PAUSE_MS)
        record_refusal(self._ledger, job, self._clock.now(), self._clock.real(), pause, why)
