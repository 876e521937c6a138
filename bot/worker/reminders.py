"""Remind approvers of a request or a review that waits: below its card with a mention, or else each of them in person.

Slack notifies nobody of a reply in a thread but those who wrote there or are mentioned in it
(slack.com/help/articles/115000769927).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.outbox import notifications, reminders
from approvals.queries.request_view import RequestView
from approvals.working_hours import WorkingHours
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.below_card import posted_below_card
from bot.worker.to_approvers import ToApprovers

MAX_REMINDED = 10
"""People who are called by one reminder, as by a card."""


class ReminderRenderer(Protocol):
    """From a record to what approvers see of it."""

    def reminder(self, record: RequestView, mentioned: Sequence[SlackUserId]) -> OutgoingMessage:
        """That a request still waits; `mentioned` are called by it."""
        ...


class Reminders:
    """A job for each request that waits, and for each approver who is reminded in person."""

    def __init__(self, ways: ToApprovers, renderer: ReminderRenderer, hours: WorkingHours) -> None:
        self._ways = ways
        self._renderer = renderer
        self._hours = hours

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.ASK_AGAIN: self.remind}

    def remind(self, job: Job) -> None:
        """Remind those who have not decided and work now, or the one person that the job names.

        Raises:
            LostLock: another worker has the job, or the request was closed.
        """
        ledger, now = self._ways.ledger, self._ways.clock.now()
        record = notifications.view_of_request(ledger, int(job.payload["request"]))
        if record is None or not reminders.still_waits(record, now):
            notifications.finish_job(ledger, job)
            return
        try:
            if to := job.payload.get("to"):
                self._one(job, record, SlackUserId(to))
                return
            at_once = bool(job.payload.get(reminders.AT_ONCE))
            people, next_at = self._to_remind(record, now, at_once=at_once)
            if not people and next_at is not None:
                reminders.wait(ledger, job, next_at)
            elif not people and at_once and reminders.is_wanted(record, now):
                reminders.nobody_to_remind(ledger, job, record, now)
            elif not people:
                reminders.reminded(ledger, job, record, now)
            else:
                self._several(job, record, people)
        except (SlackNotTaken, Refusal) as error:
            self._ways.postpone(job, error)

    def _to_remind(
        self, record: RequestView, now: DomainMillis, *, at_once: bool
    ) -> tuple[list[SlackUserId], DomainMillis | None]:
        """Who is to be reminded, and works now or is to be reminded `at_once`; and, where there is nobody, when the
        first of them works.
        """
        if not reminders.is_wanted(record, now):
            return [], None
        found: list[SlackUserId] = []
        next_at: DomainMillis | None = None
        away = reminders.away_until(self._ways.ledger, record.request)
        wish = reminders.wish_messages(self._ways.ledger, record.request)
        for person in self._ways.approvers.yet_to_decide(record):
            back = max((away.get(each, now) for each in person.ids), default=now)
            if back > now:
                at = DomainMillis(min(back, now + reminders.LOOK_INTERVAL_MS))
            else:
                at = now if at_once else self._hours.next_within(now, person.time_zone)
            if at <= now:
                found.append(person.user_id)
            elif next_at is None or at < next_at:
                next_at = at
            wish -= person.ids
            if len(found) >= MAX_REMINDED and not wish:
                break
        return found, None if at_once else next_at

    def _several(self, job: Job, record: RequestView, people: Sequence[SlackUserId]) -> None:
        ledger, now = self._ways.ledger, self._ways.clock.now()
        message = self._renderer.reminder(record, people[:MAX_REMINDED])
        if posted_below_card(self._ways, job, record.request.id, message):
            reminders.reminded(ledger, job, record, now, people)
        else:
            reminders.send_to_each(ledger, job, record, people, now)

    def _one(self, job: Job, record: RequestView, to: SlackUserId) -> None:
        ledger, now = self._ways.ledger, self._ways.clock.now()
        asked = reminders.is_wanted(record, now) and self._ways.approvers.yet_to_decide(record)
        if not asked or all(person.user_id != to for person in asked):
            notifications.finish_job(ledger, job)
            return
        try:
            self._ways.out.post(to, self._renderer.reminder(record, ()), job)
        except SlackRefused as refused:
            notifications.undeliverable(ledger, job, refused.code, now)
        else:
            notifications.finish_job(ledger, job)
