"""Tell one person of something that became of a request, and see to what they were told before: a button that would do
nothing any more goes from there.

What runs to its end is shown so where it was said to be active, since whoever has it was reminded of that; whatever
else becomes of a request is a message of its own, of which Slack notifies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

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

ALWAYS_WORK = ("ask_again",)
"""Buttons that do what they say whatever became of the request."""


class DirectMessageRenderer(Protocol):
    """From a record to what a person reads of it."""

    def direct_message(self, kind: MessageKind, to: SlackUserId, record: RequestView) -> OutgoingMessage:
        """A direct message about a request; `to` is the person it is drawn for, which decides what it says."""
        ...


class RequestMessages:
    """What a job of the kind `TELL` says, where it is about a request."""

    def __init__(self, out: Outgoing, ledger: Ledger, renderer: DirectMessageRenderer) -> None:
        self._out = out
        self._ledger = ledger
        self._renderer = renderer

    def tell(self, job: Job, record: RequestView) -> None:
        """Redraw what was told before, then say it; both may be done twice.

        Raises:
            SlackNotTaken: not now.
            SlackRefused: this person can never be told.
            LostLock: another worker has the job.
        """
        to = SlackUserId(str(job.payload["to"]))
        drawn_for = SlackUserId(str(job.payload.get("as") or to))
        kind = MessageKind(job.payload["what"])
        message = self._renderer.direct_message(kind, drawn_for, record)
        before = notifications.told_before(self._ledger, job)
        if kind is MessageKind.NOT_REMINDED:
            self._below_asked(job, to, record, before, message)
            return
        quiet = bool(job.payload.get("quiet"))
        told = False
        if before and kind is MessageKind.ENDED and not quiet and _is_over_by_itself(record):
            told = self._redraw(before.pop(), message)
        for each in before:
            self._see_to(each, None if quiet else kind, record)
        if told or quiet:
            notifications.finish_job(self._ledger, job)
            return
        posted = self._out.post(to, message, job)
        has = Told(record.request.id, to, drawn_for, kind, posted.channel, posted.ts)
        notifications.finish_told(self._ledger, job, has if _has_buttons(message.blocks) else None)

    def _below_asked(
        self, job: Job, to: SlackUserId, record: RequestView, before: Sequence[Told], message: OutgoingMessage
    ) -> None:
        """In the thread of what says that it waits, as long as it does."""
        asked = next((each for each in before if each.kind is MessageKind.ASKED), None)
        if record.pending and not (asked and self._replied(job, asked, message)):
            self._out.post(to, message, job)
        notifications.finish_job(self._ledger, job)

    def _replied(self, job: Job, asked: Told, message: OutgoingMessage) -> bool:
        """Whether it is still there to be replied to."""
        try:
            self._out.post(asked.channel, message, job, thread=asked.ts, broadcast=False)
        except SlackRefused:
            return False
        return True

    def _see_to(self, before: Told, news: MessageKind | None, record: RequestView) -> None:
        over = news is MessageKind.ENDED and before.kind is not MessageKind.ASKED
        anew = self._renderer.direct_message(MessageKind.ENDED if over else before.kind, before.drawn_for, record)
        if not _has_buttons(anew.blocks):
            self._redraw(before, anew)
        elif news is None or news is MessageKind.SHORTENED:
            self._shown_still(before, anew)

    def _redraw(self, before: Told, message: OutgoingMessage) -> bool:
        """Whether it is still there; for the last time, either way."""
        shown = self._shown_still(before, message)
        if shown:
            notifications.forget_told(self._ledger, before)
        return shown

    def _shown_still(self, before: Told, message: OutgoingMessage) -> bool:
        """Whether it is still there; forgotten, where it is not."""
        try:
            self._out.update(before.channel, before.ts, message)
        except SlackRefused:
            notifications.forget_told(self._ledger, before)
            return False
        return True


def _is_over_by_itself(record: RequestView) -> bool:
    """Whether its time was up, and nothing of it is left."""
    causes = {grant.end_cause for grant in record.grants if grant.state is GrantState.ENDED}
    return causes == {EndCause.DEADLINE} and not any(grant.remains for grant in record.grants)


def _has_buttons(blocks: Sequence[dict[str, Any]]) -> bool:
    return any(
        element.get("action_id") not in ALWAYS_WORK
        for block in blocks
        if block.get("type") == "actions"
        for element in block["elements"]
    )
