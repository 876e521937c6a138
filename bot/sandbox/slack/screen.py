"""What one person sees at this moment."""

from __future__ import annotations

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace


def screen_of(workspace: Workspace, person: WorkspaceMember) -> Json:
    """The conversations, messages, modals, home tab and notice of this person."""
    channels = [channel for channel in workspace.channels.values() if person.id in channel.members]
    views = workspace.views
    stack = views.stacks.get(person.id, [])
    home = views.homes.get(person.id)
    return {
        "version": workspace.changes.version,
        "conversations": [_conversation(workspace, channel, person) for channel in channels],
        "messages": {channel.id: _messages(workspace, channel, person) for channel in channels},
        "modals": [views.to_api(view) for view in stack],
        "modal_errors": {view.id: views.errors[view.id] for view in stack if view.id in views.errors},
        "home": views.to_api(home) if home else None,
        "notice": workspace.notices.get(person.id),
    }


def mark_read(workspace: Workspace, person: WorkspaceMember, channel_id: str, thread_ts: str | None = None) -> None:
    """The person has this conversation, or this thread of it, before them: nothing in it is unread any more."""
    channel = workspace.channels.get(channel_id)
    if channel is None or person.id not in channel.members or not channel.messages:
        return
    if thread_ts is None:
        channel.read_until[person.id] = channel.messages[-1].ts
    else:
        channel.threads_read[person.id, thread_ts] = channel.messages[-1].ts


def roster(workspace: Workspace) -> Json:
    """Who one can be here, and what the app offers."""
    app, team = workspace.app, workspace.team
    people = [person for person in workspace.people.values() if not person.is_bot and not person.deleted]
    return {
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "title": person.title,
                "guest": person.is_guest,
                "ram_user": person.ram_user,
                "locale": person.locale,
            }
            for person in people
        ],
        "commands": [
            {"command": known.command, "usage_hint": known.usage_hint, "description": known.description}
            for known in app.commands
        ],
        "shortcuts": [{"callback_id": known.callback_id, "name": known.name} for known in app.shortcuts],
        "app": {"id": app.app_id, "name": app.name, "bot_user_id": app.bot_user_id},
        "team": {"id": team.id, "name": team.name},
    }


def _conversation(workspace: Workspace, channel: Channel, person: WorkspaceMember) -> Json:
    read_until = channel.read_until.get(person.id, "0")
    unread = [
        message
        for message in channel.messages
        if message.ephemeral_to in (None, person.id)
        and message.in_channel
        and message.ts > read_until
        and message.user != person.id
    ]
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": _name(workspace, channel, person),
        "unread": len(unread),
        "unread_threads": [ts for ts in _threads(channel) if channel.unread_replies(person.id, ts)],
        "is_member": True,
    }


def _name(workspace: Workspace, channel: Channel, person: WorkspaceMember) -> str:
    if channel.is_im:
        other = next(workspace.people[member] for member in channel.members if member != person.id)
        return workspace.app.name if other.id == workspace.app.bot_user_id else other.real_name
    if channel.is_mpim:
        others = [workspace.people[member] for member in channel.members if member != person.id]
        return ", ".join(other.real_name for other in others)
    return channel.name


def _messages(workspace: Workspace, channel: Channel, person: WorkspaceMember) -> list[Json]:
    seen = [message for message in channel.messages if message.ephemeral_to in (None, person.id)]
    threads = _threads(channel)
    return [
        message.to_screen(_author(workspace, message.user))
        | {"unread_replies": channel.unread_replies(person.id, message.ts) if message.ts in threads else 0}
        for message in seen
    ]


def _threads(channel: Channel) -> dict[str, None]:
    """The first message of each thread, oldest thread first."""
    return {message.thread_ts: None for message in channel.messages if message.is_reply and message.thread_ts}


def _author(workspace: Workspace, user: str) -> str:
    if user == workspace.app.bot_user_id:
        return workspace.app.name
    person = workspace.people.get(user)
    return person.real_name if person else user
