"""Perform the job that looks every day for what no request accounts for, and whether an access review is due."""

from __future__ import annotations

import logging
import time

from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, open_grants
from approvals.ledger.jobs import Job
from approvals.operations.access_reviews.start import start_due
from approvals.operations.drift import look
from approvals.operations.leavers import Presence, presence
from approvals.people import Link
from approvals.ports import Clock, Directory
from approvals.queries.access_report import read_access_report
from approvals.refusals.people import UnknownPerson
from bot.directory.inventory import LiveInventory
from bot.worker.postpone import Postpone

log = logging.getLogger(__name__)

ACCOUNTS_TIMEOUT_SECONDS = 20.0
"""Seconds: well within the lock of the job. What is left is looked at the next time."""


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
    ) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._inventory = inventory
        self._directory = directory
        self._clock = clock
        self._postpone = postpone
        self._team_id = team_id

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
        )

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
