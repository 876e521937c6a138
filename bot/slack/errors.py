"""What it means when Slack does not do what it was asked: classified here, and nowhere else.

An answer about the app, its token or the network says nothing of the message, and neither does one that is not Slack's
at all: the page of a proxy, an empty body, `{}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from approvals.millis import MINUTE, SECOND
from bot.slack.error_kinds import FINAL, SlackErrorKind, kind_of, reply_kind_of

SLACK_FAILURES = (SlackClientError, HTTPException, OSError)
"""What a call of Slack's SDK raises where Slack did not do it: Slack's own answer, or none."""
MAX_ASKED_PAUSE_MS = 10 * MINUTE
"""What answers in Slack's place may ask for any pause."""


@dataclass(frozen=True, slots=True)
class SlackFailure:
    """Why Slack did not do something."""

    kind: SlackErrorKind
    code: str
    """For the log and the ledger: Slack's own code, or of an answer that is not Slack's its status alone."""
    asked_pause_ms: int = 0
    """Milliseconds that Slack asks to wait; 0 where it does not."""


class NotSent(Exception):
    """Slack did not take a message."""

    def __init__(self, failure: SlackFailure) -> None:
        super().__init__(failure.code)
        self.failure = failure

    @property
    def kind(self) -> SlackErrorKind:
        """What it means."""
        return self.failure.kind

    @property
    def code(self) -> str:
        """A word for the log and the ledger: Slack's or one of ours."""
        return self.failure.code


class SlackRefused(NotSent):
    """That is final for this message or conversation."""


class SlackNotTaken(NotSent):
    """The same may be taken later."""


def failure_of(error: Exception) -> SlackFailure:
    """What an exception of Slack's SDK means, or of whatever came to pass while it was called."""
    if isinstance(error, NotSent):
        return error.failure
    if not isinstance(error, SlackApiError):
        return SlackFailure(SlackErrorKind.NO_ANSWER, type(error).__name__)
    answer = error.response.data
    word = answer.get("error") if isinstance(answer, dict) else None
    # Of an answer that is not Slack's, the SDK makes a sentence.
    code = word if isinstance(word, str) and re.fullmatch(r"\w+", word) else None
    status = error.response.status_code
    # Every busy far side, and whoever stands before it, may answer 429: it is called the same each time.
    named = "ratelimited" if status == 429 else code or f"http_{status}"
    return SlackFailure(kind_of(code, status), named, _asked_pause(error.response.headers))


def reply_failure(code: str | None, status: int, headers: Mapping[str, Any]) -> SlackFailure:
    """What it means where an address that came with a command does not take something.

    `code` is what it says, None where that is no word.
    """
    named = code or f"http_{status}"
    return SlackFailure(reply_kind_of(named), named, _asked_pause(headers))


def not_sent(error: Exception) -> NotSent:
    """The same as an exception, of a message that was to be sent."""
    failure = failure_of(error)
    return SlackRefused(failure) if failure.kind in FINAL else SlackNotTaken(failure)


def _asked_pause(headers: Mapping[str, Any]) -> int:
    """Milliseconds."""
    asked = headers.get("Retry-After") or headers.get("retry-after") or "0"
    value = str(asked[0] if isinstance(asked, list) else asked)
    return min(int(value) * SECOND, MAX_ASKED_PAUSE_MS) if value.isascii() and value.isdecimal() else 0
