"""What Slack says of a conversation (docs.slack.dev, "Conversation object")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SlackFailure

SHARED = SlackFailure(SlackErrorKind.CONVERSATION_CLOSED, "shared with another organisation")
"""Why the app does not post where others read it."""


def is_shared(channel: Mapping[str, Any]) -> bool:
    """Whether another organisation reads a channel, or is about to."""
    return any(channel.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids"))
