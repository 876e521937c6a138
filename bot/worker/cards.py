"""Post and redraw the cards of requests: jobs whose far side is Slack.

What is shown is drawn from the record, whole, each time it is sent. A card may come twice after a crash or an answer
that proves nothing; none is ever left out, as long as it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from approvals.ledger.cards import Card
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import MAX_UNSAID_PAUSE_MS, Job
from approvals.millis import DAY, MINUTE
from approvals.outbox import notifications
from approvals.queries.request_view import RequestView
from bot.slack.error_kinds import CLOSED
from bot.slack.errors import NotSent, SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.late_writes import redraw_if_late
from bot.worker.postpone import postponed_for
from bot.worker.to_approvers import ToApprovers

OUT_OF_REACH_MS = 7 * DAY
"""A card in a channel that the bot was taken out of is kept for so long, in case it is invited again."""
CHANNEL_RETRY_MS = MINUTE
"""Real time until a channel that refused a card is tried again."""


class CardRenderer(Protocol):
    """From a record to what people see of it."""

    def card(self, record: RequestView) -> OutgoingMessage:
        """The card of a request, for the approvals channel or an approver."""
        ...


class Cards:
    """A job for each card that is to be posted, or to be drawn anew."""

    def __init__(self, ways: ToApprovers, renderer: CardRenderer) -> None:
        self._ways = ways
        self._renderer = renderer

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.POST: self.post, JobKind.REDRAW: self.redraw}

    def post(self, job: Job) -> None:
        """Post a request's card in the channel, or to the one person that the job names."""
        record = notifications.view_of_request(self._ways.ledger, int(job.payload["request"]))
        if record is None or (job.attempts > 1 and not notifications.needs_card(record)):
            notifications.finish_job(self._ways.ledger, job)
            return
        to = job.payload.get("to")
        message = self._renderer.card(record)
        try:
            posted = self._ways.out.post(to, message, job) if to else self._ways.channel.post(message, job)
        except SlackNotTaken as error:
            if not to and self._ways.channel.refuses_alone(job, error):
                self._copies(job, record, error)
            self._ways.postpone(job, error)
        except SlackRefused as refused:
            if to:
                if not notifications.card_undeliverable(
                    self._ways.ledger, job, record, refused.code, self._ways.clock.now()
                ):
                    self._ways.channel.report_unreachable(job)
            else:
                self._to_each(job, record, refused)
        else:
            self._ways.channel.clear_unreachable()
            notifications.posted(self._ways.ledger, job, record, posted.channel, posted.ts, self._ways.clock.now())

    def _to_each(self, job: Job, record: RequestView, refused: SlackRefused) -> None:
        """The channel does not take it. One that may take it another time is asked again, ever more rarely."""
        copied = self._copies(job, record, refused)
        over = copied and (self._ways.channel.id is None or not notifications.needs_card(record))
        late = not record.pending and postponed_for(job, self._ways.clock.now()) > OUT_OF_REACH_MS
        if over or late:
            notifications.finish_job(self._ways.ledger, job)
            return
        pause = min(CHANNEL_RETRY_MS << min(job.attempts - 1, 5), MAX_UNSAID_PAUSE_MS)
        self._ways.postpone(job, refused, at_least=pause)

    def _copies(self, job: Job, record: RequestView, error: NotSent) -> bool:
        """Have each approver get a copy, once. Whether there is anybody to get one."""
        if job.payload.get(notifications.COPIED):
            return True
        people = self._ways.approvers.of(record.request)
        if not people:
            self._ways.channel.report_unreachable(job)
            return False
        notifications.post_copies(self._ways.ledger, job, record, people, error.code, self._ways.clock.now())
        return True

    def redraw(self, job: Job) -> None:
        """Draw a card that was posted as the request stands now."""
        found = notifications.card_and_view(self._ways.ledger, int(job.payload["card"]))
        if found is None:
            notifications.finish_job(self._ways.ledger, job)
            return
        card, record = found
        with redraw_if_late(self._ways.ledger, job, self._ways.clock):
            try:
                self._ways.out.update(card.channel, card.ts, self._renderer.card(record))
            except SlackNotTaken as error:
                self._ways.postpone(job, error)
            except SlackRefused as refused:
                self._not_redrawn(job, card, record, refused)
            else:
                notifications.redrawn(self._ways.ledger, job, card, record.request.version, self._ways.clock.now())

    def _not_redrawn(self, job: Job, card: Card, record: RequestView, refused: SlackRefused) -> None:
        """What somebody deleted is gone. What stands in a channel that the bot was taken out of is still looked at."""
        now = self._ways.clock.now()
        if refused.kind not in CLOSED or card.channel.startswith("D"):
            notifications.card_gone(self._ways.ledger, job, card, record, refused.code, now, self._ways.channel.id)
        elif postponed_for(job, now) > OUT_OF_REACH_MS:
            notifications.forget_card(self._ways.ledger, job, card)
        else:
            notifications.card_unreachable(self._ways.ledger, job, card, record, now, self._ways.channel.id)
            self._ways.postpone(job, refused)
