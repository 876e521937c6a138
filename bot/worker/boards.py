"""Post and redraw the boards of /pairec-status, and tell the channels that watch: jobs whose far side is Slack.

A board is a message of ours where the bot is in the conversation. Elsewhere it is sent to the address that came with
the command, which Slack takes five times: what is in between is left out before the last one is. Where another
organisation reads along, or Slack does not say who does, only whoever asked sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from random import Random
from typing import Protocol

from approvals.errors import Refusal
from approvals.findings import Change
from approvals.ledger import Ledger, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.model import HOUR, MINUTE
from approvals.outbox.enqueue import BOARDS_REDRAWN_FOR_MS
from approvals.ports import Clock
from approvals.status import boards, watches
from approvals.status.boards import BoardView
from approvals.status.plan import StatusPlan
from approvals.status.watches import News
from bot.slack.conversations import SHARED, is_shared
from bot.slack.errors import (
    CLOSED,
    NOT_REDRAWN,
    NOT_REPLIED_TO,
    NotSent,
    SlackErrorKind,
    SlackNotTaken,
    SlackRefused,
)
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.slack.replies import ReplyAddresses
from bot.worker.late_writes import redraw_if_late
from bot.worker.postpone import postpone, postponed_for

log = logging.getLogger(__name__)

REPLIES = 5
"""Uses of the address that comes with a command (docs.slack.dev, handling user interaction)."""
REPLY_TIMEOUT_SECONDS = 10
"""Seconds."""
REPLIED_FOR = HOUR
"""The address is good for half an hour; a clock may differ."""
EVENT = "pairec_status"
BOARD_RETRY_MS = 1_000
"""Milliseconds of real time after which a board that is not posted yet is looked for again."""


class BoardRenderer(Protocol):
    def board(self, shown: BoardView) -> OutgoingMessage: ...

    def changes(self, changes: Sequence[Change]) -> OutgoingMessage: ...


class Boards:
    def __init__(
        self,
        out: Outgoing,
        replies: ReplyAddresses,
        ledger: Ledger,
        clock: Clock,
        plan: StatusPlan,
        renderer: BoardRenderer,
        chance: Random,
    ) -> None:
        self._out = out
        self._replies = replies
        self._ledger = ledger
        self._clock = clock
        self._plan = plan
        self._draw = renderer
        self._chance = chance
        self._open_until: dict[str, int] = {}
        """Channels that this organisation alone reads, and until when that is taken for granted."""

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.BOARD: self.board, JobKind.CHANGES: self.changes}

    def board(self, job: Job) -> None:
        number = int(job.payload["board"])
        shown = boards.shown(self._ledger, self._plan, number)
        if shown is None:
            boards.given_up(self._ledger, job, number)
            return
        message = self._draw.board(shown)
        try:
            # A direct conversation that takes the bot's messages is with one person, who may see this.
            direct = shown.board.channel.startswith("D")
            closed = None if direct else self._closed(shown.board.channel)
            if closed:
                self._refused(job, shown, message, closed)
            elif shown.board.ts:
                with redraw_if_late(self._ledger, job, self._clock):
                    self._out.update(shown.board.channel, shown.board.ts, message)
                    self._done(job)
            elif shown.board.sent == 0:
                posted = self._out.post(shown.board.channel, message, job, EVENT)
                boards.posted(self._ledger, job, shown.board, posted.ts)
            else:
                self._reply(job, shown, message)
        except SlackNotTaken as error:
            if shown.every is None and postponed_for(job, self._clock.now()) > BOARDS_REDRAWN_FOR_MS:
                boards.given_up(self._ledger, job, shown.board.id)
            else:
                self._later(job, error)
        except SlackRefused as refused:
            self._refused(job, shown, message, refused)

    def changes(self, job: Job) -> None:
        channel = str(job.payload["channel"])
        news = watches.news(self._ledger, channel)
        if news is None or not news.changes:
            self._done(job)
            return
        if news.board.ts is None:
            with self._ledger.write() as tx:
                job_leases.requeue(
                    tx, job, due_at=self._clock.now(), not_before_real=self._clock.real() + BOARD_RETRY_MS
                )
            return
        message = self._draw.changes(news.changes)
        try:
            closed = self._closed(channel)
            if closed:
                raise closed
            self._tell(job, news, message)
        except SlackNotTaken as error:
            self._later(job, error)
        except SlackRefused as refused:
            self._not_told(job, news, refused)
        else:
            watches.told(self._ledger, job, news, self._clock.now())

    def _tell(self, job: Job, news: News, message: OutgoingMessage) -> None:
        """Under the board, and in the channel as well. Where no thread can be had, in the channel alone."""
        try:
            self._out.post(news.watch.channel, message, job, EVENT, thread=news.board.ts)
        except SlackRefused as refused:
            if refused.kind not in NOT_REPLIED_TO or watches.ANEW not in job.payload:
                raise
            self._out.post(news.watch.channel, message, job, EVENT)

    def _not_told(self, job: Job, news: News, refused: SlackRefused) -> None:
        """Slack does not let us post that under the board."""
        if refused.kind in NOT_REPLIED_TO and watches.ANEW not in job.payload:
            again = self._clock.real() + BOARD_RETRY_MS
            watches.parent_gone(self._ledger, job, news, self._clock.now(), again)
        elif refused.kind in CLOSED:
            self._stop_watching(job, news.watch.channel, refused.code)
        else:
            self._later(job, refused)

    def _refused(self, job: Job, shown: BoardView, message: OutgoingMessage, refused: SlackRefused) -> None:
        """Slack does not let us post or redraw it there, and that will not change by itself."""
        why = refused.code
        watched = shown.every is not None
        if shown.board.ts and refused.kind in NOT_REDRAWN and watched:
            boards.unposted(self._ledger, job, shown.board, self._clock.now())
        elif shown.board.reply_url and not shown.board.ts:
            self._reply(job, shown, message)
        elif watched and refused.kind in CLOSED:
            self._stop_watching(job, shown.board.channel, why)
        elif watched:
            # A watch ends when its channel is lost, not when one message is: a later drawing may be taken.
            self._later(job, refused)
        else:
            log.warning("a board could not be shown", extra={"channel": shown.board.channel, "error": why})
            boards.given_up(self._ledger, job, shown.board.id)

    def _reply(self, job: Job, shown: BoardView, message: OutgoingMessage) -> None:
        """The last use is kept for the last state. Whoever asked sees it alone, unless Slack says that nobody outside
        this organisation reads the channel.
        """
        board = shown.board
        left = REPLIES - board.sent
        if board.reply_url is None or left <= 0 or (left == 1 and not shown.finished):
            self._done(job)
            return
        openly = self._closed(board.channel) is None
        boards.replying(self._ledger, job, board)
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
        boards.replied(self._ledger, job, board, last=last)

    def _not_taken(self, job: Job, shown: BoardView, error: SlackNotTaken) -> None:
        """The last state is sent until it is taken, or the address is spent; what comes before it has more to follow,
        so that a use which may have counted is left at that.
        """
        if shown.finished and postponed_for(job, self._clock.now()) > REPLIED_FOR:
            boards.given_up(self._ledger, job, shown.board.id)
            return
        if shown.finished:
            boards.not_replied(self._ledger, job, shown.board)
        self._later(job, error)

    def _closed(self, channel: str) -> SlackRefused | None:
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

    def _stop_watching(self, job: Job, channel: str, why: str) -> None:
        """The bot was taken out of the channel, or the channel is no more, or others read it now: nobody is told."""
        log.warning("a channel is not watched any more", extra={"channel": channel, "error": why})
        try:
            watches.unwatch(self._ledger, channel, None, self._clock.now(), why)
        except Refusal:
            log.info("nobody watches there any more", extra={"channel": channel})
        self._done(job)

    def _done(self, job: Job) -> None:
        with self._ledger.write() as tx:
            job_leases.finish(tx, job)

    def _later(self, job: Job, error: NotSent) -> None:
        postpone(self._ledger, self._clock, self._chance, job, error)
