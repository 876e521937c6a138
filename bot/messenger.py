"""Post and redraw cards, tell people, raise alarms: the jobs whose far side is Slack.

What is shown is drawn from the record, whole, each time it is sent; only a private answer was drawn when it was given.
A message may arrive twice after a crash; none is ever left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from random import Random
from typing import Any, NamedTuple, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from approvals.errors import Refusal, Why
from approvals.ledger import Ledger, jobs
from approvals.ledger.jobs import Job
from approvals.ledger.notices import Notice
from approvals.ledger.records import Record
from approvals.model import MINUTE, SECOND, Grant
from approvals.operations import expire, lapse, notices, telling
from approvals.ports import Clock
from bot.insisting import drawing
from bot.putting_off import put_off
from bot.slack_errors import code_of, passes

log = logging.getLogger(__name__)

CHANNEL_LOOKED_AT_EVERY = 10 * MINUTE
FIRST_TRY_WITHIN = 10 * SECOND
FIRST_TRIES = 3
"""So often, and so far apart, an alarm waits for the first try of a revoke whose deadline is long over."""


class Message(Protocol):
    """`text` is for notifications and screen readers."""

    @property
    def text(self) -> str: ...

    @property
    def blocks(self) -> list[dict[str, Any]]: ...


class Finished(NamedTuple):
    """A message that was drawn when it was put into the ledger."""

    text: str
    blocks: list[dict[str, Any]]


class Renderer(Protocol):
    """From a record to what a person sees."""

    def card(self, record: Record) -> Message: ...

    def told(self, what: str, to: str, record: Record) -> Message: ...

    def alarm(self, grant: Grant, record: Record) -> Message: ...

    def alarm_over(self, grant: Grant, record: Record) -> Message: ...

    def notice(self, notice: Notice) -> Message: ...

    def home(self, to: str) -> dict[str, Any]: ...


class Messenger:
    def __init__(
        self,
        slack: WebClient,
        ledger: Ledger,
        clock: Clock,
        renderer: Renderer,
        channel: str | None,
        approvers: Callable[[], Sequence[str]],
        chance: Random,
    ) -> None:
        """`approvers` gives the Slack user ids of those to tell where no channel takes it; may raise Refusal."""
        self._slack = slack
        self._ledger = ledger
        self._clock = clock
        self._draw = renderer
        self._channel = channel
        self._approvers = approvers
        self._chance = chance
        self._channel_is_fit = True
        self._look_at_channel = 0

    def performs(self) -> dict[str, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {
            "post": self.post,
            "redraw": self.redraw,
            "tell": self.tell,
            "answer": self.answer,
            "remind": self.remind,
            "expire": self.expire,
            "lapse": self.lapse,
            "alarm": self.alarm,
            "notice": self.notice,
            "redraw_notice": self.redraw_notice,
        }

    def post(self, job: Job) -> None:
        record = telling.record_of(self._ledger, int(job.payload["request"]))
        if record is None:
            telling.done(self._ledger, job)
            return
        to = job.payload.get("to") or self._channel
        if to is None:
            telling.not_postable(self._ledger, job, record, "no channel is set", self._clock.now())
            return
        message = self._draw.card(record)
        try:
            if to == self._channel and not self._is_fit(to):
                telling.not_postable(self._ledger, job, record, "shared with another organisation", self._clock.now())
                return
            answer = self._say(to, message, job)
        except SlackApiError as error:
            why = code_of(error)
            if passes(error):
                self._later(job, error)
            elif "to" in job.payload:
                telling.gave_up(self._ledger, job, why, self._clock.now())
            else:
                log.warning("the approvals channel does not take cards", extra={"channel": to, "error": why})
                telling.not_postable(self._ledger, job, record, why, self._clock.now())
            return
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)
            return
        telling.posted(self._ledger, job, record, str(answer["channel"]), str(answer["ts"]), self._clock.now())

    def redraw(self, job: Job) -> None:
        found = telling.card_and_record(self._ledger, int(job.payload["card"]))
        if found is None:
            telling.done(self._ledger, job)
            return
        card, record = found
        message = self._draw.card(record)

        def send() -> None:
            self._slack.chat_update(
                channel=card.channel, ts=card.ts, text=message.text, blocks=message.blocks, link_names=False
            )

        with drawing(self._ledger, job, self._clock):
            if self._sent(job, send):
                telling.redrawn(self._ledger, job, card, record.request.version, self._clock.now())

    def tell(self, job: Job) -> None:
        record = telling.record_of(self._ledger, int(job.payload["request"]))
        if record is None:
            telling.done(self._ledger, job)
            return
        to = str(job.payload["to"])
        drawn_for = str(job.payload.get("as") or to)
        if self._sent(job, lambda: self._say(to, self._told(job, drawn_for, record), job)):
            telling.done(self._ledger, job)

    def answer(self, job: Job) -> None:
        message = Finished(str(job.payload["text"]), job.payload["blocks"])
        if self._sent(job, lambda: self._say(str(job.payload["to"]), message, job)):
            telling.done(self._ledger, job)

    def _told(self, job: Job, to: str, record: Record) -> Message:
        what = str(job.payload["what"])
        for grant in record.grants:
            if what in ("alarm", "alarm_over") and grant.id == job.payload["grant"]:
                return self._draw.alarm(grant, record) if what == "alarm" else self._draw.alarm_over(grant, record)
        return self._draw.told(what, to, record)

    def remind(self, job: Job) -> None:
        telling.reminded(self._ledger, job, self._clock.now())

    def expire(self, job: Job) -> None:
        expire.expire(self._ledger, job, self._clock.now())

    def lapse(self, job: Job) -> None:
        lapse.lapse(self._ledger, job, self._clock.now())

    def alarm(self, job: Job) -> None:
        found = telling.overdue(self._ledger, job, self._clock.now())
        if found is None:
            telling.done(self._ledger, job)
            return
        grant, record, over = found
        if not over and job.attempts <= FIRST_TRIES and not telling.tried(grant):
            self._look_again(job)
            return
        message = self._draw.alarm_over(grant, record) if over else self._draw.alarm(grant, record)
        try:
            if self._channel is not None and self._is_fit(self._channel):
                self._say(self._channel, message, job)
                self._alarmed(job, grant, over)
                return
        except SlackApiError as error:
            if passes(error):
                self._later(job, error)
                return
            log.warning("the approvals channel does not take alarms", extra={"error": code_of(error)})
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)
            return
        # Without a channel, each approver is told in person.
        telling.alarm_to_each(self._ledger, job, grant, record, over=over, now=self._clock.now())

    def _look_again(self, job: Job) -> None:
        """In a few seconds: the program or its clock has only just begun to move, and the revoke with it."""
        with self._ledger.write() as tx:
            jobs.again(tx, job, due_at=self._clock.now(), not_before_real=self._clock.real() + FIRST_TRY_WITHIN)

    def _alarmed(self, job: Job, grant: Grant, over: bool) -> None:
        if over:
            telling.done(self._ledger, job)
        else:
            telling.alarmed(self._ledger, job, grant, self._clock.now())

    def notice(self, job: Job) -> None:
        notice = notices.of_job(self._ledger, job)
        if notice is None or not notice.open:
            telling.done(self._ledger, job)
            return
        to = job.payload.get("to") or self._channel
        message = self._draw.notice(notice)
        try:
            if to is not None and (to != self._channel or self._is_fit(to)):
                answer = self._say(to, message, job)
                channel, ts = str(answer["channel"]), str(answer["ts"])
                notices.posted(self._ledger, job, notice, channel, ts, self._clock.now())
                return
        except SlackApiError as error:
            if passes(error):
                self._later(job, error)
                return
            log.warning("Slack does not take a notice there", extra={"to": to, "error": code_of(error)})
            if "to" in job.payload:
                telling.gave_up(self._ledger, job, code_of(error), self._clock.now())
                return
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)
            return
        try:
            people = self._approvers()
        except Refusal as refusal:
            self._later(job, refusal)
            return
        if not people:
            self._later(job, Refusal(Why.TOO_FEW_APPROVERS))
            return
        notices.to_each(self._ledger, job, notice, people, self._clock.now())

    def redraw_notice(self, job: Job) -> None:
        notice = notices.of_job(self._ledger, job)
        if notice is None:
            telling.done(self._ledger, job)
            return
        at, message = notices.message_of(job), self._draw.notice(notice)

        def send() -> None:
            self._slack.chat_update(
                channel=at.channel, ts=at.ts, text=message.text, blocks=message.blocks, link_names=False
            )

        with drawing(self._ledger, job, self._clock):
            if self._sent(job, send):
                telling.done(self._ledger, job)

    def home(self, job: Job) -> None:
        to = str(job.payload["to"])
        try:
            view = self._draw.home(to)
        except Refusal as refusal:
            self._later(job, refusal)
            return
        with drawing(self._ledger, job, self._clock):
            if self._sent(job, lambda: self._slack.views_publish(user_id=to, view=view)):
                telling.done(self._ledger, job)

    def _is_fit(self, channel: str) -> bool:
        """Whether the channel is still read by this organisation alone, as Slack said at most ten minutes ago."""
        if self._clock.real() >= self._look_at_channel:
            found = self._slack.conversations_info(channel=channel)["channel"]
            self._channel_is_fit = not is_shared(found)
            self._look_at_channel = self._clock.real() + CHANNEL_LOOKED_AT_EVERY
        return self._channel_is_fit

    def _say(self, to: str, message: Message, job: Job) -> Any:
        return self._slack.chat_postMessage(
            channel=to,
            text=message.text,
            blocks=message.blocks,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": "pairec_access", "event_payload": {"job": job.id}},
        )

    def _sent(self, job: Job, send: Callable[[], Any]) -> bool:
        """Whether Slack took it. If not, the job was put off, or given up where that can never change."""
        try:
            send()
        except SlackApiError as error:
            if not passes(error):
                telling.gave_up(self._ledger, job, code_of(error), self._clock.now())
            else:
                self._later(job, error)
            return False
        except (SlackClientError, OSError, HTTPException) as error:
            self._later(job, error)
            return False
        return True

    def _later(self, job: Job, error: Exception) -> None:
        put_off(self._ledger, self._clock, self._chance, job, error)


def is_shared(channel: Mapping[str, Any]) -> bool:
    """Whether another organisation reads a channel, or is about to."""
    return any(channel.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids"))
