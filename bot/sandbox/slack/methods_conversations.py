"""The `conversations.*` methods."""

from __future__ import annotations

from bot.sandbox.slack.arguments import Method, flag_of, list_of, page_of, require_scope, text_of
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace

_TYPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def conversation_methods(workspace: Workspace) -> dict[str, Method]:
    """Those that are served, by name. Each asks for its scope itself, since that depends on the conversation."""
    conversations = _Conversations(workspace)
    return {
        "conversations.info": Method(conversations.info),
        "conversations.open": Method(conversations.open),
        "conversations.list": Method(conversations.list_all),
        "conversations.members": Method(conversations.members),
        "conversations.history": Method(conversations.history),
        "conversations.replies": Method(conversations.replies),
    }


class _Conversations:
    """Scopes depend on the kind of conversation, so each method asks for its own."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._bot = workspace.app.bot_user_id

    def info(self, args: Json) -> Json:
        return {"channel": self._readable(args).to_conversation(self._bot)}

    def members(self, args: Json) -> Json:
        page, metadata = page_of(self._readable(args).members, args, 100)
        return {"members": page, "response_metadata": metadata}

    def list_all(self, args: Json) -> Json:
        types = list_of(args, "types") or ["public_channel"]
        for kind in types:
            if kind not in _TYPES:
                raise SlackError("invalid_types")
            require_scope(self._workspace.app, _TYPES[kind])
        found = [
            channel
            for channel in self._workspace.channels.values()
            if _type(channel) in types
            and (self._bot in channel.members or not channel.is_private)
            and not (channel.is_archived and flag_of(args, "exclude_archived"))
        ]
        page, metadata = page_of(found, args, 100)
        shown = [channel.to_conversation(self._bot) for channel in page]
        return {"channels": shown, "response_metadata": metadata}

    def open(self, args: Json) -> Json:
        users = [user for user in list_of(args, "users") if user != self._bot]
        if not users:
            raise SlackError("users_list_not_supplied")
        require_scope(self._workspace.app, "mpim:write" if len(users) > 1 else "im:write")
        if len(users) > 8:
            raise SlackError("too_many_users")
        for user in users:
            person = self._workspace.people.get(user)
            if person is None:
                raise SlackError("user_not_found")
            if person.deleted:
                raise SlackError("user_disabled")
        known = len(self._workspace.channels)
        channel = self._workspace.direct([self._bot, *users])
        there = known == len(self._workspace.channels)
        shown = channel.to_conversation(self._bot) if flag_of(args, "return_im") else {"id": channel.id}
        return {"channel": shown, "no_op": there, "already_open": there}

    def history(self, args: Json) -> Json:
        messages = [m for m in self._said(args) if m.in_channel]
        return self._page(messages[::-1], args)

    def replies(self, args: Json) -> Json:
        parent = text_of(args, "ts")
        messages = [m for m in self._said(args) if parent in (m.ts, m.thread_ts)]
        if not messages:
            raise SlackError("thread_not_found")
        return self._page(messages, args)

    def _said(self, args: Json) -> list[PostedMessage]:
        channel = self._found(args)
        require_scope(self._workspace.app, channel.read_scope.replace(":read", ":history"))
        if self._bot not in channel.members:
            raise SlackError("not_in_channel")
        oldest, latest = str(args.get("oldest", "0")), str(args.get("latest", "9999999999"))
        inclusive = flag_of(args, "inclusive")
        between = [m for m in channel.history() if float(oldest) <= float(m.ts) <= float(latest)]
        return [m for m in between if inclusive or m.ts not in (oldest, latest)]

    def _page(self, messages: list[PostedMessage], args: Json) -> Json:
        page, metadata = page_of(messages, args, 100)
        kept = flag_of(args, "include_all_metadata")
        app, team = self._workspace.app, self._workspace.team
        shown = [message.to_api(app, team.id, with_metadata=kept) for message in page]
        return {"messages": shown, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}

    def _readable(self, args: Json) -> Channel:
        channel = self._found(args)
        require_scope(self._workspace.app, channel.read_scope)
        return channel

    def _found(self, args: Json) -> Channel:
        channel = self._workspace.channels.get(text_of(args, "channel"))
        if channel is None or (channel.is_private and self._bot not in channel.members):
            raise SlackError("channel_not_found")
        return channel


def _type(channel: Channel) -> str:
    if channel.is_im or channel.is_mpim:
        return "im" if channel.is_im else "mpim"
    return "private_channel" if channel.is_private else "public_channel"
