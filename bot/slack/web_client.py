"""Slack's own client, which tells of each call that it makes."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.far_calls import SLACK, Told, telling
from bot.slack.errors import failure_of


def word_of(error: Exception) -> str:
    """What came of a call, in a word."""
    return failure_of(error).kind.name.lower()


class ToldWebClient(WebClient):
    """Every method of Slack's goes through `api_call`."""

    def __init__(self, told: Told, **options: Any) -> None:
        super().__init__(**options)
        self._told = told

    def api_call(self, api_method: str, **options: Any) -> SlackResponse:
        """As the SDK does it."""
        with telling(self._told, SLACK, api_method, word_of):
            answer: SlackResponse = super().api_call(api_method, **options)
        return answer
