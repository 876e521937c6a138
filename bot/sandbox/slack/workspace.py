"""The state of the workspace: who is in it, what was said, what each person has on screen.

Everything here belongs to the event loop of the sandbox; other threads look at it through `Sandbox.call`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.events import Changes
from bot.sandbox.slack.app_config import AppConfig
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import Organisation, WorkspaceMember
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.wire import Json, new_id


@dataclass(frozen=True)
class Team:
    """The one team of the workspace, as Slack names it."""

    id: str = "T0PAIREC"
    name: str = "PAI-Rec workshop"
    domain: str = "pairec-workshop"


@dataclass
class UserGroup:
    """People who are called together by a mention."""

    members: list[str]
    disabled: bool = False


class Workspace:
    """People, conversations and views of one team with one app in it."""

    def __init__(self, app: AppConfig, clock: SandboxClock, changes: Changes, team: Team | None = None) -> None:
        self.app = app
        self.team = team or Team()
        self.organisation: Organisation | None = None
        self.clock = clock
        self.changes = changes
        self.people: dict[str, WorkspaceMember] = {}
        self.channels: dict[str, Channel] = {}
        self.user_groups: dict[str, UserGroup] = {}
        """By id."""
        self.notices: dict[str, Json] = {}
        self.views = Views(self.team.id, app)
        self._last_microsecond = 0

    def changed(self) -> None:
        """Tell whoever looks at a screen to look again."""
        self.changes.bump("slack")

    def add_person(self, person: WorkspaceMember) -> None:
        """ValueError when the id or the name is taken."""
        if person.id in self.people or self.person_named(person.name):
            raise ValueError(f"there is somebody with the id {person.id} or the name {person.name} already")
        self.people[person.id] = person
        if not person.is_bot:
            self.direct([person.id, self.app.bot_user_id])
        self.changed()

    def add_channel(self, channel: Channel) -> None:
        """Put a conversation into the workspace."""
        self.channels[channel.id] = channel
        self.changed()

    def person_named(self, name: str) -> WorkspaceMember | None:
        """By their short name, without an @; None where there is nobody of that name."""
        return next((person for person in self.people.values() if person.name == name), None)

    def channel_named(self, name: str) -> Channel | None:
        """By its name, with or without a #; None where there is no such channel. Direct messages have none."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)

    def direct(self, members: list[str]) -> Channel:
        """The direct conversation of exactly these people, opened if need be."""
        wanted = sorted(set(members))
        for channel in self.channels.values():
            if (channel.is_im or channel.is_mpim) and sorted(channel.members) == wanted:
                return channel
        several = len(wanted) > 2
        name = "mpdm-" + "--".join(self.people[member].name for member in wanted) + "-1" if several else ""
        channel = Channel(
            new_id("G" if several else "D"), name, wanted, is_private=True, is_im=not several, is_mpim=several
        )
        self.channels[channel.id] = channel
        return channel

    def new_ts(self) -> str:
        """A message time that no other message has: domain time, in microseconds, always growing."""
        self._last_microsecond = max(self._last_microsecond + 1, int(self.clock.now() * 1_000_000))
        seconds, rest = divmod(self._last_microsecond, 1_000_000)
        return f"{seconds}.{rest:06d}"

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> PostedMessage:
        """Say something; `more` are further fields of PostedMessage."""
        by_bot = user == self.app.bot_user_id
        message = PostedMessage(self.new_ts(), channel.id, user, text, by_bot=by_bot, **more)
        channel.messages.append(message)
        if message.ephemeral_to is None:
            channel.read_until[user] = message.ts
        self.changed()
        return message

    def rewrite(self, message: PostedMessage, text: str, blocks: list[Json] | None) -> None:
        """Show something else in place of a message, which counts as edited from then on."""
        message.rewrite(text, blocks, self.new_ts())
        self.changed()

    def remove(self, message: PostedMessage) -> None:
        """Delete a message."""
        self.channels[message.channel].messages.remove(message)
        self.changed()

    def notify(self, user: str, text: str) -> None:
        """The short-lived line that a Slack client shows when something did not work."""
        self.notices[user] = {"text": text, "at": self.clock.now()}
        self.changed()
