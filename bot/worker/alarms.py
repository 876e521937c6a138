"""What approvers must know: a revoke that is not confirmed.

It is said in their channel where one of them is a member, or else to each in person, and counts as said when somebody
got it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.grant import Grant
from approvals.ledger import Ledger, job_leases
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import SECOND
from approvals.outbox import alarms, notifications
from approvals.ports import Clock
from approvals.queries.request_view import RequestView
from bot.directory.approvers import Approvers
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import Outgoing, OutgoingMessage
from bot.worker.approvals_channel import ApprovalsChannel
from bot.worker.postpone import Postpone

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

    def __init__(
        self,
        out: Outgoing,
        ledger: Ledger,
        clock: Clock,
        renderer: AlarmRenderer,
        channel: ApprovalsChannel,
        approvers: Approvers,
        postpone: Postpone,
    ) -> None:
        self._out = out
        self._ledger = ledger
        self._clock = clock
        self._renderer = renderer
        self._channel = channel
        self._approvers = approvers
        self._postpone = postpone

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job, but for what is told to one approver."""
        return {JobKind.ALARM: self.alarm}

    def alarm(self, job: Job) -> None:
        """Tell approvers that a revoke is not confirmed, or that it is after all; done where neither is so any more."""
        found = alarms.alarm_of_job(self._ledger, job, self._clock.now())
        if found is None:
            notifications.finish_job(self._ledger, job)
            return
        grant, record, over = found
        if not over and job.attempts <= FIRST_TRIES and not alarms.was_attempted(grant):
            self._wait_for_first_try(job)
            return
        people = self._approvers.known(record.request.asked_approvers)
        message = self._renderer.alarm_over(grant, record) if over else self._renderer.alarm(grant, record, people)
        now = self._clock.now()
        # Before it is posted, so that it is recorded right after that.
        heard = bool(self._channel.reaches(people))
        try:
            self._channel.post(message, job)
        except SlackNotTaken as error:
            if not over and not job.payload.get(alarms.SENT_TO_EACH) and self._channel.refuses_alone(job, error):
                alarms.send_to_each(self._ledger, job, grant, people, now)
            self._postpone(job, error)
            return
        except SlackRefused:
            heard = False
        if heard:
            self._channel.clear_unreachable()
        if over:
            alarms.alarm_resolved(self._ledger, job, grant, () if heard else people, now)
        elif heard:
            alarms.alarm_posted(self._ledger, job, grant, now)
        elif people:
            alarms.fall_back_to_each(self._ledger, job, grant, people, now)
        else:
            self._channel.report_unreachable(job)
            alarms.no_recipients(self._ledger, job, now)

    def _wait_for_first_try(self, job: Job) -> None:
        """In a few seconds: the program or its clock has only just begun to move, and the revoke with it."""
        with self._ledger.write() as tx:
            job_leases.requeue(tx, job, due_at=self._clock.now(), not_before_real=self._clock.real() + FIRST_TRY_MS)

    def tell(self, job: Job) -> None:
        """Of an alarm, or that it is over: to one approver, in person."""
        now = self._clock.now()
        found = alarms.direct_alarm_of_job(self._ledger, job, now)
        if found is None:
            notifications.finish_job(self._ledger, job)
            return
        grant, record, over = found
        message = self._renderer.alarm_over(grant, record) if over else self._renderer.alarm(grant, record, ())
        try:
            self._out.post(str(job.payload["to"]), message, job)
        except SlackNotTaken as error:
            self._postpone(job, error)
        except SlackRefused as refused:
            if not alarms.undeliverable(self._ledger, job, grant, refused.code, now):
                self._channel.report_unreachable(job)
        else:
            self._channel.clear_unreachable()
            if over:
                notifications.finish_job(self._ledger, job)
            else:
                alarms.delivered(self._ledger, job, grant, now)
