"""Perform the job of an access review: read who has what, remind, and end it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from approvals.catalog.model import Catalog
from approvals.errors import CloudError, Refusal
from approvals.evidence import Holders
from approvals.ids import RamUserId
from approvals.ledger import Ledger, open_grants
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.collect import record_collected
from approvals.operations.access_reviews.finish import advance
from approvals.operations.access_reviews.last_calls import KEPT_FOR_MS, record_last_calls, to_look_up
from approvals.operations.access_reviews.reminders import LOOKS_UP, moment_of
from approvals.people import Principal
from approvals.ports import Clock, Directory
from approvals.queries.access_report import read_access_report
from approvals.queries.access_reviews import is_ending, is_to_be_collected
from bot.cloud.action_trail import ActionTrail
from bot.directory.inventory import LiveInventory
from bot.worker.postpone import Postpone

LOOK_UP_SECONDS = 20.0
"""Well within the lock of the job. Who is left is asked about at once, by the job's next turn."""
log = logging.getLogger(__name__)


class AccessReviews:
    """Performs the job of that kind, of which there is one at a time."""

    def __init__(
        self,
        ledger: Ledger,
        catalog: Catalog,
        inventory: LiveInventory,
        directory: Directory,
        clock: Clock,
        postpone: Postpone,
        team_id: str,
        action_trail: ActionTrail | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`action_trail`: None where the cloud's own record is not read. `monotonic`: seconds, by a clock that nobody
        sets.
        """
        self._ledger = ledger
        self._catalog = catalog
        self._inventory = inventory
        self._directory = directory
        self._clock = clock
        self._postpone = postpone
        self._team_id = team_id
        self._action_trail = action_trail
        self._monotonic = monotonic

    def perform(self, job: Job) -> None:
        """What is due of it. Until RAM says who may approve, nothing is collected.

        Raises:
            LostLock: another worker has the job.
        """
        now = self._clock.now()
        asks = self._action_trail if job.payload.get(LOOKS_UP) else None
        with self._ledger.read() as tx:
            collects, ends = is_to_be_collected(tx, now), is_ending(tx)
        if collects:
            self._collect(job)
        elif asks is not None and now < moment_of(job) and not ends:
            self._look_up(job, asks)
        else:
            advance(
                self._ledger,
                job,
                self._team_id,
                *self._known(),
                self._clock.now(),
                implied_by=self._catalog.implied_by,
                looks_up=asks is not None,
            )

    def _collect(self, job: Job) -> None:
        try:
            own, admins = self._directory.own_user(), self._directory.admins()
        except Refusal as refusal:
            self._postpone(job, refusal)
            return
        found = read_access_report(
            self._ledger, open_grants.every, self._inventory.of_everybody, self._catalog.implied_by
        )
        looks_up, now = self._action_trail is not None, self._clock.now()
        record_collected(self._ledger, self._catalog, self._team_id, job, found, own, admins, now, looks_up=looks_up)

    def _look_up(self, job: Job, action_trail: ActionTrail) -> None:
        """Ask about the next few, for 20 s at most; where the record does not answer, the review goes on without the
        rest.
        """
        now = self._clock.now()
        until = self._monotonic() + LOOK_UP_SECONDS
        items = to_look_up(self._ledger, job, now)
        users = dict.fromkeys(item.access.principal for item in items)
        found: dict[RamUserId, DomainMillis | None] = {}
        more = bool(users)
        try:
            for user in users:
                since = DomainMillis(now - KEPT_FOR_MS)
                found[user.user_id] = action_trail.last_call(user.name, since, now)
                if self._monotonic() > until:
                    break
        except CloudError as error:
            log.warning("who did what last is not known", extra={"error": error.code or error.kind.value})
            more = False
        record_last_calls(self._ledger, job, items, found, now, more=more)

    def _known(self) -> tuple[Holders | None, Principal | None]:
        """Who holds the admin policy, and the RAM user that this program is. Nobody, where RAM does not say both:
        reviewers are reminded, and a review ends, all the same.
        """
        try:
            return self._directory.admins(), self._directory.own_user()
        except Refusal:
            return None, None
