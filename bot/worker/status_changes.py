"""Tell the channels that watch what changed: under their board, and in the channel as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.findings import Change
from approvals.ledger import Ledger, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.ports import Clock
from approvals.status import watches
from approvals.status.plan import StatusPlan
from approvals.status.watches import PendingChanges
from bot.slack.error_kinds import CLOSED, NOT_REPLIED_TO
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.boards import EVENT
from bot.worker.channel_readers import ChannelReaders
from bot.worker.lost_channel import stop_watching
from bot.worker.postpone import Postpone

BOARD_RETRY_MS = 1_000
"""Milliseconds of real time after which a board that is not posted yet is looked for again."""


class ChangesRenderer(Protocol):
    """From what changed on a board to what a channel reads of it."""

    def changes(self, changes: Sequence[Change]) -> OutgoingMessage:
        """What a watching channel is told."""
        ...


class StatusChanges:
    """A job for each watching channel that has not been told everything yet."""

    def __init__(
        self,
        out: Outgoing,
        readers: ChannelReaders,
        ledger: Ledger,
        clock: Clock,
        plan: StatusPlan,
        renderer: ChangesRenderer,
        postpone: Postpone,
    ) -> None:
        self._out = out
        self._readers = readers
        self._ledger = ledger
        self._clock = clock
        self._plan = plan
        self._renderer = renderer
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.CHANGES: self.tell}

    def tell(self, job: Job) -> None:
        """Tell the channel of the job what it has not been told, once its board is there.

        Raises:
            LostLock: another worker has the job.
        """
        channel = str(job.payload["channel"])
        news = watches.pending_changes(self._ledger, self._plan, channel)
        if news is None or not news.changes:
            with self._ledger.write() as tx:
                job_leases.finish(tx, job)
            return
        if news.board.ts is None:
            with self._ledger.write() as tx:
                job_leases.requeue(
                    tx, job, due_at=self._clock.now(), not_before_real=self._clock.real() + BOARD_RETRY_MS
                )
            return
        message = self._renderer.changes(news.changes)
        try:
            closed = self._readers.closed(channel)
            if closed:
                raise closed
            self._post(job, news, message)
        except SlackNotTaken as error:
            self._postpone(job, error)
        except SlackRefused as refused:
            self._not_told(job, news, refused)
        else:
            watches.changes_posted(self._ledger, job, news, self._clock.now())

    def _post(self, job: Job, news: PendingChanges, message: OutgoingMessage) -> None:
        """Under the board, and in the channel as well. Where no thread can be had, in the channel alone."""
        try:
            self._out.post(news.watch.channel, message, job, EVENT, thread=news.board.ts)
        except SlackRefused as refused:
            if refused.kind not in NOT_REPLIED_TO or watches.REPOSTED not in job.payload:
                raise
            self._out.post(news.watch.channel, message, job, EVENT)

    def _not_told(self, job: Job, news: PendingChanges, refused: SlackRefused) -> None:
        """Slack does not let us post that under the board."""
        if refused.kind in NOT_REPLIED_TO and watches.REPOSTED not in job.payload:
            again = self._clock.real() + BOARD_RETRY_MS
            watches.repost_board(self._ledger, job, news, self._clock.now(), again)
        elif refused.kind in CLOSED:
            stop_watching(self._ledger, self._clock, job, news.watch.channel, refused.code)
        else:
            self._postpone(job, refused)
