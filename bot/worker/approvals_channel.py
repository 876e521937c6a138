"""Where approvers are told what they must know: in their channel, or else each of them in person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from approvals.ids import SlackUserId
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.slack.circuit_breaker import CONDITION as SLACK
from bot.slack.conversations import SHARED, is_shared
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import NotSent, SlackFailure, SlackNotTaken, SlackRefused
from bot.slack.outgoing import Occasion, Outgoing, OutgoingMessage, Posted

log = logging.getLogger(__name__)

LOOK_INTERVAL_MS = 10 * MINUTE
TRIES = 4
"""After so many, what the channel alone does not take goes to each approver as well."""
CONDITION = "approvers"
NO_CHANNEL = SlackFailure(SlackErrorKind.CONVERSATION_CLOSED, "no channel is set")


class ApprovalsChannel:
    """The channel that the settings name, if any, and who reads it."""

    def __init__(
        self,
        out: Outgoing,
        clock: Clock,
        conditions: Conditions,
        is_here: Callable[[SlackUserId], bool],
        channel: str | None,
    ) -> None:
        """`is_here`: whether a Slack account is a full member's now; Slack may go on listing others in a channel.
        `channel`: its id, where one is set.
        """
        self.id = channel
        self._out = out
        self._clock = clock
        self._conditions = conditions
        self._is_here = is_here
        self._fit = False
        self._look_at = 0
        self._heard: tuple[frozenset[str], int] = (frozenset(), 0)

    def post(self, message: OutgoingMessage, job: Occasion, *, thread: str | None = None) -> Posted:
        """Post there, once it is known that this organisation alone reads it. `thread`: as a reply to that message,
        in its thread alone.

        Raises:
            SlackRefused: it does not take it, is read by another organisation, or there is none.
            SlackNotTaken: not now.
        """
        if self.id is None:
            raise SlackRefused(NO_CHANNEL)
        if not self._is_fit(self.id):
            raise SlackRefused(SHARED)
        return self._out.post(self.id, message, job, thread=thread, broadcast=False)

    def reaches(self, people: Collection[SlackUserId]) -> bool | None:
        """Whether one of these reads the channel, as Slack said at most ten minutes ago; None where it does not say."""
        asked, until = self._heard
        now = self._clock.steady()
        if asked == frozenset(people) and now < until:
            return True
        try:
            found = self.id is not None and any(
                each in people and self._is_here(each) for each in self._out.members(self.id)
            )
        except NotSent as error:
            log.warning("Slack does not say who reads the approvals channel", extra={"error": error.code})
            return None
        if found:
            self._heard = frozenset(people), now + LOOK_INTERVAL_MS
        return found

    def refuses_alone(self, job: Job, error: SlackNotTaken) -> bool:
        """Whether it goes on not taking something while others do."""
        since = self._clock.steady() - MINUTE
        return job.attempts >= TRIES and self.id is not None and self._out.took_elsewhere(self.id, since)

    def report_unreachable(self, job: Job) -> None:
        """Nobody who approves can be told of something."""
        log.error("nobody who approves can be told", extra={"job": job.id})
        self._conditions.report(CONDITION, "no linked administrator can be reached in Slack")

    def clear_unreachable(self) -> None:
        """An approver was told of something."""
        self._conditions.clear(CONDITION)

    def _is_fit(self, channel: str) -> bool:
        """Whether this organisation alone reads it, as Slack said at most ten minutes ago."""
        now = self._clock.steady()
        if now >= self._look_at:
            try:
                found = self._out.conversation(channel)
            except SlackNotTaken as error:
                self._conditions.report(SLACK, f"Slack does not say who reads the approvals channel: {error.code}")
                raise
            self._fit = not is_shared(found)
            self._look_at = now + LOOK_INTERVAL_MS
        return self._fit
