"""What the app asks Slack for, as manifest.yml has it, and what does not work without it."""

from __future__ import annotations

from collections.abc import Mapping

BOT_SCOPES: Mapping[str, str] = {
    "commands": "the slash commands and the shortcut",
    "chat:write": "cards, direct messages and private answers",
    "users:read": "who clicked",
    "users:read.email": "finding a person's RAM user by the confirmed address",
    "channels:read": "whether a public channel is shared",
    "groups:read": "whether the approvals channel is private, and not shared",
}
ON_CALL_SCOPE = "usergroups:read"
"""An option of manifest.yml: only a catalogue whose rules or break-glass go by who is on call needs it."""
