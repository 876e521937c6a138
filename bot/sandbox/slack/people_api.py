"""The people API: what the page and the headless people use to be somebody in the workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.messages import PostedMessage
from bot.sandbox.slack.screen import mark_read, roster, screen_of
from bot.sandbox.slack.site import SlackSite
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import CallRefused, Json, SlackError

Deed = Callable[[WorkspaceMember, Json], Awaitable[Json]]


def people_routes(slack: SlackSite) -> list[web.RouteDef]:
    """GET for what somebody sees; POST for each deed, which names in `as` who does it."""
    api = _PeopleApi(slack)
    deeds: dict[str, Deed] = {
        "say": api.say,
        "act": api.act,
        "delete": api.delete,
        "forge": api.forge,
        "submit": api.submit,
        "close": api.close,
        "home": api.home,
        "shortcut": api.shortcut,
        "suggest": api.suggest,
        "workflow": api.workflow,
        "read": api.read,
    }
    posts = [web.post(f"/{name}", api.serving(deed)) for name, deed in deeds.items()]
    return [web.get("/people", api.people), web.get("/screen", api.screen), *posts]


class _PeopleApi:
    def __init__(self, slack: SlackSite) -> None:
        self._workspace = slack.workspace
        self._do = slack.interactions
        self._modals = slack.modals
        self._workflows, self._payloads, self._deliveries = slack.workflows, slack.payloads, slack.deliveries

    def serving(self, deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler that reads the body, finds the person, and says in a sentence why a deed is not possible."""

        async def handle(request: web.Request) -> web.Response:
            try:
                body = await request.json()
                if not isinstance(body, dict):
                    raise CallRefused("the body must be a JSON object")
                person = self._person(body.get("as"))
                if person.deleted and deed != self.forge:
                    raise CallRefused("this person's account is deactivated")
                return web.json_response(await deed(person, body))
            except (CallRefused, SlackError) as error:
                return web.json_response({"ok": False, "error": str(error)}, status=400)
            except ValueError:
                return web.json_response({"ok": False, "error": "the body must be JSON"}, status=400)

        return handle

    async def people(self, _: web.Request) -> web.Response:
        return web.json_response(roster(self._workspace))

    async def screen(self, request: web.Request) -> web.Response:
        person = self._workspace.people.get(request.query.get("as", ""))
        if person is None or person.is_bot:
            return web.json_response({"ok": False, "error": "there is no such person"}, status=404)
        return web.json_response(screen_of(self._workspace, person))

    async def say(self, person: WorkspaceMember, body: Json) -> Json:
        return await self._do.say(person, self._channel(person, body.get("channel")), _text(body, "text"))

    async def act(self, person: WorkspaceMember, body: Json) -> Json:
        container = body.get("container")
        if not isinstance(container, dict):
            raise CallRefused("container must say which message or view")
        block_id, action_id, value = _text(body, "block_id"), _text(body, "action_id"), body.get("value")
        if container.get("type") == "view":
            view = self._view(person, container.get("view_id"))
            self._modals.remember(view, _values(body))
            return await self._do.act_on_view(person, view, block_id, action_id, value)
        message = self._message(person, container)
        return await self._do.act_on_message(person, message, block_id, action_id, value)

    async def delete(self, person: WorkspaceMember, body: Json) -> Json:
        return self._do.delete(person, self._message(person, body))

    async def forge(self, person: WorkspaceMember, body: Json) -> Json:
        payload = body.get("payload")
        if not isinstance(payload, dict):
            raise CallRefused("payload must be an object")
        return await self._do.forge(person, payload)

    async def submit(self, person: WorkspaceMember, body: Json) -> Json:
        return await self._modals.submit(person, self._view(person, body.get("view_id")), _values(body))

    async def close(self, person: WorkspaceMember, body: Json) -> Json:
        return await self._modals.close(person, self._view(person, body.get("view_id")))

    async def home(self, person: WorkspaceMember, body: Json) -> Json:
        return self._do.open_home(person)

    async def shortcut(self, person: WorkspaceMember, body: Json) -> Json:
        return await self._do.use_shortcut(person, _text(body, "callback_id"))

    async def workflow(self, person: WorkspaceMember, body: Json) -> Json:
        """Start a workflow that runs a step of the app, with what it was told."""
        inputs = body.get("inputs")
        if not isinstance(inputs, dict):
            raise CallRefused("inputs must be {name: value}")
        run = self._workflows.begin(person.id, _text(body, "step"), inputs)
        self._deliveries.tell(self._payloads.event(run.event))
        return {"ok": True, "run": run.id}

    async def read(self, person: WorkspaceMember, body: Json) -> Json:
        thread = _text(body, "thread_ts") if body.get("thread_ts") else None
        mark_read(self._workspace, person, self._channel(person, body.get("channel")).id, thread)
        self._workspace.changed()
        return {"ok": True}

    async def suggest(self, person: WorkspaceMember, body: Json) -> Json:
        block_id, action_id, query = _text(body, "block_id"), _text(body, "action_id"), _text(body, "query")
        if body.get("view_id"):
            view = self._view(person, body["view_id"])
            return await self._modals.suggest(person, view, block_id, action_id, query)
        return await self._do.suggest_on_message(person, self._message(person, body), block_id, action_id, query)

    def _person(self, user: Any) -> WorkspaceMember:
        person = self._workspace.people.get(user) if isinstance(user, str) else None
        if person is None or person.is_bot:
            raise CallRefused("there is no such person")
        return person

    def _channel(self, person: WorkspaceMember, channel_id: Any) -> Channel:
        channel = self._workspace.channels.get(channel_id) if isinstance(channel_id, str) else None
        if channel is None or person.id not in channel.members:
            raise CallRefused("this person is in no such conversation")
        return channel

    def _message(self, person: WorkspaceMember, place: Json) -> PostedMessage:
        message = self._channel(person, place.get("channel")).find(_text(place, "ts"), seen_by=person.id)
        if message is None:
            raise CallRefused("there is no such message, or this person does not see it")
        return message

    def _view(self, person: WorkspaceMember, view_id: Any) -> View:
        view = self._workspace.views.find(view_id) if isinstance(view_id, str) else None
        if view is None or view.owner != person.id:
            raise CallRefused("this person has no such view open")
        return view


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise CallRefused(f"{name} must be text")
    return value


def _values(body: Json) -> dict[str, dict[str, Any]]:
    values = body.get("values") or {}
    if not isinstance(values, dict) or not all(isinstance(part, dict) for part in values.values()):
        raise CallRefused("values must be {block_id: {action_id: value}}")
    return values
