"""What the surfaces ask of Slack themselves: each is tried once, and what Slack says to it becomes what they tell."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from approvals.json_values import as_fields, as_text
from approvals.refusals.service import SlackBusy, SlackSilent
from approvals.refusals.status import NotInChannel, SharedChannel
from bot.slack.conversations import is_shared
from bot.slack.drawn_views import DrawnViews
from bot.slack.error_kinds import PASSING, SlackErrorKind
from bot.slack.errors import SLACK_FAILURES, NotSent, failure_of
from bot.slack.newer_blocks import NewerBlocks
from bot.slack.replies import ReplyAddresses

log = logging.getLogger(__name__)

REPLY_TIMEOUT_SECONDS = 10
"""Seconds that Slack gets to take a private answer."""
_NOT_A_MEMBER = (SlackErrorKind.NOT_IN_CHANNEL, SlackErrorKind.MISSING_SCOPE)
"""What it says of a conversation that the app is not in."""


class LiveSlackSurface:
    """Safe to share between threads."""

    def __init__(self, slack: WebClient, replies: ReplyAddresses) -> None:
        self._slack = slack
        self._replies = replies
        self._newer = NewerBlocks()
        self._drawn = DrawnViews()

    def open_view(self, trigger_id: str, view: dict[str, Any], *, over: bool = False) -> bool:
        """Put a view before whoever clicked, `over` the one in which they did, which is there again once it is closed;
        False where it is too late for that.

        Raises:
            Refusal: SlackBusy.
        """
        put = self._slack.views_push if over else self._slack.views_open
        try:
            with _busy_raised():
                self._newer.show(lambda shown: put(trigger_id=trigger_id, view=shown), view)
        except SlackApiError as error:
            if failure_of(error).kind is SlackErrorKind.TRIGGER_EXPIRED:
                return False
            raise
        return True

    def update_view(self, view_id: str, version: str, changed_at: float, view: dict[str, Any]) -> None:
        """Show what a change of a view makes of it, unless it was closed, or a newer change was shown.

        Where several processes answer, what another one shows meanwhile stays.

        Raises:
            Refusal: SlackBusy.
        """
        with self._drawn.of(view_id) as drawn:
            if changed_at < drawn.changed_at:
                return
            for known in dict.fromkeys((version, drawn.version or version)):
                if (now_shown := self._replaced(view_id, known, view)) is not None:
                    drawn.version, drawn.changed_at = now_shown, changed_at
                    return

    def _replaced(self, view_id: str, version: str, view: dict[str, Any]) -> str | None:
        """The version that is shown from now on; None where it is not this version any more, or closed."""
        try:
            with _busy_raised():
                answer = self._newer.show(
                    lambda shown: self._slack.views_update(view_id=view_id, hash=version, view=shown), view
                )
        except SlackApiError as error:
            if failure_of(error).kind is not SlackErrorKind.VIEW_REPLACED:
                raise
            return None
        return as_text(as_fields(answer.get("view")).get("hash"))

    def must_be_in(self, channel: str) -> None:
        """Refuse a channel in which the app could not keep a board: one it is not in, one that is archived, one that
        others read.

        Raises:
            Refusal: NotInChannel where the app is not in the channel; SharedChannel where others read it;
                SlackSilent where Slack does not say.
        """
        try:
            found = self._conversation(channel)
        except SLACK_FAILURES as error:
            outside = failure_of(error).kind in _NOT_A_MEMBER
            raise (NotInChannel if outside else SlackSilent)() from error
        if found is None:
            raise SlackSilent()
        if not found.get("is_member") or found.get("is_archived"):
            raise NotInChannel()
        if is_shared(found):
            raise SharedChannel()

    def is_closed_to_others(self, channel: str) -> bool:
        """Whether Slack says that nobody outside this organisation reads a channel."""
        try:
            found = self._conversation(channel)
        except SLACK_FAILURES:
            return False
        return found is not None and not is_shared(found)

    def reply(self, address: str, text: str, blocks: list[dict[str, Any]], *, replace: bool) -> bool:
        """Answer in private at the address that came with a command or a click; whether Slack took it."""
        try:
            self._replies.send(address, text, blocks, within=REPLY_TIMEOUT_SECONDS, everybody=False, replace=replace)
        except NotSent as error:
            log.warning("could not answer in place", extra={"error": error.code})
            return False
        return True

    def post(self, to: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Say something to one person: one attempt is all there is where nothing can be postponed."""
        try:
            self._slack.chat_postMessage(channel=to, text=text, blocks=blocks)
        except SLACK_FAILURES:
            log.exception("could not answer", extra={"slack_user": to})

    def redraw(self, channel: str, ts: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Show something in place of a message. Where Slack does not, the next click on it is answered in the same
        way.
        """
        try:
            self._slack.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
        except SLACK_FAILURES as error:
            log.warning("a message could not be redrawn", extra={"channel": channel, "error": str(error)})

    def _conversation(self, channel: str) -> dict[str, Any] | None:
        """None where the answer does not say anything of one."""
        found: Any = self._slack.conversations_info(channel=channel)["channel"]
        return found if isinstance(found, dict) else None


@contextmanager
def _busy_raised() -> Iterator[None]:
    """What may work in a minute is no fault of ours to look into, and the person reads so."""
    try:
        yield
    except SLACK_FAILURES as error:
        failure = failure_of(error)
        if failure.kind not in PASSING:
            raise
        log.warning("Slack did not show a window", extra={"error": failure.code})
        raise SlackBusy() from error
