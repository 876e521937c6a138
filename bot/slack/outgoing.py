"""The one way by which messages leave for Slack.

A message counts as taken only where the answer proves it. What was not taken is either refused for good or worth
another try.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from approvals.ids import SlackUserId
from approvals.ports import Clock
from bot.conditions import Conditions
from bot.slack.circuit_breaker import CircuitBreaker
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SlackFailure, SlackNotTaken, SlackRefused, not_sent

log = logging.getLogger(__name__)

NO_PROOF = SlackFailure(SlackErrorKind.NOT_SLACK, "no_proof")
"""An answer that says yes without saying to what."""
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


class Occasion(Protocol):
    """What a message is sent for: a job, mostly."""

    @property
    def id(self) -> str:
        """Goes along with the message, for whoever looks into it."""
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
        self._breaker = CircuitBreaker(clock, conditions)

    def post(
        self,
        to: str,
        message: OutgoingMessage,
        job: Occasion,
        event: str = "pairec_access",
        *,
        thread: str | None = None,
        broadcast: bool = True,
    ) -> Posted:
        """`thread`: as a reply to that message, which with `broadcast` the whole channel sees as well."""

        def send(blocks: list[dict[str, Any]] | None, metadata: dict[str, Any] | None) -> SlackResponse:
            return self._slack.chat_postMessage(
                channel=to,
                text=message.text,
                blocks=blocks,
                thread_ts=thread,
                reply_broadcast=True if thread and broadcast else None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata,
            )

        metadata = {"event_type": event, "event_payload": {"job": job.id}}
        answer = self._message(
            to, _has_text("channel", "ts"), lambda: send(message.blocks, metadata), lambda: send(None, None)
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def reply(self, channel: str, ts: str, message: OutgoingMessage, job: Occasion) -> bool:
        """A reply that its thread alone shows; whether the message is still there to be replied to."""
        try:
            self.post(channel, message, job, thread=ts, broadcast=False)
        except SlackRefused:
            return False
        return True

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

    def complete_step(self, execution: str, outputs: dict[str, str | int]) -> None:
        """A step of a workflow is done; `execution` is Slack's id of its run."""
        self._step(lambda: self._slack.functions_completeSuccess(function_execution_id=execution, outputs=outputs))

    def fail_step(self, execution: str, error: str) -> None:
        """A step of a workflow cannot be done; `error` is for people."""
        self._step(lambda: self._slack.functions_completeError(function_execution_id=execution, error=error))

    def _step(self, send: Callable[[], SlackResponse]) -> None:
        self._message("workflows", lambda answer: answer["ok"] is True, send)

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
                self._breaker.failed(channel, error)
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
        return self._breaker.is_open

    def took_elsewhere(self, conversation: str, since: int) -> bool:
        """Whether some other conversation took a message after that moment of steady time."""
        return self._breaker.took_elsewhere(conversation, since)

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
            self._breaker.failed(conversation, error)
            raise
        except SlackRefused:
            self._breaker.refused()
            raise
        self._breaker.took(conversation)
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


def _has_text(*names: str) -> Callable[[SlackResponse], bool]:
    return lambda answer: all(isinstance(answer[name], str) and answer[name] for name in names)
