"""One message: what the Web API returns of it, what a person sees of it, whom it mentions."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.slack.answers import elements_of
from bot.sandbox.slack.app_config import AppConfig
from bot.sandbox.slack.mentions import mentions_of
from bot.sandbox.slack.wire import Json

REMEMBERED_LOOKS = 5


@dataclass
class PostedMessage:
    """`ephemeral_to` is the one person who sees it; such a message is in no history. Times are domain time.

    A reply in a thread stands in the channel only if it was `broadcast` there.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] | None = None
    by_bot: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_to: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    mentions: list[str] = field(default_factory=list)
    suggested: list[Json] = field(default_factory=list)
    earlier: list[list[Json]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mentions = mentions_of(self.text, self.blocks)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, and does not begin it."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether it stands among the messages of the channel, and not just in its thread."""
        return self.broadcast or not self.is_reply

    def element(self, block_id: str, action_id: str) -> Json | None:
        """The interactive element with these ids, now or in an earlier look.

        A client that has not heard of a change yet still shows the old buttons, and people press them.
        """
        for blocks in [self.blocks or [], *reversed(self.earlier)]:
            for block in blocks:
                for element in elements_of(block) if block["block_id"] == block_id else []:
                    if element["action_id"] == action_id:
                        return element
        return None

    def rewrite(self, text: str, blocks: list[Json] | None, edited_ts: str) -> None:
        """Show something else from now on."""
        self.earlier = [*self.earlier, self.blocks or []][-REMEMBERED_LOOKS:]
        self.text, self.blocks, self.edited_ts = text, blocks, edited_ts
        self.mentions = mentions_of(text, blocks)

    def to_api(self, app: AppConfig, team_id: str, *, with_metadata: bool = False) -> Json:
        """The message object of the Web API and of payloads. Its metadata only where the caller asked for that."""
        body: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": team_id}
        if self.by_bot:
            body |= {"bot_id": app.bot_id, "app_id": app.app_id}
            body["bot_profile"] = {
                "id": app.bot_id,
                "app_id": app.app_id,
                "name": app.name,
                "team_id": team_id,
                "deleted": False,
            }
        if self.blocks is not None:
            body["blocks"] = self.blocks
        if self.thread_ts is not None:
            body["thread_ts"] = self.thread_ts
        if self.broadcast:
            body["subtype"] = "thread_broadcast"
        if self.edited_ts is not None:
            body["edited"] = {"user": self.user, "ts": self.edited_ts}
        if with_metadata and self.metadata is not None:
            body["metadata"] = self.metadata
        return body

    def to_screen(self, name: str) -> Json:
        """What the page gets of it, under the name of whoever said it; `at` is domain time, in epoch seconds."""
        return {
            "ts": self.ts,
            "channel": self.channel,
            "user": self.user,
            "name": name,
            "bot": self.by_bot,
            "text": self.text,
            "blocks": self.blocks,
            "ephemeral": self.ephemeral_to is not None,
            "edited": self.edited_ts is not None,
            "edited_ts": self.edited_ts,
            "at": float(self.ts),
            "thread_ts": self.thread_ts,
            "broadcast": self.broadcast,
            "mentions": self.mentions,
        }
