"""Tell one person of something that became of a request: one message each, drawn anew with every state, and below it
a reply in its thread for what happens, which calls them, since Slack notifies of no other reply.

What runs to its end is shown so without a reply, where whoever has it could be reminded of that.
"""

from __future__ import annotations

from typing import Protocol

from approvals.errors import LostLock
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.ledger.told import Told
from approvals.outbox import notifications
from approvals.outbox.outdated_news import is_announced_end, is_outdated, present_kind
from approvals.queries.request_view import RequestView
from bot.slack.errors import SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage

MAX_REDRAWN = 3
"""Times that a message is drawn anew by a worker that others took over from."""
REPLIES_ALONE = (MessageKind.NOT_REMINDED, MessageKind.REVIEWED)
"""What is said of a request whose state it does not change."""


class DirectMessageRenderer(Protocol):
    """From a record to what a person reads of it."""

    def direct_message(self, kind: MessageKind, to: SlackUserId, record: RequestView) -> OutgoingMessage:
        """A direct message about a request; `to` is the person it is drawn for, which decides what it says."""
        ...

    def direct_reply(self, kind: MessageKind, to: SlackUserId, record: RequestView) -> OutgoingMessage:
        """A line in the thread of that message, which calls the person."""
        ...


class RequestMessages:
    """What a job of the kind `TELL` says, where it is about a request."""

    def __init__(self, out: Outgoing, ledger: Ledger, renderer: DirectMessageRenderer) -> None:
        self._out = out
        self._ledger = ledger
        self._renderer = renderer

    def tell(self, job: Job, record: RequestView) -> None:
        """Draw the message anew and reply to it, or post one where there is none; all of it may be done twice.

        Raises:
            SlackNotTaken: not now.
            SlackRefused: this person can never be told.
            LostLock: another worker has the job.
        """
        to = SlackUserId(str(job.payload["to"]))
        drawn_for = SlackUserId(str(job.payload.get("as") or to))
        kind = MessageKind(job.payload["what"])
        before = notifications.told_before(self._ledger, job)
        first = before.pop() if before else None
        # A program of the version before posted a message for each state.
        for each in before:
            self._shown(each, MessageKind.ENDED if kind is MessageKind.ENDED else each.kind, record)
            notifications.forget_told(self._ledger, each)
        if job.payload.get("quiet"):
            self._draw_alone(job, first, record)
        elif is_outdated(kind, record):
            notifications.finish_job(self._ledger, job)
        elif kind in REPLIES_ALONE:
            self._reply_alone(job, first, record, kind, drawn_for)
        elif first is not None and self._redrawn(job, first, record, kind) and self._followed(job, first, record, kind):
            self._finish(job, first, kind, record)
        else:
            if first is not None:
                notifications.forget_told(self._ledger, first)
            posted = self._out.post(to, self._renderer.direct_message(kind, drawn_for, record), job)
            told = Told(record.request.id, to, drawn_for, kind, posted.channel, posted.ts)
            self._finish(job, told, kind, record)

    def _redrawn(self, job: Job, first: Told, record: RequestView, kind: MessageKind) -> bool:
        """Whether the message is still there, and shows that kind."""
        if not self._shown(first, kind, record):
            return False
        try:
            notifications.check_held(self._ledger, job)
        except LostLock:
            self._draw_present(first, record)
            raise
        return True

    def _finish(self, job: Job, shown: Told, kind: MessageKind, record: RequestView) -> None:
        try:
            notifications.finish_told(self._ledger, job, shown, kind)
        except LostLock:
            self._draw_present(shown, record)
            raise

    def _draw_present(self, shown: Told, drawn: RequestView) -> None:
        """Whoever was stopped for so long that another worker went on may have drawn what was so before."""
        for _ in range(MAX_REDRAWN):
            now = notifications.view_of_request(self._ledger, drawn.request.id)
            if now is None or (now.request.version, now.grants) == (drawn.request.version, drawn.grants):
                return
            drawn = now
            self._shown(shown, present_kind(now), now)

    def _followed(self, job: Job, first: Told, record: RequestView, kind: MessageKind) -> bool:
        """Whether what happened stands in the thread as well, or need not."""
        if kind is MessageKind.ENDED and is_announced_end(record) and first.kind is not MessageKind.END_BLOCKED:
            return True
        message = self._renderer.direct_reply(kind, first.recipient, record)
        return self._out.reply(first.channel, first.ts, message, job)

    def _draw_alone(self, job: Job, first: Told | None, record: RequestView) -> None:
        """What happens to another request changes what can be done about this one."""
        if first is not None:
            # When it ends is another question by then.
            kind = MessageKind.GRANTED if first.kind is MessageKind.ENDING_SOON else first.kind
            if not (self._shown(first, kind, record) and record.running):
                notifications.forget_told(self._ledger, first)
        try:
            notifications.finish_job(self._ledger, job)
        except LostLock:
            if first is not None:
                self._draw_present(first, record)
            raise

    def _reply_alone(
        self, job: Job, first: Told | None, record: RequestView, kind: MessageKind, drawn_for: SlackUserId
    ) -> None:
        """What changes nothing about how a request stands is a reply and no more."""
        to = SlackUserId(str(job.payload["to"]))
        message = self._renderer.direct_message(kind, drawn_for, record)
        if first is None or not self._out.reply(first.channel, first.ts, message, job):
            self._out.post(to, message, job)
        notifications.finish_reply(self._ledger, job, first)

    def _shown(self, before: Told, kind: MessageKind, record: RequestView) -> bool:
        """Draw a message anew; whether it is still there."""
        try:
            message = self._renderer.direct_message(kind, before.drawn_for, record)
            self._out.update(before.channel, before.ts, message)
        except SlackRefused:
            return False
        return True
