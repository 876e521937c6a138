"""Anchors of the audit trail leave the house: to a webhook, a bucket of OSS, and a channel of Slack's. Each is tried
again, with pauses of at most 5 minutes, for as long as it takes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from random import Random
from typing import Protocol

from approvals.anchor import Anchor, AnchorTarget, signed_line
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.millis import SECOND
from approvals.operations.anchors import next_anchor, record_sent
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.signed_webhook import NotTaken
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.postpone import Postpone
from bot.worker.try_again import TryAgain

log = logging.getLogger(__name__)

SENT_WITHIN_MS = 30 * SECOND
"""Of the lease that has to be left before one is sent: nobody sends the next one while this one is under way."""
CHANNEL = "anchor_channel"
"""A condition."""


class AnchorRenderer(Protocol):
    """From an anchor to what a channel reads of it."""

    def anchor(self, anchor: Anchor, line: str) -> OutgoingMessage:
        """`line` is the signed one."""
        ...


class AnchorSender:
    """Performs the job of a webhook, or of a bucket."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        chance: Random,
        conditions: Conditions,
        secret: str,
        to: AnchorTarget,
        send: Callable[[Anchor, bytes], None],
    ) -> None:
        """`send` has it take the signed line, or raises NotTaken."""
        self._ledger = ledger
        self._clock = clock
        self._try_again = TryAgain(ledger, clock, chance)
        self._conditions = conditions
        self._secret = secret
        self._to = to
        self._send = send

    def perform(self, job: Job) -> None:
        """Send what is due, if anything.

        Raises:
            LostLock: another worker has the job.
        """
        anchor = next_anchor(self._ledger, job, self._to, self._clock.now())
        if anchor is None:
            return
        try:
            if job.leased_until - self._clock.steady() < SENT_WITHIN_MS:
                raise NotTaken("this machine is too slow")
            self._send(anchor, signed_line(anchor, self._secret).encode())
        except NotTaken as error:
            self._not_taken(job, anchor, str(error))
            return
        record_sent(self._ledger, job, anchor, self._clock.now())
        self._conditions.clear(f"anchor_{self._to}")
        log.info("the trail is anchored", extra={"to": self._to, "anchor": anchor.number, "entry": anchor.seq})

    def _not_taken(self, job: Job, anchor: Anchor, why: str) -> None:
        self._conditions.report(
            f"anchor_{self._to}", f"the {self._to} of {_SETTINGS[self._to]} does not take the trail's anchors: {why}"
        )
        log.warning("an anchor is not taken", extra={"anchor": anchor.number, "why": why, "attempt": job.attempts})
        self._try_again(job, why)


_SETTINGS = {AnchorTarget.WEBHOOK: "PAIREC_ANCHOR_URL", AnchorTarget.BUCKET: "PAIREC_ANCHOR_BUCKET"}


class ChannelAnchors:
    """Performs the job of the channel."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        conditions: Conditions,
        out: Outgoing,
        renderer: AnchorRenderer,
        postpone: Postpone,
        channel: str,
        secret: str,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._conditions = conditions
        self._out = out
        self._renderer = renderer
        self._postpone = postpone
        self._channel = channel
        self._secret = secret

    def post(self, job: Job) -> None:
        """Post what is due, if anything.

        Raises:
            LostLock: another worker has the job.
        """
        anchor = next_anchor(self._ledger, job, AnchorTarget.CHANNEL, self._clock.now())
        if anchor is None:
            return
        message = self._renderer.anchor(anchor, signed_line(anchor, self._secret))
        try:
            self._out.post(self._channel, message, job)
        except (SlackNotTaken, SlackRefused) as error:
            self._conditions.report(
                CHANNEL, f"Slack does not take the trail's anchors for PAIREC_ANCHOR_CHANNEL: {error.code}"
            )
            self._postpone(job, error)
            return
        record_sent(self._ledger, job, anchor, self._clock.now())
        self._conditions.clear(CHANNEL)
