"""Tell people, draw App Home: jobs whose far side is Slack, and one person alone.

What is told is drawn from the record each time it is sent; only a private answer was drawn when it was given. A message
may arrive twice after a crash or an answer that proves nothing; none is ever left out, as long as it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY
from approvals.onboarding import Onboarding, OnboardingNews
from approvals.outbox import notifications
from approvals.ports import Clock
from approvals.queries.onboardings import onboarding_named
from bot.slack.errors import NotSent, SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.late_writes import redraw_if_late
from bot.worker.postpone import Postpone, postponed_for
from bot.worker.request_messages import DirectMessageRenderer, RequestMessages

MESSAGE_RETRIED_MS = 7 * DAY
"""What a person is told is of no more use when it comes so late."""
HOME_RETRIED_MS = 30 * DAY
"""Whoever opened App Home looks at it for so long."""


class DrawnMessage(NamedTuple):
    """A message that was drawn when it was put into the ledger."""

    text: str
    blocks: list[dict[str, Any]]


class MessageRenderer(DirectMessageRenderer, Protocol):
    """From a record to what a person sees."""

    def onboarding_message(self, kind: OnboardingNews, to: SlackUserId, onboarding: Onboarding) -> OutgoingMessage:
        """A direct message about a RAM user that somebody is to get."""
        ...

    def home(self, to: SlackUserId) -> dict[str, Any]:
        """The App Home view of one person. Refusal where what it shows cannot be read now."""
        ...


class Messages:
    """A job for each message, and for each App Home that is to be drawn anew."""

    def __init__(
        self,
        out: Outgoing,
        ledger: Ledger,
        clock: Clock,
        renderer: MessageRenderer,
        tell_alarm: Callable[[Job], None],
        postpone: Postpone,
    ) -> None:
        """`tell_alarm` does those jobs of this kind that are about an alarm."""
        self._out = out
        self._of_requests = RequestMessages(out, ledger, renderer)
        self._ledger = ledger
        self._clock = clock
        self._renderer = renderer
        self._tell_alarm = tell_alarm
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job, but for App Home."""
        return {JobKind.TELL: self.tell, JobKind.ANSWER: self.answer}

    def tell(self, job: Job) -> None:
        """Tell one person of something that became of a request, an onboarding or an alarm."""
        if "grant" in job.payload:
            self._tell_alarm(job)
            return
        if "onboarding" in job.payload:
            self._tell_of_onboarding(job)
            return
        record = notifications.view_of_request(self._ledger, int(job.payload["request"]))
        if record is None:
            notifications.finish_job(self._ledger, job)
            return
        try:
            self._of_requests.tell(job, record)
        except SlackNotTaken as error:
            self._retry(job, error, MESSAGE_RETRIED_MS)
        except SlackRefused as refused:
            notifications.undeliverable(self._ledger, job, refused.code, self._clock.now())

    def _tell_of_onboarding(self, job: Job) -> None:
        known = onboarding_named(self._ledger, str(job.payload["onboarding"]))
        if known is None:
            notifications.finish_job(self._ledger, job)
            return
        to = SlackUserId(str(job.payload["to"]))
        self._send(job, to, self._renderer.onboarding_message(OnboardingNews(job.payload["what"]), to, known))

    def answer(self, job: Job) -> None:
        """Send somebody a private answer, which was drawn when it was given."""
        self._send(job, str(job.payload["to"]), DrawnMessage(str(job.payload["text"]), job.payload["blocks"]))

    def _send(self, job: Job, to: str, message: OutgoingMessage) -> None:
        try:
            self._out.post(to, message, job)
        except SlackNotTaken as error:
            self._retry(job, error, MESSAGE_RETRIED_MS)
        except SlackRefused as refused:
            notifications.undeliverable(self._ledger, job, refused.code, self._clock.now())
        else:
            notifications.finish_job(self._ledger, job)

    def home(self, job: Job) -> None:
        """Publish somebody's App Home as it stands now."""
        to = SlackUserId(str(job.payload["to"]))
        try:
            view = self._renderer.home(to)
        except Refusal as refusal:
            self._retry(job, refusal, HOME_RETRIED_MS)
            return
        with redraw_if_late(self._ledger, job, self._clock):
            try:
                self._out.publish(to, view)
            except SlackNotTaken as error:
                self._retry(job, error, HOME_RETRIED_MS)
            except SlackRefused as refused:
                notifications.undeliverable(self._ledger, job, refused.code, self._clock.now())
            else:
                notifications.finish_job(self._ledger, job)

    def _retry(self, job: Job, error: NotSent | Refusal, within: int) -> None:
        """`within`: milliseconds of domain time for which it matters."""
        if postponed_for(job, self._clock.now()) > within:
            why = error.code if isinstance(error, NotSent) else error.reason
            notifications.undeliverable(self._ledger, job, why, self._clock.now())
        else:
            self._postpone(job, error)
