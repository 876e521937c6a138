"""The one way by which messages leave for Slack.

A message counts as taken only where the answer proves it. What was not taken is either refused for good or worth
another try; where one conversation after the other takes nothing, it is the app that is refused or the network that is
down, and everything waits a moment before one more is tried.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from approvals.ids import SlackUserId
from approvals.ledger.jobs import Job
from approvals.model import SECOND
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.slack.errors import SlackErrorKind, SlackFailure, SlackNotTaken, SlackRefused, not_sent

log = logging.getLogger(__name__)

CONDITION = "slack messages"
NO_PROOF = SlackFailure(SlackErrorKind.NOT_SLACK, "no_proof")
"""An answer that says yes without saying to what."""
FIRST_PAUSE_MS, MAX_PAUSE_MS = SECOND // 2, 30 * SECOND
MEMBERS_PER_PAGE = 200
MAX_PAGES = 50
"""Of a channel's members: 10,000 people are enough to look for approvers among."""


class OutgoingMessage(Protocol):
    """`text` is for notifications and screen readers."""

    @property
    def text(self) -> str:
        """What notifications and screen readers say, and what is shown where Slack does not take the blocks."""
        ...

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What is shown, in Slack's Block Kit."""
        ...


class Posted(NamedTuple):
    """Where a message stands: the conversation's id, which for a direct message is not the person's, and its time
    stamp.
    """

    channel: str
    ts: str


class Outgoing:
    """Every call raises SlackRefused or SlackNotTaken where Slack does not do it. Safe to share between threads."""

    def __init__(self, slack: WebClient, clock: Clock, conditions: Conditions) -> None:
        self._slack = slack
        self._clock = clock
        self._conditions = conditions
        self._lock = threading.Lock()
        self._failing: set[str] = set()
        """Conversations that took nothing since something was taken anywhere."""
        self._pauses = 0
        self._paused_until = 0
        self._latest: list[tuple[str, int]] = []
        """The last two conversations that took a message, and when in steady time."""

    def post(
        self,
        to: str,
        message: OutgoingMessage,
        job: Job,
        event: str = "pairec_access",
        *,
        thread: str | None = None,
    ) -> Posted:
        """`thread`: as a reply to that message, which the whole channel sees as well."""

        def send(blocks: list[dict[str, Any]] | None, metadata: dict[str, Any] | None) -> SlackResponse:
            return self._slack.chat_postMessage(
                channel=to,
                text=message.text,
                blocks=blocks,
                thread_ts=thread,
                reply_broadcast=True if thread else None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata,
            )

        metadata = {"event_type": event, "event_payload": {"job": job.id}}
        answer = self._message(
            to, _has_text("channel", "ts"), lambda: send(message.blocks, metadata), lambda: send(None, None)
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def update(self, channel: str, ts: str, message: OutgoingMessage) -> None:
        """Show another message in place of one of the app's own."""

        def send(blocks: list[dict[str, Any]]) -> SlackResponse:
            return self._slack.chat_update(channel=channel, ts=ts, text=message.text, blocks=blocks, link_names=False)

        self._message(channel, _has_text("ts"), lambda: send(message.blocks), lambda: send([]))

    def publish(self, user: str, view: dict[str, Any]) -> None:
        """Show a view in somebody's App Home."""

        def proven(answer: SlackResponse) -> bool:
            return isinstance(answer["view"], dict)

        self._message(user, proven, lambda: self._slack.views_publish(user_id=user, view=view))

    def conversation(self, channel: str) -> Mapping[str, Any]:
        """What Slack says of one."""

        def proven(answer: SlackResponse) -> bool:
            return isinstance(answer["channel"], dict) and answer["channel"].get("id") == channel

        try:
            answer = self._ask(lambda: self._slack.conversations_info(channel=channel), proven)
        except SlackNotTaken as error:
            # Nobody posts where it is not known who reads it. There are kinds of conversation of which the bot may not
            # ask that.
            if error.kind is not SlackErrorKind.MISSING_SCOPE:
                self._note_failure(channel, error)
            raise
        found: Mapping[str, Any] = answer["channel"]
        return found

    def members(self, channel: str) -> Iterator[SlackUserId]:
        """Slack user ids of the members of a conversation, read as far as they are asked for."""

        def proven(answer: SlackResponse) -> bool:
            found = answer["members"]
            return isinstance(found, list) and all(isinstance(each, str) for each in found)

        cursor: str | None = None
        for _ in range(MAX_PAGES):
            ask = partial(self._slack.conversations_members, channel=channel, limit=MEMBERS_PER_PAGE, cursor=cursor)
            answer = self._ask(ask, proven)
            yield from answer["members"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def is_paused(self) -> bool:
        """Whether nothing is to be tried now."""
        return self._clock.steady() < self._paused_until

    def took_elsewhere(self, conversation: str, since: int) -> bool:
        """Whether some other conversation took a message after that moment of steady time."""
        with self._lock:
            return any(at >= since for name, at in self._latest if name != conversation)

    def _message(
        self,
        conversation: str,
        proven: Callable[[SlackResponse], bool],
        send: Callable[[], SlackResponse],
        send_plain: Callable[[], SlackResponse] | None = None,
    ) -> SlackResponse:
        """`send_plain` sends the bare text, for when Slack does not take how it is laid out."""
        try:
            try:
                answer = self._ask(send, proven)
            except SlackRefused as refused:
                if send_plain is None or refused.kind is not SlackErrorKind.MALFORMED:
                    raise
                log.error(
                    "Slack does not take a message as it is laid out; its text is sent alone",
                    extra={"to": conversation, "error": refused.code},
                )
                answer = self._ask(send_plain, proven)
        except SlackNotTaken as error:
            self._note_failure(conversation, error)
            raise
        except SlackRefused:
            self._reset_failures()
            raise
        self._reset_failures()
        with self._lock:
            others = [(name, at) for name, at in self._latest if name != conversation]
            self._latest = [*others[-1:], (conversation, self._clock.steady())]
        return answer

    @staticmethod
    def _ask(send: Callable[[], SlackResponse], proven: Callable[[SlackResponse], bool]) -> SlackResponse:
        try:
            answer = send()
            good = proven(answer)
        except Exception as error:
            # Slack's no, the network, and what the SDK stumbles over in a body that is no answer of Slack's.
            raise not_sent(error) from error
        if not good:
            raise SlackNotTaken(NO_PROOF)
        return answer

    def _note_failure(self, conversation: str, error: SlackNotTaken) -> None:
        if error.kind is SlackErrorKind.RATE_LIMITED:
            return
        self._conditions.report(CONDITION, f"Slack does not take messages: {error.code}")
        with self._lock:
            self._failing.add(conversation)
            now = self._clock.steady()
            if len(self._failing) > 1 and not self.is_paused():
                self._paused_until = now + min(FIRST_PAUSE_MS << self._pauses, MAX_PAUSE_MS)
                self._pauses = min(self._pauses + 1, 10)

    def _reset_failures(self) -> None:
        """Slack takes the app's messages, or says of one that it does not."""
        self._conditions.clear(CONDITION)
        with self._lock:
            self._failing.clear()
            self._pauses, self._paused_until = 0, 0


def _has_text(*names: str) -> Callable[[SlackResponse], bool]:
    return lambda answer: all(isinstance(answer[name], str) and answer[name] for name in names)
