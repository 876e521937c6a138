"""What Slack knows of the installed app: the part of an app manifest that changes how a workspace behaves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Command(NamedTuple):
    """A slash command. `should_escape` turns a typed @dave into <@U0DAVE|dave>."""

    command: str
    usage_hint: str
    description: str
    should_escape: bool = True


class Shortcut(NamedTuple):
    """A global shortcut."""

    callback_id: str
    name: str
    description: str


class Step(NamedTuple):
    """A step for Workflow Builder. The inputs and outputs are the names of those that it must have, and may have."""

    callback_id: str
    inputs: Mapping[str, bool]
    """By name, whether it is required."""
    outputs: Mapping[str, type]


@dataclass(frozen=True)
class AppConfig:
    """One installed app. The defaults are the app of this project; a test compares them with its manifest."""

    app_id: str = "A0PAIREC"
    name: str = "pairec-access"
    bot_user_id: str = "U0PAIRECBOT"
    bot_id: str = "B0PAIREC"
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    steps: tuple[Step, ...] = ()
    org_deploy_enabled: bool = False
    bot_scopes: frozenset[str] = frozenset()
    bot_events: frozenset[str] = frozenset()
    socket_mode: bool = True
    interactivity: bool = True
    home_tab_enabled: bool = True
    messages_tab_enabled: bool = True
    messages_tab_read_only_enabled: bool = False

    @property
    def people_may_write(self) -> bool:
        """Whether the app's direct messages have a box to type in."""
        return self.messages_tab_enabled and not self.messages_tab_read_only_enabled

    def command(self, name: str) -> Command | None:
        """By its name with the slash; None where the app has none of that name."""
        return next((known for known in self.commands if known.command == name), None)

    def step(self, callback_id: str) -> Step | None:
        """By its callback id; None where there is none. Only an app that is ready for organisations has any."""
        steps = self.steps if self.org_deploy_enabled else ()
        return next((known for known in steps if known.callback_id == callback_id), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """By its callback id; None where the app has no such one."""
        return next((known for known in self.shortcuts if known.callback_id == callback_id), None)


@dataclass(frozen=True)
class Tokens:
    """The secrets of one installation, made anew at every start unless given."""

    bot: str = field(default_factory=lambda: f"xoxb-1000000001-2000000001-{secrets.token_hex(12)}")
    app: str = field(default_factory=lambda: f"xapp-1-A0PAIREC-3000000001-{secrets.token_hex(32)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification: str = field(default_factory=lambda: secrets.token_hex(12))


@dataclass(frozen=True)
class Timing:
    """Slack's own deadlines, in real seconds. Tests shorten them; nothing else should."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    event_retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    ping_seconds: float = 5.0
    refresh_grace_seconds: float = 10.0
