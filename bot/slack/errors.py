"""What it means when Slack does not do what it was asked: classified here, and nowhere else.

A closed list of codes is final for a message, a conversation or a view; all else passes. An answer about the app, its
token or the network says nothing of the message, and neither does one that is not Slack's at all: the page of a proxy,
an empty body, `{}`. What stands here is what the methods' own references list (docs.slack.dev/reference/methods:
chat.postMessage, chat.update, chat.postEphemeral, views.open, views.update, views.publish, conversations.info,
users.info, as of 2026-08), and what was seen besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from approvals.model import MINUTE, SECOND

SLACK_FAILURES = (SlackClientError, HTTPException, OSError)
"""What a call of Slack's SDK raises where Slack did not do it: Slack's own answer, or none."""
MAX_ASKED_PAUSE_MS = 10 * MINUTE
"""What answers in Slack's place may ask for any pause."""


class SlackErrorKind(Enum):
    """What an answer other than yes says, whatever was asked."""

    RATE_LIMITED = auto()
    """Slack asks for a pause; it takes messages."""
    UNAVAILABLE = auto()
    """Slack fails by itself, whoever asks."""
    NO_ANSWER = auto()
    """The network, or an answer that nobody can read."""
    NOT_SLACK = auto()
    """Something answers in Slack's place, or says yes without saying to what."""
    APP_REFUSED = auto()
    """It is about the app, its token or its installation, and not about what was asked."""
    MISSING_SCOPE = auto()
    """The app may not ask that, of this kind of conversation."""
    NOT_IN_CHANNEL = auto()
    """There is no such conversation, as far as the app can see."""
    CONVERSATION_CLOSED = auto()
    """Nothing can be posted in that conversation, whatever the message is."""
    NO_SUCH_USER = auto()
    """There is no such person, or none whom the app may see."""
    MESSAGE_GONE = auto()
    """The message is not there: it cannot be redrawn or replied to. Another one can be posted."""
    MESSAGE_FIXED = auto()
    """The message is there and cannot be redrawn any more."""
    NO_THREAD = auto()
    """Nothing can be posted under that message; another one can be."""
    MALFORMED = auto()
    """Slack cannot show it as it is."""
    TRIGGER_EXPIRED = auto()
    """It is too late to open a view for that click."""
    VIEW_REPLACED = auto()
    """The view was closed, or changed meanwhile."""
    REPLY_SPENT = auto()
    """The address that came with a command takes nothing more."""
    OTHER = auto()
    """A code that is in no list: it proves nothing."""


_CODES: Mapping[SlackErrorKind, tuple[str, ...]] = {
    SlackErrorKind.RATE_LIMITED: ("ratelimited", "rate_limited", "message_limit_exceeded"),
    SlackErrorKind.UNAVAILABLE: (
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    ),
    SlackErrorKind.APP_REFUSED: (
        "access_denied",
        "accesslimited",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "no_permission",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    ),
    SlackErrorKind.MISSING_SCOPE: ("missing_scope",),
    SlackErrorKind.NOT_IN_CHANNEL: ("not_in_channel", "channel_not_found"),
    SlackErrorKind.CONVERSATION_CLOSED: (
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
        "cannot_dm_bot",
        "not_enabled",
    ),
    SlackErrorKind.NO_SUCH_USER: ("user_not_found", "users_not_found", "user_not_visible"),
    SlackErrorKind.MESSAGE_GONE: ("message_not_found",),
    SlackErrorKind.MESSAGE_FIXED: ("cant_update_message", "edit_window_closed"),
    SlackErrorKind.NO_THREAD: (
        "thread_not_found",
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    ),
    SlackErrorKind.MALFORMED: (
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
    ),
    SlackErrorKind.TRIGGER_EXPIRED: ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"),
    SlackErrorKind.VIEW_REPLACED: ("not_found", "hash_conflict", "view_not_found"),
}
_KINDS = {code: kind for kind, codes in _CODES.items() for code in codes}
_REPLY_SPENT = frozenset(
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
"""Of the address that came with a command, where some codes say something else than elsewhere."""

CLOSED = frozenset(
    (SlackErrorKind.NOT_IN_CHANNEL, SlackErrorKind.CONVERSATION_CLOSED, SlackErrorKind.NO_SUCH_USER),
)
"""The app cannot post in that conversation, whatever the message is."""
NOT_REDRAWN = frozenset((SlackErrorKind.MESSAGE_GONE, SlackErrorKind.MESSAGE_FIXED))
"""The message cannot be redrawn; another one can be posted."""
NOT_REPLIED_TO = frozenset((SlackErrorKind.MESSAGE_GONE, SlackErrorKind.NO_THREAD))
"""Nothing can be posted under that message; another one can be."""
FINAL = CLOSED | NOT_REDRAWN | NOT_REPLIED_TO | {SlackErrorKind.MALFORMED, SlackErrorKind.REPLY_SPENT}
"""The same message will not be taken later either."""
PASSING = frozenset(
    (
        SlackErrorKind.RATE_LIMITED,
        SlackErrorKind.UNAVAILABLE,
        SlackErrorKind.NO_ANSWER,
        SlackErrorKind.NOT_SLACK,
        SlackErrorKind.APP_REFUSED,
        SlackErrorKind.MISSING_SCOPE,
    )
)
"""It says nothing of what was asked, and may be otherwise in a minute."""


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
    told = error.response.data.get("error") if isinstance(error.response.data, dict) else None
    # Of an answer that is not Slack's, the SDK makes a sentence.
    code = told if isinstance(told, str) and re.fullmatch(r"\w+", told) else None
    status = error.response.status_code
    # Every busy far side, and whoever stands before it, may answer 429: it is called the same each time.
    named = "ratelimited" if status == 429 else code or f"http_{status}"
    return SlackFailure(_kind(code, status), named, _asked_pause(error.response.headers))


def reply_failure(code: str | None, status: int, headers: Mapping[str, Any]) -> SlackFailure:
    """What it means where an address that came with a command does not take something.

    `code` is what it says, None where that is no word.
    """
    named = code or f"http_{status}"
    kind = SlackErrorKind.REPLY_SPENT if code in _REPLY_SPENT else _KINDS.get(named, SlackErrorKind.OTHER)
    return SlackFailure(kind, named, _asked_pause(headers))


def not_sent(error: Exception) -> NotSent:
    """The same as an exception, of a message that was to be sent."""
    failure = failure_of(error)
    return SlackRefused(failure) if failure.kind in FINAL else SlackNotTaken(failure)


def _kind(code: str | None, status: int) -> SlackErrorKind:
    """A status that says that Slack is busy or fails is believed before the code in the answer."""
    kind = _KINDS.get(code, SlackErrorKind.OTHER) if code else SlackErrorKind.NOT_SLACK
    if status == 429 or kind is SlackErrorKind.RATE_LIMITED:
        return SlackErrorKind.RATE_LIMITED
    return SlackErrorKind.UNAVAILABLE if status in range(500, 600) else kind


def _asked_pause(headers: Mapping[str, Any]) -> int:
    """Milliseconds."""
    told = headers.get("Retry-After") or headers.get("retry-after") or "0"
    value = str(told[0] if isinstance(told, list) else told)
    return min(int(value) * SECOND, MAX_ASKED_PAUSE_MS) if value.isascii() and value.isdecimal() else 0
