"""What approvers must know: a revoke that is not confirmed.

It is said in their channel where one of them is a member, or else to each in person, and counts as said when somebody
got it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.grant import Grant
from approvals.ledger import job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import SECOND
from approvals.outbox import alarms, notifications
from approvals.queries.request_view import RequestView
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.to_approvers import ToApprovers

FIRST_TRY_MS = 10 * SECOND
FIRST_TRIES = 3
"""So often, and so far apart, an alarm waits for the first try of a revoke whose deadline is long over."""


class AlarmRenderer(Protocol):
    """From a record to what approvers see of it."""

    def alarm(self, grant: Grant, record: RequestView, mentioned: Sequence[str]) -> OutgoingMessage:
        """A revoke that is not confirmed; `mentioned` are the Slack user ids of those who are called by it."""
        ...

    def alarm_over(self, grant: Grant, record: RequestView) -> OutgoingMessage:
        """The end of an alarm: the revoke is confirmed after all."""
        ...


class Alarms:
    """A job for each grant whose end is looked after."""

    def __init__(self, ways: ToApprovers, renderer: AlarmRenderer) -> None:
        self._ways = ways
        self._renderer = renderer

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job, but for what is told to one approver."""
        return {JobKind.ALARM: self.alarm}

    def alarm(self, job: Job) -> None:
        """Tell approvers that a revoke is not confirmed, or that it is after all; done where neither is so any more."""
        found = alarms.alarm_of_job(self._ways.ledger, job, self._ways.clock.now())
        if found is None:
            notifications.finish_job(self._ways.ledger, job)
            return
        grant, record, over = found
        if not over and job.attempts <= FIRST_TRIES and not alarms.was_attempted(grant):
            self._wait_for_first_try(job)
            return
        people = self._ways.approvers.known(record.request.asked_approvers)
        message = self._renderer.alarm_over(grant, record) if over else self._renderer.alarm(grant, record, people)
        now = self._ways.clock.now()
        # Before it is posted, so that it is recorded right after that.
        heard = bool(self._ways.channel.reaches(people))
        try:
            self._ways.channel.post(message, job)
        except SlackNotTaken as error:
            if not over and not job.payload.get(alarms.SENT_TO_EACH) and self._ways.channel.refuses_alone(job, error):
                alarms.send_to_each(self._ways.ledger, job, grant, people, now)
            self._ways.postpone(job, error)
            return
        except SlackRefused:
            heard = False
        if heard:
            self._ways.channel.clear_unreachable()
        if over:
            alarms.alarm_resolved(self._ways.ledger, job, grant, () if heard else people, now)
        elif heard:
            alarms.alarm_posted(self._ways.ledger, job, grant, now)
        elif people:
            alarms.fall_back_to_each(self._ways.ledger, job, grant, people, now)
        else:
            self._ways.channel.report_unreachable(job)
            alarms.no_recipients(self._ways.ledger, job, now)

    def _wait_for_first_try(self, job: Job) -> None:
        """In a few seconds: the program or its clock has only just begun to move, and the revoke with it."""
        with self._ways.ledger.write() as tx:
            job_leases.requeue(
                tx, job, due_at=self._ways.clock.now(), not_before_real=self._ways.clock.real() + FIRST_TRY_MS
            )

    def tell(self, job: Job) -> None:
        """Of an alarm, or that it is over: to one approver, in person."""
        now = self._ways.clock.now()
        found = alarms.direct_alarm_of_job(self._ways.ledger, job, now)
        if found is None:
            notifications.finish_job(self._ways.ledger, job)
            return
        grant, record, over = found
        message = self._renderer.alarm_over(grant, record) if over else self._renderer.alarm(grant, record, ())
        try:
            self._ways.out.post(str(job.payload["to"]), message, job)
        except SlackNotTaken as error:
            self._ways.postpone(job, error)
        except SlackRefused as refused:
            if not alarms.undeliverable(self._ways.ledger, job, grant, refused.code, now):
                self._ways.channel.report_unreachable(job)
        else:
            self._ways.channel.clear_unreachable()
            if over:
                notifications.finish_job(self._ways.ledger, job)
            else:
                alarms.delivered(self._ways.ledger, job, grant, now)
