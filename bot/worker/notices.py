"""Post and redraw notices: in the approvers' channel where one of them is a member, or else to each in person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from approvals.ids import SlackUserId
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.notice import Notice
from approvals.outbox import notices, notifications
from bot.slack.errors import SlackNotTaken, SlackRefused
from bot.slack.outgoing import OutgoingMessage
from bot.worker.late_writes import redraw_if_late
from bot.worker.to_approvers import ToApprovers


class NoticeRenderer(Protocol):
    """From a record to what approvers see of it."""

    def notice(self, notice: Notice) -> OutgoingMessage:
        """A notice, with its buttons while it is open."""
        ...


class Notices:
    """A job for each notice that is to be posted, or to be drawn anew."""

    def __init__(self, ways: ToApprovers, renderer: NoticeRenderer) -> None:
        self._ways = ways
        self._renderer = renderer

    def performers(self) -> dict[JobKind, Callable[[Job], None]]:
        """What this does, by the kind of job."""
        return {JobKind.NOTICE: self.notice, JobKind.REDRAW_NOTICE: self.redraw_notice}

    def notice(self, job: Job) -> None:
        """Post a notice in the channel, or send it to the one person that the job names; nothing once it is closed."""
        notice = notices.notice_of_job(self._ways.ledger, job)
        if notice is None or not notice.open:
            notifications.finish_job(self._ways.ledger, job)
            return
        to = job.payload.get("to")
        message = self._renderer.notice(notice)
        now = self._ways.clock.now()
        people = () if to else self._ways.approvers.known()
        # Whoever it is for was told; in the channel, one of them has to be there.
        heard = True if to else self._ways.channel.reaches(people)
        try:
            posted = self._ways.out.post(to, message, job) if to else self._ways.channel.post(message, job)
        except SlackNotTaken as error:
            if not to and not job.payload.get(notices.SENT_TO_EACH) and self._ways.channel.refuses_alone(job, error):
                notices.send_to_each(self._ways.ledger, job, notice, people, now)
            self._ways.postpone(job, error)
            return
        except SlackRefused as refused:
            if to:
                if not notices.undeliverable(self._ways.ledger, job, notice, refused.code, now):
                    self._ways.channel.report_unreachable(job)
                return
            self._to_each(job, notice, people, refused)
            return
        if heard:
            self._ways.channel.clear_unreachable()
        else:
            notices.send_to_each(self._ways.ledger, job, notice, people, now)
        notices.posted(self._ways.ledger, job, notice, posted.channel, posted.ts, now)

    def _to_each(self, job: Job, notice: Notice, people: Sequence[SlackUserId], refused: SlackRefused) -> None:
        if people:
            notices.send_to_each(self._ways.ledger, job, notice, people, self._ways.clock.now())
            notifications.finish_job(self._ways.ledger, job)
        else:
            self._ways.channel.report_unreachable(job)
            self._ways.postpone(job, refused)

    def redraw_notice(self, job: Job) -> None:
        """Draw a notice that was posted as it stands now."""
        notice = notices.notice_of_job(self._ways.ledger, job)
        if notice is None:
            notifications.finish_job(self._ways.ledger, job)
            return
        at = notices.message_of_job(job)
        with redraw_if_late(self._ways.ledger, job, self._ways.clock):
            try:
                self._ways.out.update(at.channel, at.ts, self._renderer.notice(notice))
            except SlackNotTaken as error:
                self._ways.postpone(job, error)
            except SlackRefused as refused:
                notifications.undeliverable(self._ways.ledger, job, refused.code, self._ways.clock.now())
            else:
                notifications.finish_job(self._ways.ledger, job)
