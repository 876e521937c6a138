"""What people do: each deed becomes a payload to the app, and the answer becomes what the person sees."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.blocks import suggestion_complaints
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.deliveries import Deliveries, Undelivered
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.payloads import Payloads, action_of
from bot.sandbox.slack.replies import Replies
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.typed_text import typed_text
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import CallRefused, Json, SlackError
from bot.sandbox.slack.workspace import Workspace

OWN_COMMANDS = ("/invite", "/remove", "/kick")
"""Slack's own, of which the bot's texts name one."""

Values = dict[str, dict[str, Any]]


class Interactions:
    """Deeds in channels and on buttons. Each raises CallRefused when a Slack client would not let the person do it.

    Undelivered is not raised: as in Slack, the person gets a notice, and the answer says `"ok": false`.
    """

    def __init__(
        self,
        workspace: Workspace,
        deliveries: Deliveries,
        payloads: Payloads,
        triggers: Triggers,
        replies: Replies,
    ) -> None:
        self.workspace = workspace
        self.deliveries = deliveries
        self.payloads = payloads
        self.triggers = triggers
        self.replies = replies

    async def say(self, person: WorkspaceMember, channel: Channel, text: str) -> Json:
        """Post a message, or run a slash command if the text starts with one."""
        if channel.is_archived:
            raise CallRefused("the channel is archived")
        app = self.workspace.app
        if app.bot_user_id in channel.members and channel.is_im and not app.people_may_write:
            raise CallRefused("sending messages to this app has been turned off")
        name, _, rest = text.strip().partition(" ")
        if not name.startswith("/"):
            self.workspace.post(channel, person.id, typed_text(self.workspace, text, labelled=False))
            return {"ok": True}
        if name in OWN_COMMANDS:
            return self._change_members(person, channel, name, rest)
        command = self.workspace.app.command(name)
        if command is None:
            self.workspace.notify(person.id, f"{name} is not a valid command.")
            return {"ok": False, "error": "unknown_command"}
        written = typed_text(self.workspace, rest.strip(), labelled=True, mentions=command.should_escape)
        payload = self.payloads.command(person, channel, name, written)
        payload["response_url"] = self.replies.issue(person.id, channel.id)
        return await self._command(person, channel, payload)

    def _change_members(self, person: WorkspaceMember, channel: Channel, name: str, whom: str) -> Json:
        """Slack's own `/invite @somebody` and `/remove @somebody`, which serve for an app as well."""
        other = self.workspace.person_named(whom.strip().removeprefix("@"))
        if other is None or channel.is_im or channel.is_mpim:
            return self.failed(person, "user_not_found", f"{name}: there is nobody of that name to do that with here.")
        if name == "/invite" and other.id not in channel.members:
            channel.members.append(other.id)
        elif name != "/invite" and other.id in channel.members:
            channel.members.remove(other.id)
        self.workspace.changed()
        return {"ok": True}

    def delete(self, person: WorkspaceMember, message: PostedMessage) -> Json:
        """Delete what one said oneself; administrators may delete what an app said."""
        if person.id != message.user and not (person.is_admin and message.by_bot):
            raise CallRefused("only administrators may delete what somebody else said")
        self.workspace.remove(message)
        return {"ok": True}

    async def _command(self, person: WorkspaceMember, channel: Channel, payload: Json) -> Json:
        payload["trigger_id"] = self.triggers.issue(person.id)
        try:
            answer = await self.deliveries.ask("slash_commands", payload)
        except Undelivered as failure:
            text = f'{payload["command"]} failed with the error "{failure.args[0]}"'
            return self.failed(person, failure.args[0], text)
        if answer.get("text") or answer.get("blocks"):
            try:
                self.replies.answer(person.id, channel.id, answer)
            except SlackError as error:
                text = f'{payload["command"]} failed with the error "{error.code}"'
                return self.failed(person, error.code, text)
        return {"ok": True}

    async def act_on_message(
        self, person: WorkspaceMember, message: PostedMessage, block_id: str, action_id: str, value: Any
    ) -> Json:
        """Use an element of a message."""
        element = message.element(block_id, action_id)
        if element is None:
            raise CallRefused(f"the message has no element {action_id!r} in a block {block_id!r}")
        channel = self.workspace.channels[message.channel]
        action = action_of(block_id, element, value, message.suggested)
        payload = self.payloads.message_action(person, channel, message, action)
        payload["response_url"] = self.replies.issue(person.id, channel.id, message.ts)
        return await self.send(person, payload)

    async def act_on_view(self, person: WorkspaceMember, view: View, block_id: str, action_id: str, value: Any) -> Json:
        """Use an element of a modal or home tab."""
        element = view.element(block_id, action_id)
        if element is None:
            raise CallRefused(f"the view has no element {action_id!r} in a block {block_id!r}")
        suggested = view.suggested.get((block_id, action_id), [])
        action = action_of(block_id, element, value, suggested)
        if element["type"] not in ("button", "overflow"):
            view.remember(block_id, element, value)
            self.workspace.changed()
        return await self.send(person, self.payloads.view_action(person, view, action))

    async def suggest_on_message(
        self, person: WorkspaceMember, message: PostedMessage, block_id: str, action_id: str, query: str
    ) -> Json:
        """Type into an external select of a message."""
        channel = self.workspace.channels[message.channel]
        payload = self.payloads.message_action(person, channel, message, {})
        payload |= {"type": "block_suggestion", "block_id": block_id, "action_id": action_id, "value": query}
        del payload["actions"]
        element = message.element(block_id, action_id)
        return await self.suggested(person, element, payload, message.suggested)

    async def suggested(self, person: WorkspaceMember, element: Json | None, payload: Json, known: list[Json]) -> Json:
        """Ask the app for options; what it offers is added to `known`, so that one of them can be chosen."""
        if element is None or not element["type"].endswith("external_select"):
            raise CallRefused(f"there is no external select {payload['action_id']!r} in {payload['block_id']!r}")
        offered = (await self.send(person, payload)).get("answer", {})
        if offered and suggestion_complaints(offered):
            # A client then shows nothing to choose, and the app hears nothing of it.
            self.workspace.notify(person.id, "The app's options could not be shown.")
            return {"options": []}
        groups = offered.get("option_groups", [])
        options = [*offered.get("options", []), *(option for group in groups for option in group["options"])]
        known += [option for option in options if option not in known]
        return {"option_groups": groups} if groups else {"options": options}

    async def use_shortcut(self, person: WorkspaceMember, callback_id: str) -> Json:
        """Choose a global shortcut."""
        if self.workspace.app.shortcut(callback_id) is None:
            raise CallRefused(f"the app has no shortcut {callback_id!r}")
        payload = self.payloads.common("shortcut", person) | {
            "callback_id": callback_id,
            "action_ts": self.workspace.new_ts(),
        }
        return await self.send(person, payload)

    def open_home(self, person: WorkspaceMember) -> Json:
        """Look at the app's home tab."""
        if not self.workspace.app.home_tab_enabled:
            raise CallRefused("the app has no home tab")
        if "app_home_opened" in self.workspace.app.bot_events:
            event: Json = {
                "type": "app_home_opened",
                "user": person.id,
                "channel": self.workspace.direct([person.id, self.workspace.app.bot_user_id]).id,
                "tab": "home",
                "event_ts": self.workspace.new_ts(),
            }
            home = self.workspace.views.homes.get(person.id)
            if home is not None:
                event["view"] = self.workspace.views.to_api(home)
            self.deliveries.tell(self.payloads.event(event))
        return {"ok": True}

    async def forge(self, person: WorkspaceMember, payload: Json) -> Json:
        """Send any interactive payload as if Slack had made it, with what is missing filled in."""
        kind = str(payload.get("type", "block_actions"))
        whole = {**self.payloads.common(kind, person), **payload}
        channel = self.workspace.direct([person.id, self.workspace.app.bot_user_id])
        if kind == "block_actions":
            whole.setdefault("response_url", self.replies.issue(person.id, channel.id))
        return await self.send(person, whole)

    async def send(self, person: WorkspaceMember, payload: Json) -> Json:
        """Deliver an interactive payload that wants no answer but the acknowledgement."""
        if not self.workspace.app.interactivity:
            return self.failed(person, "interactivity_off", "This app is not set up to handle interactivity.")
        payload.setdefault("trigger_id", self.triggers.issue(person.id))
        try:
            answer = await self.deliveries.ask("interactive", payload)
        except Undelivered as failure:
            text = f'That did not work: the app did not answer ("{failure.args[0]}").'
            return self.failed(person, failure.args[0], text)
        return {"ok": True, "answer": answer}

    def failed(self, person: WorkspaceMember, code: str, text: str) -> Json:
        """Show the person a notice, and answer with Slack's word for what went wrong."""
        self.workspace.notify(person.id, text)
        return {"ok": False, "error": code}
