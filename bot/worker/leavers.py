"""Perform the job that looks whether those for whom something runs are still members in Slack."""

from __future__ import annotations

import logging
import time
from random import Random

from approvals.backoff import backoff
from approvals.errors import Refusal
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.operations import leavers
from approvals.operations.leavers import LeaverAccount, Presence, presence
from approvals.ports import Clock, Directory
from approvals.refusals.people import UnknownPerson
from bot.slack.errors import failure_of

log = logging.getLogger(__name__)

LOOK_TIMEOUT_SECONDS = 20.0
"""Seconds: well within the lock of the job. What is left is looked at the next time."""


class LeaverWatch:
    """Performs the job of that kind, which is due again each time that it is done."""

    def __init__(self, ledger: Ledger, directory: Directory, clock: Clock, chance: Random, team_id: str) -> None:
        self._ledger = ledger
        self._directory = directory
        self._clock = clock
        self._chance = chance
        self._team_id = team_id

    def check(self, job: Job) -> None:
        """Ask Slack about one account after the other, for 20 s at most; what was left out comes first the next time.

        Raises:
            LostLock: another worker has the job.
        """
        seen: list[tuple[LeaverAccount, Presence | None]] = []
        not_before = 0
        until = time.monotonic() + LOOK_TIMEOUT_SECONDS
        for account in leavers.accounts_to_check(self._ledger, self._team_id, job):
            try:
                seen.append((account, self._presence(account)))
            except Refusal as refusal:
                not_before = self._clock.real() + self._pause(job, refusal)
                break
            if time.monotonic() > until:
                break
        leavers.record_presence(self._ledger, self._team_id, job, seen, self._clock.now(), not_before)

    def _presence(self, account: LeaverAccount) -> Presence | None:
        """What Slack says of an account now; None where it has nobody of that id.

        Raises:
            Refusal: Slack did not say who that is now.
        """
        try:
            return presence(self._directory.person(account.slack_user_id), self._team_id)
        except UnknownPerson:
            return None

    def _pause(self, job: Job, refusal: Refusal) -> int:
        """Milliseconds: as Slack asks, and longer each time."""
        error = refusal.__cause__
        failure = failure_of(error) if isinstance(error, Exception) else None
        code = failure.code if failure else refusal.reason
        log.warning("Slack did not say who is still here", extra={"error": code, "attempt": job.attempts})
        return max(backoff(job.attempts, self._chance), failure.asked_pause_ms if failure else 0)
