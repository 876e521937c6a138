"""Post and redraw cards, tell people, draw App Home: the jobs whose far side is Slack.

What is shown is drawn from the record, whole, each time it is sent; only a private answer was drawn when it was given.
A message may arrive twice after a crash or an answer that proves nothing; none is ever left out, as long as it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple, Protocol

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import Ledger
from approvals.ledger.cards import Card
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import MAX_UNSAID_PAUSE_MS, Job
from approvals.millis import DAY, MINUTE
from approvals.operations import expire, give_up_failed, other_ledger
from approvals.outbox import notifications
from approvals.ports import Clock
from approvals.queries.request_view import RequestView
from bot.directory.approvers import Approvers
from bot.slack.error_kinds import CLOSED
from bot.slack.errors import NotSent, SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.approvals_channel import ApprovalsChannel
from bot.worker.late_writes import redraw_if_late
from bot.worker.postpone import postpone, postponed_for

MESSAGE_RETRIED_MS = 7 * DAY
"""What a person is told is of no more use when it comes so late."""
OUT_OF_REACH_MS = 7 * DAY
"""A card in a channel that the bot was taken out of is kept for so long, in case it is invited again."""
CHANNEL_RETRY_MS = MINUTE
"""Real time until a channel that refused a card is tried again."""
HOME_RETRIED_MS = 30 * DAY
"""Whoever opened App Home looks at it for so long."""


class DrawnMessage(NamedTuple):
    """A message that was drawn when it was put into the ledger."""

    text: str
    blocks: list[dict[str, Any]]


class MessageRenderer(Protocol):
    """From a record to what a person sees."""

    def card(self, record: RequestView) -> OutgoingMessage:
        """The card of a request, for the approvals channel or an approver."""
        ...

    def direct_message(self, what: MessageKind, to: SlackUserId, record: RequestView) -> OutgoingMessage:
        """A direct message about a request; `to` is the person it is drawn for, which decides what it says."""
        ...

    def home(self, to: SlackUserId) -> dict[str, Any]:
        """The App Home view of one person. Refusal where what it shows cannot be read now."""
        ...


class Notifier:
    """Performs the jobs that show people how a request stands, and those that only keep the ledger's time."""

    def __init__(
        self,
        out: Outgoing,
        ledger: Ledger,
        clock: Clock,
        renderer: MessageRenderer,
        channel: ApprovalsChannel,
        approvers: Approvers,
        tell_alarm: Callable[[Job], None],
        chance: Random,
    ) -> None:
        self._out = out
        self._ledger = ledger
        self._clock = clock
        self._renderer = renderer
        self._channel = channel
        self._approvers = approvers
        self._tell_alarm = tell_alarm
        self._chance = chance

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does in Slack, by the kind of job."""
        return {
            JobKind.POST: self.post,
            JobKind.REDRAW: self.redraw,
            JobKind.TELL: self.tell,
            JobKind.ANSWER: self.answer,
        }

    def timed_performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does in the ledger alone."""
        return {
            JobKind.REMIND: self.remind,
            JobKind.EXPIRE: self.expire,
            JobKind.GIVE_UP_FAILED: self.give_up_failed,
            JobKind.OTHER_LEDGER: self.other_ledger,
        }

    def post(self, job: Job) -> None:
        """Post a request's card in the channel, or to the one person that the job names."""
        record = notifications.view_of_request(self._ledger, int(job.payload["request"]))
        if record is None or (job.attempts > 1 and not notifications.needs_card(record)):
            notifications.finish_job(self._ledger, job)
            return
        to = job.payload.get("to")
        message = self._renderer.card(record)
        try:
            posted = self._out.post(to, message, job) if to else self._channel.post(message, job)
        except SlackNotTaken as error:
            if not to and self._channel.refuses_alone(job, error):
                self._copies(job, record, error)
            self._postpone(job, error)
        except SlackRefused as refused:
            if to:
                if not notifications.card_undeliverable(self._ledger, job, record, refused.code, self._clock.now()):
                    self._channel.report_unreachable(job)
            else:
                self._to_each(job, record, refused)
        else:
            self._channel.clear_unreachable()
            notifications.posted(self._ledger, job, record, posted.channel, posted.ts, self._clock.now())

    def _to_each(self, job: Job, record: RequestView, refused: SlackRefused) -> None:
        """The channel does not take it. One that may take it another time is asked again, ever more rarely."""
        copied = self._copies(job, record, refused)
        over = copied and (self._channel.id is None or not notifications.needs_card(record))
        late = not record.pending and postponed_for(job, self._clock.now()) > OUT_OF_REACH_MS
        if over or late:
            notifications.finish_job(self._ledger, job)
            return
        pause = min(CHANNEL_RETRY_MS << min(job.attempts - 1, 5), MAX_UNSAID_PAUSE_MS)
        postpone(self._ledger, self._clock, self._chance, job, refused, at_least=pause)

    def _copies(self, job: Job, record: RequestView, error: NotSent) -> bool:
        """Have each approver get a copy, once. Whether there is anybody to get one."""
        if job.payload.get(notifications.COPIED):
            return True
        people = self._approvers.of(record.request)
        if not people:
            self._channel.report_unreachable(job)
            return False
        notifications.post_copies(self._ledger, job, record, people, error.code, self._clock.now())
        return True

    def redraw(self, job: Job) -> None:
        """Draw a card that was posted as the request stands now."""
        found = notifications.card_and_view(self._ledger, int(job.payload["card"]))
        if found is None:
            notifications.finish_job(self._ledger, job)
            return
        card, record = found
        with redraw_if_late(self._ledger, job, self._clock):
            try:
                self._out.update(card.channel, card.ts, self._renderer.card(record))
            except SlackNotTaken as error:
                self._postpone(job, error)
            except SlackRefused as refused:
                self._not_redrawn(job, card, record, refused)
            else:
                notifications.redrawn(self._ledger, job, card, record.request.version, self._clock.now())

    def _not_redrawn(self, job: Job, card: Card, record: RequestView, refused: SlackRefused) -> None:
        """What somebody deleted is gone. What stands in a channel that the bot was taken out of is still looked at."""
        now = self._clock.now()
        if refused.kind not in CLOSED or card.channel.startswith("D"):
            notifications.card_gone(self._ledger, job, card, record, refused.code, now, self._channel.id)
        elif postponed_for(job, now) > OUT_OF_REACH_MS:
            notifications.forget_card(self._ledger, job, card)
        else:
            notifications.card_unreachable(self._ledger, job, card, record, now, self._channel.id)
            self._postpone(job, refused)

    def tell(self, job: Job) -> None:
        """Tell one person of something that became of a request, or of an alarm."""
        if "grant" in job.payload:
            self._tell_alarm(job)
            return
        record = notifications.view_of_request(self._ledger, int(job.payload["request"]))
        if record is None:
            notifications.finish_job(self._ledger, job)
            return
        to = SlackUserId(str(job.payload["to"]))
        drawn_for = SlackUserId(str(job.payload.get("as") or to))
        self._send(job, to, self._renderer.direct_message(MessageKind(job.payload["what"]), drawn_for, record))

    def answer(self, job: Job) -> None:
        """Send somebody a private answer, which was drawn when it was given."""
        self._send(job, str(job.payload["to"]), DrawnMessage(str(job.payload["text"]), job.payload["blocks"]))

    def _send(self, job: Job, to: str, message: OutgoingMessage) -> None:
        try:
            self._out.post(to, message, job)
        except SlackNotTaken as error:
            self._postpone(job, error, MESSAGE_RETRIED_MS)
        except SlackRefused as refused:
            notifications.undeliverable(self._ledger, job, refused.code, self._clock.now())
        else:
            notifications.finish_job(self._ledger, job)

    def remind(self, job: Job) -> None:
        """An hour before the end: tell those concerned, unless it ended before."""
        notifications.send_reminder(self._ledger, job, self._clock.now())

    def expire(self, job: Job) -> None:
        """A request's deadline has come."""
        expire.expire(self._ledger, job, self._clock.now())

    def give_up_failed(self, job: Job) -> None:
        """A request's time is up: what could not be attached until then is not tried again."""
        give_up_failed.give_up_failed(self._ledger, job, self._clock.now())

    def other_ledger(self, job: Job) -> None:
        """Nobody clicked for a day on what names a request of another ledger: the notice about it is closed."""
        other_ledger.resolve_foreign_clicks(self._ledger, job, self._clock.now())

    def home(self, job: Job) -> None:
        """Publish somebody's App Home as it stands now."""
        to = SlackUserId(str(job.payload["to"]))
        try:
            view = self._renderer.home(to)
        except Refusal as refusal:
            self._postpone(job, refusal, HOME_RETRIED_MS)
            return
        with redraw_if_late(self._ledger, job, self._clock):
            try:
                self._out.publish(to, view)
            except SlackNotTaken as error:
                self._postpone(job, error, HOME_RETRIED_MS)
            except SlackRefused as refused:
                notifications.undeliverable(self._ledger, job, refused.code, self._clock.now())
            else:
                notifications.finish_job(self._ledger, job)

    def _postpone(self, job: Job, error: NotSent | Refusal, within: int | None = None) -> None:
        """`within`: milliseconds of domain time for which it matters."""
        if within is not None and postponed_for(job, self._clock.now()) > within:
            why = error.code if isinstance(error, NotSent) else error.reason
            notifications.undeliverable(self._ledger, job, why, self._clock.now())
        else:
            postpone(self._ledger, self._clock, self._chance, job, error)
