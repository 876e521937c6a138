"""Perform the job that looks every day for what no request accounts for, and whether an access review is due."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from approvals.catalog.model import Catalog
from approvals.cloud_events import CloudEvent
from approvals.drift import DriftRow, Giver
from approvals.errors import CloudError, Refusal
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, open_grants
from approvals.ledger.jobs import Job
from approvals.millis import SECOND, DomainMillis
from approvals.operations.access_reviews.start import start_due
from approvals.operations.drift import look
from approvals.operations.drift.givers import rows_to_ask
from approvals.operations.leavers import Presence, presence
from approvals.people import Link, Principal
from approvals.ports import Clock, Directory
from approvals.queries.access_report import AccessReport, read_access_report
from approvals.queries.givers import NEAR_MS, NOT_SAID, calls_that_give, giver_among
from approvals.refusals.people import UnknownPerson
from bot.cloud.action_trail import ActionTrail, EventQuery
from bot.directory.inventory import LiveInventory
from bot.worker.postpone import Postpone

log = logging.getLogger(__name__)

ACCOUNTS_TIMEOUT_SECONDS = 20.0
"""Seconds: well within the lock of the job. What is left is looked at the next time."""

GIVERS_TIMEOUT_MS = 15 * SECOND
ROWS_ASKED_ABOUT = 20
"""In one look: two questions a second are taken, and a row takes one to three."""
PAGES_PER_CALL = 4
"""Of 50 events each, around one moment; where there are more, nobody is named."""
ENOUGH_MS = 20 * SECOND
"""Of the lease that has to be left for one page more, and to record what was found."""


class DriftWatch:
    """Performs the job of that kind, which is due again each time that it is done."""

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
    ) -> None:
        """`action_trail`: None where the cloud's own record is not read."""
        self._ledger = ledger
        self._catalog = catalog
        self._inventory = inventory
        self._directory = directory
        self._clock = clock
        self._postpone = postpone
        self._team_id = team_id
        self._action_trail = action_trail

    def check(self, job: Job) -> None:
        """Start an access review, where one is due. Look at the next few linked accounts, or, after the last of them,
        at who has what. Where Slack does not say who is still there, that is left out this time; while RAM does not
        say who may approve, the job is postponed.

        Raises:
            LostLock: another worker has the job.
        """
        start_due(self._ledger, self._catalog.access_review.schedule, self._clock.now())
        accounts = look.accounts_to_check(self._ledger, self._team_id, job)
        seen, gone, told = self._accounts(accounts)
        if seen and told:
            look.record_look_at_accounts(self._ledger, job, seen, gone, self._clock.now())
            return
        try:
            own, admins = self._directory.own_user(), self._directory.admins()
        except Refusal as refusal:
            self._postpone(job, refusal)
            return
        found = read_access_report(
            self._ledger, open_grants.every, self._inventory.of_everybody, self._catalog.implied_by
        )
        givers = self._givers(job, found, own, admins)
        look.record_look(
            self._ledger,
            self._catalog,
            self._team_id,
            job,
            found,
            own,
            admins,
            self._clock.now(),
            accounts_told=told,
            givers=givers,
        )

    def _givers(self, job: Job, found: AccessReport, own: Principal | None, admins: Holders) -> dict[str, Giver]:
        """Who gave some of it, by what each is about; the next look asks about the rest. Where the record does not
        answer, it is asked again then.
        """
        if self._action_trail is None:
            return {}
        now, until = self._clock.now(), min(self._clock.steady() + GIVERS_TIMEOUT_MS, job.leased_until - ENOUGH_MS)

        def has_time() -> bool:
            return self._clock.steady() <= until

        rows = rows_to_ask(self._ledger, self._catalog, self._team_id, found, own, admins, now)
        said: dict[str, Giver] = {}
        try:
            for row in rows[:ROWS_ASKED_ABOUT]:
                giver = _giver(self._action_trail, row, has_time)
                if giver is None:
                    break
                said[row.about] = giver
        except CloudError as error:
            log.warning("who gave something is not known", extra={"error": error.code or error.kind.value})
        return said

    def _accounts(self, accounts: list[Link]) -> tuple[list[Link], set[SlackUserId], bool]:
        """Those that were looked at, those of them that are gone, and whether Slack said something of each."""
        seen: list[Link] = []
        gone: set[SlackUserId] = set()
        until = time.monotonic() + ACCOUNTS_TIMEOUT_SECONDS
        for link in accounts:
            try:
                if self._is_gone(link.slack_user_id):
                    gone.add(link.slack_user_id)
            except Refusal as refusal:
                log.warning("Slack did not say who is still here", extra={"why": refusal.reason})
                return seen, gone, False
            seen.append(link)
            if time.monotonic() > until:
                break
        return seen, gone, True

    def _is_gone(self, slack_user_id: SlackUserId) -> bool:
        """By Slack's plain word alone.

        Raises:
            Refusal: Slack did not say who that is now.
        """
        try:
            found = presence(self._directory.person(slack_user_id), self._team_id)
        except UnknownPerson:
            return False
        return found in (Presence.DEACTIVATED, Presence.NO_MEMBER)


def _giver(trail: ActionTrail, row: DriftRow, has_time: Callable[[], bool]) -> Giver | None:
    """Who made the call that gave it at its date, of all that may have: those may be of several people. None where
    there was no time to ask about each.
    """
    around = row.since or 0
    since, until = DomainMillis(around - NEAR_MS), DomainMillis(around + NEAR_MS)
    found: list[CloudEvent] = []
    for name in calls_that_give(row):
        query, token = EventQuery((("EventName", name), ("EventRW", "Write")), since, until), None
        for _ in range(PAGES_PER_CALL):
            if not has_time():
                return None
            page = trail.page(query, token)
            found += page.events
            token = page.next_token
            if token is None:
                break
        else:
            return NOT_SAID
    return giver_among(row, found) or NOT_SAID
