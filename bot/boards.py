"""Post and redraw the boards of /pairec-status, and tell the channels that watch: jobs whose far side is Slack.

A board is a message of ours where the bot is in the conversation. Elsewhere it is sent to the address that came with
the command, which Slack takes five times: what is in between is left out before the last one is. Where another
organisation reads along, or Slack does not say who does, only whoever asked sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from http.client import HTTPException
from random import Random
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from approvals.errors import Refusal
from approvals.ledger import Ledger, jobs
from approvals.ledger.jobs import Job
from approvals.ledger.status import Change
from approvals.model import MINUTE
from approvals.operations import showing, watching
from approvals.operations.showing import Shown
from approvals.operations.watching import News
from approvals.ports import Clock
from approvals.status.plan import Plan
from bot.insisting import drawing
from bot.messenger import Message, is_shared
from bot.putting_off import put_off
from bot.slack_errors import MESSAGE_GONE, SHUT_OUT, THREAD_GONE, ReplyRefused, SharedChannel, code_of, passes

log = logging.getLogger(__name__)

REPLIES = 5
"""Uses of the address that comes with a command (docs.slack.dev, handling user interaction)."""
REPLY_WITHIN = 10
"""Seconds."""
AGAIN = 1_000
"""Milliseconds of real time after which a board that is not posted yet is looked for again."""


class Renderer(Protocol):
    def board(self, shown: Shown) -> Message: ...

    def changes(self, changes: Sequence[Change]) -> Message: ...


class Boards:
    def __init__(
        self,
        slack: WebClient,
        webhook: Callable[[str, int], WebhookClient],
        ledger: Ledger,
        clock: Clock,
        plan: Plan,
        renderer: Renderer,
        chance: Random,
    ) -> None:
        """`webhook` makes a client for an address at which Slack lets itself be answered within so many seconds."""
        self._slack = slack
        self._webhook = webhook
        self._ledger = ledger
        self._clock = clock
        self._plan = plan
        self._draw = renderer
        self._chance = chance
        self._open_until: dict[str, int] = {}
        """Channels that this organisation alone reads, and until when that is taken for granted."""

    def performs(self) -> dict[str, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {"board": self.board, "changes": self.changes}

    def board(self, job: Job) -> None:
        number = int(job.payload["board"])
        shown = showing.shown(self._ledger, self._plan, number)
        if shown is None:
            showing.given_up(self._ledger, job, number)
            return
        message = self._draw.board(shown)
        try:
            # A direct conversation that takes the bot's messages is with one person, who may see this.
            direct = shown.board.channel.startswith("D")
            closed = None if direct else self._closed(shown.board.channel)
            if closed:
                self._refused(job, shown, message, closed)
            elif shown.board.ts:
                with drawing(self._ledger, job, self._clock):
                    self._slack.chat_update(
                        channel=shown.board.channel, ts=shown.board.ts, text=message.text, blocks=message.blocks
                    )
                    self._done(job)
            elif shown.board.sent == 0:
                answer = self._slack.chat_postMessage(
                    channel=shown.board.channel,
                    text=message.text,
                    blocks=message.blocks,
                    unfurl_links=False,
                    metadata={"event_type": "pairec_status", "event_payload": {"job": job.id}},
                )
                showing.posted(self._ledger, job, shown.board, str(answer["ts"]))
            else:
                self._reply(job, shown, message)
        except SlackApiError as error:
            if passes(error):
                self._later(job, error)
            else:
                self._refused(job, shown, message, error)
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)

    def changes(self, job: Job) -> None:
        channel = str(job.payload["channel"])
        news = watching.news(self._ledger, channel)
        if news is None or not news.changes:
            self._done(job)
            return
        if news.board.ts is None:
            with self._ledger.write() as tx:
                jobs.again(tx, job, due_at=self._clock.now(), not_before_real=self._clock.real() + AGAIN)
            return
        message = self._draw.changes(news.changes)
        try:
            closed = self._closed(channel)
            if closed:
                self._not_told(job, news, closed)
                return
            self._slack.chat_postMessage(
                channel=channel,
                thread_ts=news.board.ts,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                metadata={"event_type": "pairec_status", "event_payload": {"job": job.id}},
            )
        except SlackApiError as error:
            if passes(error):
                self._later(job, error)
            else:
                self._not_told(job, news, error)
            return
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)
            return
        watching.told(self._ledger, job, news, self._clock.now())

    def _not_told(self, job: Job, news: News, error: Exception) -> None:
        """Slack does not let us post that under the board."""
        why = code_of(error)
        if why in THREAD_GONE and watching.ANEW not in job.payload:
            again = self._clock.real() + AGAIN
            watching.parent_gone(self._ledger, job, news, self._clock.now(), again)
        elif _lost(error):
            self._stop_watching(job, news.watch.channel, why)
        else:
            self._later(job, error)

    def _refused(self, job: Job, shown: Shown, message: Message, error: Exception) -> None:
        """Slack does not let us post or redraw it there, and that will not change by itself."""
        why = code_of(error)
        watched = shown.every is not None
        if shown.board.ts and why in MESSAGE_GONE and watched:
            showing.unposted(self._ledger, job, shown.board, self._clock.now())
        elif shown.board.reply_url and not shown.board.ts:
            self._reply(job, shown, message)
        elif watched and _lost(error):
            self._stop_watching(job, shown.board.channel, why)
        elif watched:
            # A watch ends when its channel is lost, not when one message is: a later drawing may be taken.
            self._later(job, error)
        else:
            log.warning("a board could not be shown", extra={"channel": shown.board.channel, "error": why})
            showing.given_up(self._ledger, job, shown.board.id)

    def _reply(self, job: Job, shown: Shown, message: Message) -> None:
        """The last use is kept for the last state. Whoever asked sees it alone, unless Slack says that nobody outside
        this organisation reads the channel."""
        board = shown.board
        left = REPLIES - board.sent
        if board.reply_url is None or left <= 0 or (left == 1 and not shown.finished):
            self._done(job)
            return
        openly = self._closed(board.channel) is None
        showing.replying(self._ledger, job, board)
        try:
            # Each send is a use of the address, so the SDK must not send again by itself.
            answer = self._webhook(board.reply_url, REPLY_WITHIN).send(
                text=message.text,
                blocks=message.blocks,
                response_type="in_channel" if openly else "ephemeral",
                replace_original=board.sent > 0,
            )
        except (SlackClientError, OSError, HTTPException) as error:
            self._not_taken(job, shown, error)
            return
        if answer.status_code == 429 or answer.status_code >= 500:
            self._not_taken(job, shown, ReplyRefused(answer.status_code, answer.headers))
            return
        if answer.status_code != 200:
            log.warning("a board could not be sent", extra={"channel": board.channel, "status": answer.status_code})
        gone = answer.status_code in (403, 404, 410)
        showing.replied(self._ledger, job, board, last=shown.finished or gone)

    def _not_taken(self, job: Job, shown: Shown, error: Exception) -> None:
        """The last state is sent until it is taken, or the address is spent; what comes before it has more to follow,
        so that a use which may have counted is left at that."""
        if shown.finished:
            showing.not_replied(self._ledger, job, shown.board)
        self._later(job, error)

    def _closed(self, channel: str) -> Exception | None:
        """Why what is posted there may be read outside this organisation; None where Slack says that it is not, as it
        did at most a minute ago. Anything else is asked anew: the bot may have been invited just now.

        Raises:
            SlackApiError: Slack cannot say now.
        """
        if self._clock.real() < self._open_until.get(channel, 0):
            return None
        try:
            found = self._slack.conversations_info(channel=channel)["channel"]
        except SlackApiError as error:
            if passes(error):
                raise
            return error
        if is_shared(found):
            return SharedChannel(channel)
        self._open_until[channel] = self._clock.real() + MINUTE
        return None

    def _stop_watching(self, job: Job, channel: str, why: str) -> None:
        """The bot was taken out of the channel, or the channel is no more, or others read it now: nobody is told."""
        log.warning("a channel is not watched any more", extra={"channel": channel, "error": why})
        try:
            watching.unwatch(self._ledger, channel, None, self._clock.now(), why)
        except Refusal:
            log.info("nobody watches there any more", extra={"channel": channel})
        self._done(job)

    def _done(self, job: Job) -> None:
        with self._ledger.write() as tx:
            jobs.finish(tx, job)

    def _later(self, job: Job, error: Exception) -> None:
        put_off(self._ledger, self._clock, self._chance, job, error)


def _lost(error: Exception) -> bool:
    """Whether the bot has nothing more to say in that channel."""
    return isinstance(error, SharedChannel) or code_of(error) in SHUT_OUT
