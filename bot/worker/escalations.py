"""Show a request that nobody decided to a second place: as a card in a channel, or by calling a user group below the
card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.outbox import escalations, notifications
from approvals.queries.request_view import RequestView
from bot.slack.conversations import SHARED, is_shared
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.below_card import posted_below_card
from bot.worker.to_approvers import ToApprovers

NO_CARD = "no card in a channel"


class EscalationRenderer(Protocol):
    """From a record to what people see of it."""

    def card(self, record: RequestView) -> OutgoingMessage:
        """The card of a request."""
        ...

    def escalation(self, record: RequestView, group: str) -> OutgoingMessage:
        """That a request waits for a decision; the user group of that id is called by it."""
        ...


class Escalations:
    """A job for each request that waits, where the catalogue says so."""

    def __init__(self, ways: ToApprovers, renderer: EscalationRenderer) -> None:
        self._ways = ways
        self._renderer = renderer

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.ESCALATE: self.escalate}

    def escalate(self, job: Job) -> None:
        """Show it there, unless it was decided; done where cards are posted there anyway.

        Raises:
            LostLock: another worker has the job.
        """
        ledger, now = self._ways.ledger, self._ways.clock.now()
        record = notifications.view_of_request(ledger, int(job.payload["request"]))
        to = str(job.payload["to"])
        if record is None or not record.pending or now >= record.request.expires_at or to == self._ways.channel.id:
            notifications.finish_job(ledger, job)
            return
        shown = replace(record, request=replace(record.request, escalated_at=now))
        try:
            posted = None if escalations.is_group(to) else self._post(job, shown, to)
            if posted is None and not self._call(job, shown, to):
                escalations.blocked(ledger, job, record, NO_CARD, now)
                return
        except SlackNotTaken as error:
            self._ways.postpone(job, error)
        except SlackRefused as refused:
            escalations.blocked(ledger, job, record, refused.code, now)
        else:
            escalations.escalated(ledger, job, record, posted, self._ways.clock.now())

    def _post(self, job: Job, shown: RequestView, channel: str) -> tuple[str, str]:
        if is_shared(self._ways.out.conversation(channel)):
            raise SlackRefused(SHARED)
        posted = self._ways.out.post(channel, self._renderer.card(shown), job)
        return posted.channel, posted.ts

    def _call(self, job: Job, shown: RequestView, group: str) -> bool:
        """Whether there is a card to reply to."""
        return posted_below_card(self._ways, job, shown.request.id, self._renderer.escalation(shown, group))
