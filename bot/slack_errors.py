"""What Slack answers instead of yes, and whether the same call may succeed later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from approvals.model import SECOND

TROUBLE = frozenset(
    (
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    )
)
"""Slack's own, whoever asks."""
SHUT_OUT = frozenset(
    (
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
    )
)
"""The bot cannot post in that conversation any more, whatever the message is."""
MESSAGE_GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))
"""The message cannot be redrawn; another one can be posted."""
THREAD_GONE = frozenset(("thread_not_found", "cannot_reply_to_message", "message_not_found"))
"""Nothing can be posted under that message; another one can be."""
REPLACED = frozenset(("invalid_auth", "token_revoked", "token_expired", "not_authed"))
"""What a running program, which had a good token, hears while that is being replaced."""


class SharedChannel(Exception):
    """Another organisation reads that channel, or is about to."""


class ReplyRefused(Exception):
    """What was sent to the address that came with a command was not taken now; `asked` is the pause in milliseconds."""

    def __init__(self, status: int, headers: Mapping[str, Any]) -> None:
        super().__init__(f"http_{status}")
        self.asked = _pause(headers)


def passes(error: SlackApiError) -> bool:
    """Whether the same call may succeed later. Every other answer is final, and the message has to go another way."""
    return is_trouble(error) or code_of(error) in REPLACED


def is_trouble(error: SlackApiError) -> bool:
    """Whether it is Slack's own trouble, and nothing that is wrong with the call or the token."""
    return code_of(error) in TROUBLE or error.response.status_code in (429, *range(500, 600))


def is_slacks(error: SlackApiError) -> bool:
    """Whether Slack said so, in a word of its own. Of an answer that is not Slack's, the SDK makes a sentence."""
    return re.fullmatch(r"\w+", str(error.response.get("error") or "")) is not None


def code_of(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or error.response.status_code)
    return str(error) if isinstance(error, ReplyRefused) else type(error).__name__


def retry_after(error: Exception) -> int:
    """Milliseconds that Slack asked to wait; 0 when it did not."""
    if isinstance(error, ReplyRefused):
        return error.asked
    return _pause(error.response.headers) if isinstance(error, SlackApiError) else 0


def _pause(headers: Mapping[str, Any]) -> int:
    told = headers.get("Retry-After") or headers.get("retry-after") or "0"
    value = told[0] if isinstance(told, list) else told
    return int(value) * SECOND if str(value).isdigit() else 0
