"""Conversations: channels, private channels, direct messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.wire import Json

_SETTABLE = (
    "is_private",
    "is_archived",
    "is_ext_shared",
    "is_shared",
    "is_org_shared",
    "is_pending_ext_shared",
)


@dataclass
class Channel:
    """`messages` holds everything said in it, ephemeral messages included, oldest first."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    is_shared: bool = False
    is_org_shared: bool = False
    is_pending_ext_shared: bool = False
    created: int = 1700000000
    messages: list[PostedMessage] = field(default_factory=list)
    read_until: dict[str, str] = field(default_factory=dict)
    threads_read: dict[tuple[str, str], str] = field(default_factory=dict)
    """By person and the first message of a thread."""

    @property
    def kind(self) -> str:
        """`im` for direct messages, also of several people; `private` or `channel` otherwise."""
        if self.is_im or self.is_mpim:
            return "im"
        return "private" if self.is_private else "channel"

    @property
    def read_scope(self) -> str:
        """The scope that `conversations.info` and `conversations.members` ask for."""
        if self.is_im:
            return "im:read"
        if self.is_mpim:
            return "mpim:read"
        return "groups:read" if self.is_private else "channels:read"

    @property
    def payload_name(self) -> str:
        """What interactive payloads call it."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.is_private else self.name

    def change(self, values: Json) -> None:
        """Set flags by name. ValueError for an unknown flag or a value that is not true or false."""
        for name, value in values.items():
            if name not in _SETTABLE or not isinstance(value, bool):
                raise ValueError(f"of a channel can be set, to true or false: {', '.join(_SETTABLE)}")
        for name, value in values.items():
            setattr(self, name, value)

    def history(self) -> list[PostedMessage]:
        """What everybody sees, oldest first."""
        return [message for message in self.messages if message.ephemeral_to is None]

    def replies(self, parent_ts: str) -> list[PostedMessage]:
        """What everybody finds in a thread, oldest first, without the message that it is about."""
        return [message for message in self.history() if message.is_reply and message.thread_ts == parent_ts]

    def follows(self, user: str, parent_ts: str) -> bool:
        """Whether Slack tells this person of new replies there: they wrote in the thread, or were mentioned in it."""
        parent, replies = self.find(parent_ts), self.replies(parent_ts)
        wrote = any(message.user == user for message in (parent, *replies) if message is not None)
        return wrote or any(user in message.mentions for message in replies)

    def unread_replies(self, user: str, parent_ts: str) -> int:
        """How many replies there are in a thread that somebody has not read; none in one of which Slack does not tell
        them.
        """
        if not self.follows(user, parent_ts):
            return 0
        read = self.threads_read.get((user, parent_ts), "0")
        return sum(1 for message in self.replies(parent_ts) if message.ts > read and message.user != user)

    def find(self, ts: str, *, seen_by: str | None = None) -> PostedMessage | None:
        """The message with this `ts`; ephemeral ones only if `seen_by` is the one who sees it."""
        for message in reversed(self.messages):
            if message.ts == ts and message.ephemeral_to in (None, seen_by):
                return message
        return None

    def to_conversation(self, viewer: str) -> Json:
        """The `channel` object of `conversations.info`."""
        if self.is_im:
            other = next((member for member in self.members if member != viewer), viewer)
            return {"id": self.id, "created": self.created, "is_im": True, "is_org_shared": False, "user": other}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "is_channel": not self.is_private,
            "is_group": self.is_private and not self.is_mpim,
            "is_im": False,
            "is_mpim": self.is_mpim,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": self.id == "C0GENERAL",
            "is_shared": self.is_shared or self.is_ext_shared or self.is_org_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": self.is_org_shared,
            "is_pending_ext_shared": self.is_pending_ext_shared,
            "is_member": viewer in self.members,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
