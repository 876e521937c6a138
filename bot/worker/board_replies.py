"""A board where the app is not in the conversation: sent to the address that came with the command.

Slack takes that five times: what is in between is left out before the last one is. Where another organisation reads
along, or Slack does not say who does, only whoever asked sees it.
"""

from __future__ import annotations

import logging

from approvals.ledger import Ledger, job_leases
from approvals.ledger.jobs import Job
from approvals.millis import HOUR
from approvals.ports import Clock
from approvals.status import boards
from approvals.status.boards import BoardView
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.slack.replies import ReplyAddresses
from bot.worker.channel_readers import ChannelReaders
from bot.worker.postpone import Postpone, postponed_for

log = logging.getLogger(__name__)

REPLIES = 5
"""Uses of the address that comes with a command (docs.slack.dev, handling user interaction)."""
REPLY_TIMEOUT_SECONDS = 10
"""Seconds."""
REPLIED_FOR = HOUR
"""The address is good for half an hour; a clock may differ."""


class BoardReplies:
    """Sends a drawing of a board, or leaves it out."""

    def __init__(
        self, replies: ReplyAddresses, readers: ChannelReaders, ledger: Ledger, clock: Clock, postpone: Postpone
    ) -> None:
        self._replies = replies
        self._readers = readers
        self._ledger = ledger
        self._clock = clock
        self._postpone = postpone

    def send(self, job: Job, shown: BoardView, message: OutgoingMessage) -> None:
        """The last use is kept for the last state. Whoever asked sees it alone, unless Slack says that nobody outside
        this organisation reads the channel.

        Raises:
            LostLock: another worker draws it now.
            SlackNotTaken: Slack cannot say now who reads the channel.
        """
        board = shown.board
        left = REPLIES - board.sent
        if board.reply_url is None or left <= 0 or (left == 1 and not shown.finished):
            with self._ledger.write() as tx:
                job_leases.finish(tx, job)
            return
        openly = self._readers.closed(board.channel) is None
        boards.record_reply(self._ledger, job, board)
        last = shown.finished
        try:
            self._replies.send(
                board.reply_url,
                message.text,
                message.blocks,
                within=REPLY_TIMEOUT_SECONDS,
                everybody=openly,
                replace=board.sent > 0,
            )
        except SlackNotTaken as error:
            self._not_taken(job, shown, error)
            return
        except SlackRefused as refused:
            log.warning("a board could not be sent", extra={"channel": board.channel, "error": refused.code})
            last = last or refused.kind is SlackErrorKind.REPLY_SPENT
        boards.reply_sent(self._ledger, job, board, last=last)

    def _not_taken(self, job: Job, shown: BoardView, error: SlackNotTaken) -> None:
        """The last state is sent until it is taken, or the address is spent; what comes before it has more to follow,
        so that a use which may have counted is left at that.
        """
        if shown.finished and postponed_for(job, self._clock.now()) > REPLIED_FOR:
            boards.forget_board(self._ledger, job, shown.board.id)
            return
        if shown.finished:
            boards.undo_reply(self._ledger, job, shown.board)
        self._postpone(job, error)
