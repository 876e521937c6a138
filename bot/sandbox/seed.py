"""The cast: who works in the workshop, where they talk, and what the installed app may do."""

from __future__ import annotations

from bot.sandbox.clock import SandboxClock
from bot.sandbox.events import Changes
from bot.sandbox.slack.app_config import AppConfig, Command, Shortcut
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.workspace import Workspace
from bot.slack.scopes import BOT_SCOPES
from handlers.commands.registry import ACCESS
from handlers.commands.status.registry import STATUS

APPROVALS_CHANNEL = "C0APPROVALS"

_PEOPLE = (
    ("alice", "Alice Chen", "administrator"),
    ("bob", "Bob Ortiz", "administrator"),
    ("judy", "Judy Novak", "administrator"),
    ("carol", "Carol Diaz", "engineer"),
    ("dave", "Dave Kim", "engineer"),
    ("erin", "Erin Sato", "engineer"),
    ("frank", "Frank Weber", "analyst"),
)
_LOCALES = {"alice": "zh-CN"}
"""Who has chosen another language in Slack than English."""
_ADMINISTRATORS = ("alice", "bob", "judy")


def default_app_config() -> AppConfig:
    """The app as it is installed in the workshop."""
    return AppConfig(
        commands=(
            Command(
                "/pairec-access",
                ACCESS.usage_hint(),
                "Ask for PAI-Rec permissions, see and give back what you have",
            ),
            Command(
                "/pairec-status",
                STATUS.usage_hint(),
                "See whether PAI-Rec reaches the services it needs",
            ),
        ),
        shortcuts=(Shortcut("request_access", "Request PAI-Rec access", "Ask for PAI-Rec permissions"),),
        bot_scopes=frozenset(BOT_SCOPES),
        bot_events=frozenset({"app_home_opened"}),
    )


def seeded_workspace(app: AppConfig, clock: SandboxClock, changes: Changes) -> Workspace:
    """A fresh workspace with everybody in it and nothing said yet."""
    workspace = Workspace(app, clock, changes)
    team = workspace.team.id
    bot = WorkspaceMember(app.bot_user_id, app.name, app.name, team_id=team, is_bot=True, is_email_confirmed=False)
    workspace.add_person(bot)
    for name, real_name, title in _PEOPLE:
        person = WorkspaceMember(_id(name), name, real_name, f"{name}@example.com", title, team, ram_user=name)
        person.is_admin = name in _ADMINISTRATORS
        person.locale = _LOCALES.get(name, person.locale)
        workspace.add_person(person)
    grace = WorkspaceMember(_id("grace"), "grace", "Grace Lee", "grace@example.com", "guest", team, is_restricted=True)
    workspace.add_person(grace)
    members = [_id(name) for name, _, _ in _PEOPLE]
    administrators = [_id(name) for name in _ADMINISTRATORS]
    workspace.add_channel(Channel("C0GENERAL", "general", [*members, grace.id, bot.id]))
    workspace.add_channel(Channel(APPROVALS_CHANNEL, "pairec-approvals", [*administrators, bot.id], is_private=True))
    workspace.add_channel(Channel("C0RANKING", "ranking", list(members)))
    return workspace


def _id(name: str) -> str:
    return f"U0{name.upper()}"
