"""Tell one person of something that became of a request: one message each, drawn anew with every state, and below it
a reply in its thread for what happens, which calls them, since Slack notifies of no other reply.

What runs to its end is shown so without a reply, since whoever has it was reminded of that.
"""

from __future__ import annotations

from typing import Protocol

from approvals.grant import EndCause, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger
from approvals.ledger.jobs import Job
from approvals.ledger.told import Told
from approvals.outbox import notifications
from approvals.queries.request_view import RequestView
from bot.slack.errors import SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage


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
        if kind is MessageKind.NOT_REMINDED:
            self._reply_alone(job, first, record)
            return
        # A program of the version before posted a message for each state.
        for each in before:
            self._shown(each, MessageKind.ENDED if kind is MessageKind.ENDED else each.kind, record)
            notifications.forget_told(self._ledger, each)
        if job.payload.get("quiet"):
            self._draw_alone(job, first, record)
        elif first is not None and self._shown(first, kind, record):
            if not (kind is MessageKind.ENDED and _is_over_by_itself(record)):
                reply = self._renderer.direct_reply(kind, to, record)
                self._out.post(first.channel, reply, job, thread=first.ts, broadcast=False)
            notifications.finish_told(self._ledger, job, first, kind)
        else:
            if first is not None:
                notifications.forget_told(self._ledger, first)
            posted = self._out.post(to, self._renderer.direct_message(kind, drawn_for, record), job)
            told = Told(record.request.id, to, drawn_for, kind, posted.channel, posted.ts)
            notifications.finish_told(self._ledger, job, told, kind)

    def _draw_alone(self, job: Job, first: Told | None, record: RequestView) -> None:
        """What happens to another request changes what can be done about this one."""
        if first is not None and not (self._shown(first, first.kind, record) and record.running):
            notifications.forget_told(self._ledger, first)
        notifications.finish_job(self._ledger, job)

    def _reply_alone(self, job: Job, first: Told | None, record: RequestView) -> None:
        """What changes nothing about a request is a reply and no more, as long as that waits."""
        to = SlackUserId(str(job.payload["to"]))
        if record.pending:
            message = self._renderer.direct_message(MessageKind.NOT_REMINDED, to, record)
            if first is None or not self._replied(job, first, message):
                self._out.post(to, message, job)
        notifications.finish_job(self._ledger, job)

    def _replied(self, job: Job, first: Told, message: OutgoingMessage) -> bool:
        """Whether it is still there to be replied to."""
        try:
            self._out.post(first.channel, message, job, thread=first.ts, broadcast=False)
        except SlackRefused:
            return False
        return True

    def _shown(self, before: Told, kind: MessageKind, record: RequestView) -> bool:
        """Draw a message anew; whether it is still there."""
        try:
            message = self._renderer.direct_message(kind, before.drawn_for, record)
            self._out.update(before.channel, before.ts, message)
        except SlackRefused:
            return False
        return True


def _is_over_by_itself(record: RequestView) -> bool:
    """Whether its time was up, and nothing of it is left."""
    causes = {grant.end_cause for grant in record.grants if grant.state is GrantState.ENDED}
    return causes == {EndCause.DEADLINE} and not any(grant.remains for grant in record.grants)
