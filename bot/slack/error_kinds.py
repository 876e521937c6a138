"""What Slack's error codes mean, and which of them are final.

A closed list of codes is final for a message, a conversation or a view; all else passes. What stands here is what the
methods' own references list (docs.slack.dev/reference/methods: chat.postMessage, chat.update, chat.postEphemeral,
views.open, views.update, views.publish, conversations.info, users.info, as of 2026-08), and what was seen besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto


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
    STEP_OVER = auto()
    """The workflow does not wait for that step, or not any more."""
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
    # docs.slack.dev/reference/methods: functions.completeSuccess and functions.completeError.
    SlackErrorKind.STEP_OVER: (
        "execution_not_in_running_state",
        "function_execution_not_found",
        "parameter_validation_failed",
    ),
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
FINAL = (
    CLOSED
    | NOT_REDRAWN
    | NOT_REPLIED_TO
    | {SlackErrorKind.MALFORMED, SlackErrorKind.REPLY_SPENT, SlackErrorKind.STEP_OVER}
)
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


def kind_of(code: str | None, status: int) -> SlackErrorKind:
    """What an answer says. A status that says that Slack is busy or fails is believed before the code in it."""
    kind = _KINDS.get(code, SlackErrorKind.OTHER) if code else SlackErrorKind.NOT_SLACK
    if status == 429 or kind is SlackErrorKind.RATE_LIMITED:
        return SlackErrorKind.RATE_LIMITED
    return SlackErrorKind.UNAVAILABLE if status in range(500, 600) else kind


def reply_kind_of(code: str) -> SlackErrorKind:
    """The same of the address that came with a command; `code` may be the status where there is none."""
    return SlackErrorKind.REPLY_SPENT if code in _REPLY_SPENT else _KINDS.get(code, SlackErrorKind.OTHER)
