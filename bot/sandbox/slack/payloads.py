"""The payloads that Slack sends, field by field."""

from __future__ import annotations

import time
from typing import Any

from bot.sandbox.slack.answers import KINDS, state_of
from bot.sandbox.slack.app_config import Tokens
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json, new_id
from bot.sandbox.slack.workspace import Workspace


class Payloads:
    """Builds payloads; sends nothing."""

    def __init__(self, workspace: Workspace, tokens: Tokens) -> None:
        self._workspace = workspace
        self._tokens = tokens

    def common(self, kind: str, person: WorkspaceMember) -> Json:
        """What every interactive payload has."""
        team, organisation = self._workspace.team, self._workspace.organisation
        grid = {"enterprise_id": organisation.id, "enterprise_name": organisation.name} if organisation else {}
        everywhere = organisation is not None and organisation.everywhere
        return {
            "type": kind,
            "token": self._tokens.verification,
            "api_app_id": self._workspace.app.app_id,
            "team": None if everywhere else {"id": team.id, "domain": team.domain, **grid},
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id,
            },
            "enterprise": {"id": organisation.id, "name": organisation.name} if organisation else None,
            "is_enterprise_install": everywhere,
        }

    def command(self, person: WorkspaceMember, channel: Channel, command: str, text: str) -> Json:
        """A slash command, without its trigger id and response_url."""
        team, organisation = self._workspace.team, self._workspace.organisation
        grid = {"enterprise_id": organisation.id, "enterprise_name": organisation.name} if organisation else {}
        return {
            "token": self._tokens.verification,
            "team_id": person.team_id if person.is_stranger else team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": channel.payload_name,
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": self._workspace.app.app_id,
            "is_enterprise_install": "true" if organisation and organisation.everywhere else "false",
            **grid,
        }

    def message_action(self, person: WorkspaceMember, channel: Channel, message: PostedMessage, action: Json) -> Json:
        """Somebody used an element of a message. An ephemeral message itself is not in the payload, as in Slack."""
        ephemeral = message.ephemeral_to is not None
        payload = self.common("block_actions", person) | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": {"id": channel.id, "name": channel.payload_name},
            "state": {"values": {}},
            "actions": [action],
        }
        if not ephemeral:
            payload["message"] = message.to_api(self._workspace.app, self._workspace.team.id)
        return payload

    def view_action(self, person: WorkspaceMember, view: View, action: Json) -> Json:
        """Somebody used an element of a modal or home tab."""
        return self.view("block_actions", person, view) | {
            "container": {"type": "view", "view_id": view.id},
            "actions": [action],
        }

    def view(self, kind: str, person: WorkspaceMember, view: View) -> Json:
        """An interactive payload about a view, such as `view_submission`."""
        return self.common(kind, person) | {"view": self._workspace.views.to_api(view)}

    def event(self, event: Json) -> Json:
        """An event of the Events API, in its envelope."""
        team, app, organisation = self._workspace.team, self._workspace.app, self._workspace.organisation
        grid = organisation.id if organisation else None
        return {
            "token": self._tokens.verification,
            "team_id": team.id,
            **({"enterprise_id": grid} if grid else {}),
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": grid,
                    "team_id": team.id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": organisation is not None and organisation.everywhere,
                }
            ],
            "is_ext_shared_channel": False,
        }


def action_of(block_id: str, element: Json, value: Any, suggested: list[Json]) -> Json:
    """One entry of `actions`. CallRefused when the element cannot give this value."""
    action: Json = {
        "type": element["type"],
        "block_id": block_id,
        "action_id": element["action_id"],
        "action_ts": f"{time.time():.6f}",
    }
    if element["type"] in KINDS:
        return action | state_of(element, value, suggested)
    action["text"] = element["text"]
    return action | {name: element[name] for name in ("value", "style", "url", "confirm") if name in element}
