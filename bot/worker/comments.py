"""Tell people what somebody said about a request: the requester in person, approvers below its card with a mention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.comments import Comment
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.outbox import comments, notifications, reminders
from approvals.queries.request_view import RequestView
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.below_card import posted_below_card
from bot.worker.reminders import MAX_REMINDED
from bot.worker.to_approvers import ToApprovers


class CommentRenderer(Protocol):
    """From a record to what people see of it."""

    def comment(
        self, record: RequestView, said: Comment, mentioned: Sequence[SlackUserId], to: SlackUserId | None = None
    ) -> OutgoingMessage:
        """What somebody said about a request, in a channel, where `mentioned` are called by it, or for one person."""
        ...


class Comments:
    """A job for each comment, and for each person who is told of one."""

    def __init__(self, ways: ToApprovers, renderer: CommentRenderer) -> None:
        self._ways = ways
        self._renderer = renderer

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.COMMENT: self.tell}

    def tell(self, job: Job) -> None:
        """Say it below the card, or to the one person that the job names.

        Raises:
            LostLock: another worker has the job.
        """
        found = comments.comment_of_job(self._ways.ledger, job)
        if found is None:
            notifications.finish_job(self._ways.ledger, job)
            return
        try:
            if to := job.payload.get("to"):
                self._one(job, *found, SlackUserId(to))
            else:
                self._approvers(job, *found)
        except (SlackNotTaken, Refusal) as error:
            self._ways.postpone(job, error)

    def _approvers(self, job: Job, record: RequestView, said: Comment) -> None:
        ledger = self._ways.ledger
        away = reminders.away_until(ledger, record.request)
        asked = [each for each in self._ways.approvers.yet_to_decide(record) if said.by not in each.ids]
        # Where everybody is away it is for them all the same: nobody else would hear of it.
        here = [each for each in asked if not each.ids & away.keys()] or asked
        people = [each.user_id for each in here][:MAX_REMINDED]
        if posted_below_card(self._ways, job, record.request.id, self._renderer.comment(record, said, people)):
            notifications.finish_job(ledger, job)
        else:
            comments.send_to_each(ledger, job, people, self._ways.clock.now())

    def _one(self, job: Job, record: RequestView, said: Comment, to: SlackUserId) -> None:
        below = comments.thread_of(self._ways.ledger, record, to)
        message = self._renderer.comment(record, said, (to,) if below else (), to)
        try:
            if below is None or not self._ways.out.reply(below.channel, below.ts, message, job):
                self._ways.out.post(to, message, job)
        except SlackRefused as refused:
            notifications.undeliverable(self._ways.ledger, job, refused.code, self._ways.clock.now())
        else:
            notifications.finish_job(self._ways.ledger, job)
