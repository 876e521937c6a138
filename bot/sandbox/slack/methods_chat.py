"""The `chat.*` methods."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.arguments import Method, flag_of, text_of
from bot.sandbox.slack.blocks import accepted_message_blocks
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace

MAX_TEXT_CHARACTERS = 40_000


def chat_methods(workspace: Workspace) -> dict[str, Method]:
    """Those that are served, by name."""
    chat = _Chat(workspace)
    return {
        "chat.postMessage": Method(chat.post, "chat:write"),
        "chat.update": Method(chat.update, "chat:write"),
        "chat.delete": Method(chat.delete, "chat:write"),
        "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
        "chat.getPermalink": Method(chat.permalink),
    }


class _Chat:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._bot = workspace.app.bot_user_id

    def post(self, args: Json) -> Json:
        channel = self._destination(text_of(args, "channel"))
        text, blocks = _content(args)
        thread_ts = args.get("thread_ts")
        if thread_ts and channel.find(thread_ts) is None:
            raise SlackError("thread_not_found")
        message = self._workspace.post(
            channel,
            self._bot,
            text,
            blocks=blocks,
            thread_ts=thread_ts,
            broadcast=bool(thread_ts) and flag_of(args, "reply_broadcast"),
            metadata=_metadata(args),
        )
        return {"channel": channel.id, "ts": message.ts, "message": self._shown(message)}

    def update(self, args: Json) -> Json:
        message = self._own(args, "cant_update_message")
        text, blocks = _content(args, message)
        self._workspace.rewrite(message, text, blocks)
        message.metadata = _metadata(args) or message.metadata
        return {"channel": message.channel, "ts": message.ts, "text": text, "message": self._shown(message)}

    def delete(self, args: Json) -> Json:
        message = self._own(args, "cant_delete_message")
        self._workspace.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def post_ephemeral(self, args: Json) -> Json:
        channel = self._destination(text_of(args, "channel"))
        user = text_of(args, "user")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        text, blocks = _content(args)
        message = self._workspace.post(
            channel, self._bot, text, blocks=blocks, ephemeral_to=user, thread_ts=args.get("thread_ts")
        )
        return {"message_ts": message.ts}

    def permalink(self, args: Json) -> Json:
        channel = self._visible(text_of(args, "channel"))
        ts = text_of(args, "message_ts")
        if channel.find(ts) is None:
            raise SlackError("message_not_found")
        link = f"https://{self._workspace.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _shown(self, message: PostedMessage) -> Json:
        return message.to_api(self._workspace.app, self._workspace.team.id, with_metadata=True)

    def _visible(self, channel_id: str) -> Channel:
        """A conversation that the bot can see by its id."""
        channel = self._workspace.channels.get(channel_id)
        if channel is None or (channel.is_private and self._bot not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def _destination(self, name: str) -> Channel:
        """Where to post: a channel by id or #name, or a person by id, which means their direct messages."""
        person = self._workspace.people.get(name)
        if person is not None:
            if person.is_bot:
                raise SlackError("cannot_dm_bot")
            if person.deleted:
                raise SlackError("user_disabled")
            channel = self._workspace.direct([person.id, self._bot])
        else:
            named = self._workspace.channel_named(name)
            channel = self._visible(named.id if named else name)
        if channel.is_im and not self._workspace.app.messages_tab_enabled:
            raise SlackError("messages_tab_disabled")
        if self._bot not in channel.members:
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def _own(self, args: Json, otherwise: str) -> PostedMessage:
        """The bot's own message that `channel` and `ts` name."""
        channel = self._visible(text_of(args, "channel"))
        if channel.is_archived:
            raise SlackError("is_inactive")
        message = channel.find(text_of(args, "ts"))
        if message is None:
            raise SlackError("message_not_found")
        if message.user != self._bot:
            raise SlackError(otherwise)
        return message


def _content(args: Json, before: PostedMessage | None = None) -> tuple[str, list[Json] | None]:
    """Text and accepted blocks. An update keeps the blocks that it does not mention; `[]` removes them."""
    text: Any = args.get("text", "")
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", messages=["[ERROR] text must be a string [json-pointer:/text]"])
    if len(text) > MAX_TEXT_CHARACTERS:
        raise SlackError("msg_too_long")
    blocks = accepted_message_blocks(args["blocks"]) if args.get("blocks") else None
    if before is not None and "blocks" not in args:
        blocks = before.blocks
    if not text.strip() and not blocks:
        raise SlackError("no_text")
    return text, blocks


def _metadata(args: Json) -> Json | None:
    metadata = args.get("metadata")
    if metadata is None:
        return None
    known = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not known or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return dict(metadata)
