"""The worker's way to the views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.anchor import Anchor
from approvals.comments import Comment
from approvals.findings import Change
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.notice import Notice
from approvals.onboarding import Onboarding, OnboardingNews
from approvals.queries.request_view import RequestView
from approvals.status.boards import BoardView
from handlers.context import HandlerContext
from handlers.home import draw_home
from handlers.views import alarm, board, card, escalation, reminder, status_changes
from handlers.views.anchor import anchor_message
from handlers.views.blocks import Message
from handlers.views.comment import comment_message
from handlers.views.direct_messages import direct_message
from handlers.views.direct_replies import direct_reply
from handlers.views.notices import notice_message
from handlers.views.onboarding import onboarding_message


class ViewRenderer:
    """What the worker posts, drawn by the handlers' views."""

    def __init__(self, context: HandlerContext) -> None:
        self._context = context

    def card(self, record: RequestView) -> Message:
        """The card of a request, for the approvals channel or an approver."""
        return card.card(record, self._context.catalog, self._context.translations, self._context.tracker)

    def reminder(self, record: RequestView, mentioned: Sequence[SlackUserId]) -> Message:
        """That a request still waits for those who may decide; `mentioned` are called by it."""
        return reminder.reminder(record, mentioned, self._context.catalog, self._context.translations)

    def escalation(self, record: RequestView, group: str) -> Message:
        """That a request waits for a decision; the user group of that id is called by it."""
        return escalation.escalation(record, group, self._context.catalog, self._context.translations)

    def comment(
        self, record: RequestView, said: Comment, mentioned: Sequence[SlackUserId], to: SlackUserId | None = None
    ) -> Message:
        """What somebody said about a request, in a channel, where `mentioned` are called by it, or for one person."""
        context = self._context.read_by(to).meet() if to else self._context
        return comment_message(record, said, mentioned, context.catalog, context.translations)

    def direct_message(self, kind: MessageKind, to: SlackUserId, record: RequestView) -> Message:
        """A direct message about a request; `to` is the person it is drawn for, which decides what it says."""
        context = self._context.read_by(to).meet()
        return direct_message(kind, to, record, context.catalog, context.translations)

    def direct_reply(self, kind: MessageKind, to: SlackUserId, record: RequestView) -> Message:
        """A line in the thread of that message, which calls the person."""
        context = self._context.read_by(to).meet()
        return direct_reply(kind, to, record, context.catalog, context.translations)

    def onboarding_message(self, kind: OnboardingNews, to: SlackUserId, onboarding: Onboarding) -> Message:
        """A direct message about a RAM user that somebody is to get."""
        context = self._context.read_by(to).meet()
        return onboarding_message(kind, to, onboarding, context.catalog, context.translations)

    def alarm(self, grant: Grant, record: RequestView, mentioned: Sequence[str]) -> Message:
        """A revoke that is not confirmed; `mentioned` are Slack user ids, of those who are called by it."""
        return alarm.alarm(grant, record, self._context.catalog, self._context.translations, mentioned)

    def alarm_over(self, grant: Grant, record: RequestView) -> Message:
        """The end of an alarm: the revoke is confirmed after all."""
        return alarm.alarm_over(grant, record, self._context.catalog, self._context.translations)

    def notice(self, notice: Notice) -> Message:
        """A notice to approvers, with its buttons while it is open."""
        return notice_message(notice, self._context.catalog, self._context.translations)

    def board(self, shown: BoardView) -> Message:
        """A status board as it stands."""
        return board.board(shown, self._context.translations)

    def changes(self, changes: Sequence[Change]) -> Message:
        """What changed on a board since the run before, for the thread below it."""
        return status_changes.changes_message(changes, self._context.plan, self._context.translations)

    def anchor(self, anchor: Anchor, line: str) -> Message:
        """The head of the audit trail; `line` is the signed one."""
        return anchor_message(anchor, line, self._context.translations)

    def home(self, to: SlackUserId) -> dict[str, Any]:
        """The App Home view of one person, as `views.publish` takes it.

        Raises:
            Refusal: what it shows cannot be read now.
        """
        return draw_home(self._context.read_by(to).meet(), to)
