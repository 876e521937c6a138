"""Post and redraw the boards of /pairec-status: jobs whose far side is Slack.

A board is a message of ours where the bot is in the conversation; elsewhere it is a reply to the command.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from approvals.ledger import Ledger, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.outbox.enqueue import BOARDS_REDRAWN_FOR_MS
from approvals.ports import Clock
from approvals.status import boards
from approvals.status.boards import BoardView
from approvals.status.plan import StatusPlan
from bot.slack.error_kinds import CLOSED, NOT_REDRAWN
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.board_replies import BoardReplies
from bot.worker.channel_readers import ChannelReaders
from bot.worker.late_writes import redraw_if_late
from bot.worker.lost_channel import stop_watching
from bot.worker.postpone import Postpone, postponed_for

log = logging.getLogger(__name__)

EVENT = "pairec_status"


class BoardRenderer(Protocol):
    """From a board to what people see of it."""

    def board(self, shown: BoardView) -> OutgoingMessage:
        """All of a board, as it stands."""
        ...


class Boards:
    """A job for each board that is to be drawn, or drawn anew."""

    def __init__(
        self,
        out: Outgoing,
        replies: BoardReplies,
        readers: ChannelReaders,
        ledger: Ledger,
        clock: Clock,
        plan: StatusPlan,
        renderer: BoardRenderer,
        postpone: Postpone,
    ) -> None:
        self._out = out
        self._replies = replies
        self._readers = readers
        self._ledger = ledger
        self._clock = clock
        self._plan = plan
        self._renderer = renderer
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.BOARD: self.draw}

    def draw(self, job: Job) -> None:
        """Post or redraw the board of the job.

        Raises:
            LostLock: another worker has the job.
        """
        number = int(job.payload["board"])
        shown = boards.load_board_view(self._ledger, self._plan, number)
        if shown is None:
            boards.forget_board(self._ledger, job, number)
            return
        message = self._renderer.board(shown)
        try:
            # A direct conversation that takes the bot's messages is with one person, who may see this.
            direct = shown.board.channel.startswith("D")
            closed = None if direct else self._readers.closed(shown.board.channel)
            if closed:
                self._refused(job, shown, message, closed)
            elif shown.board.ts:
                with redraw_if_late(self._ledger, job, self._clock):
                    self._out.update(shown.board.channel, shown.board.ts, message)
                    with self._ledger.write() as tx:
                        job_leases.finish(tx, job)
            elif shown.board.sent == 0:
                posted = self._out.post(shown.board.channel, message, job, EVENT)
                boards.board_posted(self._ledger, job, shown.board, posted.ts)
            else:
                self._replies.send(job, shown, message)
        except SlackNotTaken as error:
            if shown.every is None and postponed_for(job, self._clock.now()) > BOARDS_REDRAWN_FOR_MS:
                boards.forget_board(self._ledger, job, shown.board.id)
            else:
                self._postpone(job, error)
        except SlackRefused as refused:
            self._refused(job, shown, message, refused)

    def _refused(self, job: Job, shown: BoardView, message: OutgoingMessage, refused: SlackRefused) -> None:
        """Slack does not let us post or redraw it there, and that will not change by itself."""
        why = refused.code
        watched = shown.every is not None
        if shown.board.ts and refused.kind in NOT_REDRAWN and watched:
            boards.repost_board(self._ledger, job, shown.board, self._clock.now())
        elif shown.board.reply_url and not shown.board.ts:
            self._replies.send(job, shown, message)
        elif watched and refused.kind in CLOSED:
            stop_watching(self._ledger, self._clock, job, shown.board.channel, why)
        elif watched:
            # A watch ends when its channel is lost, not when one message is: a later drawing may be taken.
            self._postpone(job, refused)
        else:
            log.warning("a board could not be shown", extra={"channel": shown.board.channel, "error": why})
            boards.forget_board(self._ledger, job, shown.board.id)
