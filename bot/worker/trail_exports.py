"""The audit trail leaves the house entry by entry: to a file, and to a webhook."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol

from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.ledger.trail_exports import ExportTarget
from approvals.millis import SECOND
from approvals.operations.trail_export import LastExported, next_batch, record_taken
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.export_file import open_export
from bot.signed_webhook import JSON_LINES, NotTaken, SignedWebhook
from bot.worker.try_again import TryAgain

log = logging.getLogger(__name__)

TAKEN_WITHIN_MS = 30 * SECOND
"""Of the lease that has to be left before a batch is handed on: nobody hands on the next one meanwhile."""


class Taker(Protocol):
    """What the trail is handed to."""

    last: LastExported | None
    """The last entry that it has, where it knows that itself."""

    def take(self, lines: Sequence[bytes]) -> None:
        """Have it take these.

        Raises:
            NotTaken: it is not known to have them.
        """
        ...


class WebhookTaker:
    """Takes lines by a webhook."""

    last: LastExported | None = None

    def __init__(self, webhook: SignedWebhook, clock: Clock) -> None:
        self._webhook = webhook
        self._clock = clock

    def take(self, lines: Sequence[bytes]) -> None:
        """Send them in one call.

        Raises:
            NotTaken: it did not say that it has them.
        """
        self._webhook.send(b"".join(lines), self._clock.real() // SECOND, JSON_LINES)


class TrailExports:
    """Performs the job of one target."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        chance: Random,
        conditions: Conditions,
        to: ExportTarget,
        opened: Callable[[], AbstractContextManager[Taker]],
    ) -> None:
        """`opened` raises NotTaken where the target cannot be used."""
        self._ledger = ledger
        self._clock = clock
        self._try_again = TryAgain(ledger, clock, chance)
        self._conditions = conditions
        self._to = to
        self._opened = opened
        self._condition = f"audit_export_{to}"

    def perform(self, job: Job) -> None:
        """Hand on what comes next, if anything.

        Raises:
            LostLock: another worker has the job.
        """
        try:
            with self._opened() as taker:
                batch = next_batch(self._ledger, job, self._to, taker.last)
                if batch:
                    if job.leased_until - self._clock.steady() < TAKEN_WITHIN_MS:
                        raise NotTaken("this machine is too slow")
                    taker.take([f"{entry.line}\n".encode(errors="backslashreplace") for entry in batch])
                record_taken(self._ledger, job, self._to, batch, self._clock.now())
        except NotTaken as error:
            why = str(error)
            self._conditions.report(self._condition, f"{_SETTINGS[self._to]} does not take the audit trail: {why}")
            log.warning("entries are not taken", extra={"to": self._to, "why": why, "attempt": job.attempts})
            self._try_again(job, why)
            return
        self._conditions.clear(self._condition)


_SETTINGS = {
    ExportTarget.FILE: "the file of PAIREC_AUDIT_EXPORT_PATH",
    ExportTarget.WEBHOOK: "the webhook of PAIREC_AUDIT_EXPORT_URL",
}


def file_opened(path: Path) -> Callable[[], AbstractContextManager[Taker]]:
    """For the file."""
    return partial(open_export, path)


def webhook_opened(webhook: SignedWebhook, clock: Clock) -> Callable[[], AbstractContextManager[Taker]]:
    """For the webhook."""
    taker: Taker = WebhookTaker(webhook, clock)
    return lambda: nullcontext(taker)
