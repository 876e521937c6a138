"""What Slack answers instead of yes: a closed list of words is final for a message or a conversation, all else passes.

An answer about the app, its token or the network says nothing of the message, and neither does one that is not Slack's
at all: the page of a proxy, an empty body, `{}`. What stands here is what the methods' own references list, apart from
the errors that every method has (docs.slack.dev/reference/methods/chat.postMessage, chat.update, chat.postEphemeral,
views.publish, conversations.info, as of 2026-08), and what was seen besides. A word that is not here passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from approvals.model import MINUTE, SECOND

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
PACED = frozenset(("ratelimited", "rate_limited", "message_limit_exceeded"))
"""Slack asks for a pause; it takes messages."""
SHUT_OUT = frozenset(
    (
        "not_in_channel",
        "channel_not_found",
        "channel_is_limited_access",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "method_not_supported_for_channel_type",
        # Of a person's direct messages.
        "messages_tab_disabled",
        "user_disabled",
        "user_not_found",
        "users_not_found",
        "user_not_visible",
        "cannot_dm_bot",
        "not_enabled",
    )
)
"""The bot cannot post in that conversation, whatever the message is."""
MESSAGE_GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))
"""The message cannot be redrawn; another one can be posted."""
THREAD_GONE = frozenset(
    (
        "thread_not_found",
        "cannot_reply_to_message",
        "message_not_found",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    )
)
"""Nothing can be posted under that message; another one can be."""
MALFORMED = frozenset(
    (
        "attachment_payload_limit_exceeded",
        "block_mismatch",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "view_too_large",
    )
)
"""Slack cannot show it as it is."""
FINAL = SHUT_OUT | MESSAGE_GONE | THREAD_GONE | MALFORMED
REPLY_SPENT = frozenset(
    (
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "expired_url",
        "invalid_token",
        "is_archived",
        "no_service",
        "no_team",
        "used_url",
        "user_not_found",
    )
)
"""The address that came with a command takes nothing more."""


MAX_ASKED_PAUSE_MS = 10 * MINUTE
"""What answers in Slack's place may ask for any pause."""


class NotSent(Exception):
    """Slack did not take a message; `word` says why, in Slack's word or one of ours."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class SlackRefused(NotSent):
    """That is final for this message or conversation."""


class SlackNotTaken(NotSent):
    """The same may be taken later; `asked` is the pause in milliseconds that Slack asks for, 0 where it does not."""

    def __init__(self, word: str, asked: int = 0) -> None:
        super().__init__(word)
        self.asked = asked


def judged(error: SlackApiError) -> NotSent:
    """What an answer other than yes means for what was asked."""
    word = code_of(error)
    if word in FINAL and not is_trouble(error):
        return SlackRefused(word)
    return SlackNotTaken("ratelimited" if error.response.status_code == 429 else word, pause_in(error.response.headers))


def is_trouble(error: SlackApiError) -> bool:
    """Whether it is Slack's own trouble, and nothing that is wrong with the call or the token."""
    return code_of(error) in TROUBLE or error.response.status_code in (429, *range(500, 600))


def is_slacks(error: SlackApiError) -> bool:
    """Whether Slack said so, in a word of its own. Of an answer that is not Slack's, the SDK makes a sentence."""
    return _word(error.response) is not None


def code_of(error: Exception) -> str:
    """A word for the log and the ledger; of an answer that is not Slack's, its status alone."""
    if isinstance(error, SlackApiError):
        return _word(error.response) or f"http_{error.response.status_code}"
    return error.word if isinstance(error, NotSent) else type(error).__name__


def pause_in(headers: Mapping[str, Any]) -> int:
    """Milliseconds that Slack asked to wait; 0 when it did not."""
    told = headers.get("Retry-After") or headers.get("retry-after") or "0"
    value = str(told[0] if isinstance(told, list) else told)
    return min(int(value) * SECOND, MAX_ASKED_PAUSE_MS) if value.isascii() and value.isdecimal() else 0


def is_shared(channel: Mapping[str, Any]) -> bool:
    """Whether another organisation reads a channel, or is about to."""
    return any(channel.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids"))


def _word(response: SlackResponse) -> str | None:
    word = response.data.get("error") if isinstance(response.data, dict) else None
    return word if isinstance(word, str) and re.fullmatch(r"\w+", word) else None
