"""Who reads a channel: whether what is posted there stays within this organisation."""

from __future__ import annotations

from approvals.millis import MINUTE
from approvals.ports import Clock
from bot.slack.conversations import SHARED, is_shared
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing


class ChannelReaders:
    """Asks Slack, and takes its answer for granted for a minute where this organisation alone reads a channel."""

    def __init__(self, out: Outgoing, clock: Clock) -> None:
        self._out = out
        self._clock = clock
        self._open_until: dict[str, int] = {}

    def closed(self, channel: str) -> SlackRefused | None:
        """Why what is posted there may be read outside this organisation; None where Slack says that it is not, as it
        did at most a minute ago. Anything else is asked anew: the bot may have been invited just now.

        Raises:
            SlackNotTaken: Slack cannot say now.
        """
        if self._clock.steady() < self._open_until.get(channel, 0):
            return None
        try:
            found = self._out.conversation(channel)
        except SlackRefused as refused:
            return refused
        except SlackNotTaken as error:
            if error.kind is SlackErrorKind.MISSING_SCOPE:
                # Of this kind of conversation the bot may not ask it.
                return SlackRefused(error.failure)
            raise
        if is_shared(found):
            return SlackRefused(SHARED)
        self._open_until[channel] = self._clock.steady() + MINUTE
        return None
