"""Answer at the address that came with a command or a click, which Slack takes five times in half an hour
(docs.slack.dev, "Handling user interaction").
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.far_calls import SLACK, Told, telling, untold
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SLACK_FAILURES, SlackFailure, SlackNotTaken, SlackRefused, failure_of, reply_failure
from bot.slack.web_client import word_of

REPLY = "response_url"
"""What such a call is counted as: Slack has no name for it."""


class ReplyAddresses:
    """Safe to share between threads."""

    def __init__(self, webhook: Callable[[str, int], WebhookClient], told: Told = untold) -> None:
        """`webhook` makes a client for an address at which Slack lets itself be answered within so many seconds. Each
        send is a use of the address, so the client must not send again by itself. `told` hears of each.
        """
        self._webhook = webhook
        self._told = told

    def send(
        self, address: str, text: str, blocks: list[dict[str, Any]], *, within: int, everybody: bool, replace: bool
    ) -> None:
        """Send a message there within so many seconds: for everybody in the conversation or for whoever asked alone,
        as another message or in place of the one that the address is of.

        Raises:
            SlackRefused: the address takes nothing more, or Slack cannot show that message.
            SlackNotTaken: anything else than a yes.
        """
        with telling(self._told, SLACK, REPLY, word_of):
            self._send(address, text, blocks, within, everybody, replace)

    def _send(
        self, address: str, text: str, blocks: list[dict[str, Any]], within: int, everybody: bool, replace: bool
    ) -> None:
        try:
            answer = self._webhook(address, within).send(
                text=text,
                blocks=blocks,
                response_type="in_channel" if everybody else "ephemeral",
                replace_original=replace,
            )
        except SLACK_FAILURES as error:
            raise SlackNotTaken(failure_of(error)) from error
        failure = _failure_in(answer)
        if failure is None:
            return
        if failure.kind in (SlackErrorKind.REPLY_SPENT, SlackErrorKind.MALFORMED):
            raise SlackRefused(failure)
        raise SlackNotTaken(failure)


def _failure_in(answer: WebhookResponse) -> SlackFailure | None:
    """None where the answer proves that it was taken: `ok`, or JSON that says so. A page that somebody answers in
    Slack's place proves nothing.
    """
    text = answer.body.strip()
    try:
        fields = json.loads(text)
    except ValueError:
        fields = {"ok": True} if text == "ok" else {"error": text}
    if not isinstance(fields, dict):
        fields = {}
    if answer.status_code == 200 and fields.get("ok") is True:
        return None
    code = fields.get("error")
    word = code if isinstance(code, str) and code.isidentifier() else None
    return reply_failure(word, answer.status_code, answer.headers)
