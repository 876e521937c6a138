"""What becomes of a request or a grant at its time: jobs that change the ledger alone."""

from __future__ import annotations

from collections.abc import Callable

from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.operations import away, erase, expire, give_up_failed, other_ledger
from approvals.operations.onboarding.expire import expire_onboarding
from approvals.outbox import notifications
from approvals.ports import Clock


class Timers:
    """Each job is due at the moment of which it is."""

    def __init__(self, ledger: Ledger, clock: Clock, retention: int | None = None) -> None:
        """`retention`: milliseconds after which what people wrote in a request that is over goes; None keeps it."""
        self._ledger = ledger
        self._clock = clock
        self._retention = retention

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {
            JobKind.REMIND: self.remind,
            JobKind.EXPIRE: self.expire,
            JobKind.AWAY_ENDS: self.away_ends,
            JobKind.GIVE_UP_FAILED: self.give_up_failed,
            JobKind.EXPIRE_ONBOARDING: self.expire_onboarding,
            JobKind.OTHER_LEDGER: self.other_ledger,
            JobKind.ERASE: self.erase,
        }

    def remind(self, job: Job) -> None:
        """Some time before the end: remind those concerned, unless it ended before or goes on."""
        notifications.send_reminder(self._ledger, job, self._clock.now())

    def expire(self, job: Job) -> None:
        """A request's deadline has come."""
        expire.expire(self._ledger, job, self._clock.now())

    def away_ends(self, job: Job) -> None:
        """The moment has come until which somebody is away."""
        away.away_ends(self._ledger, job, self._clock.now())

    def give_up_failed(self, job: Job) -> None:
        """A request's time is up: what could not be attached until then is not tried again."""
        give_up_failed.give_up_failed(self._ledger, job, self._clock.now())

    def expire_onboarding(self, job: Job) -> None:
        """Nobody decided on a new RAM user in time."""
        expire_onboarding(self._ledger, job, self._clock.now())

    def other_ledger(self, job: Job) -> None:
        """Nobody clicked for a day on what names a request of another ledger: the notice about it is closed."""
        other_ledger.resolve_foreign_clicks(self._ledger, job, self._clock.now())

    def erase(self, job: Job) -> None:
        """Some of what people wrote in requests that are over for long enough."""
        if self._retention is None:
            notifications.finish_job(self._ledger, job)
        else:
            erase.erase_old(self._ledger, job, self._retention, self._clock.now())
