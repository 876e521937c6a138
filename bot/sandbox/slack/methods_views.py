"""The `views.*` methods."""

from __future__ import annotations

from bot.sandbox.slack.arguments import Method, text_of
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.view_bodies import accepted_view
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace


def view_methods(workspace: Workspace, triggers: Triggers) -> dict[str, Method]:
    """Those that are served, by name."""
    views = _ViewMethods(workspace, triggers)
    return {
        "views.open": Method(views.open),
        "views.push": Method(views.push),
        "views.update": Method(views.update),
        "views.publish": Method(views.publish),
    }


class _ViewMethods:
    """A trigger is spent only by a call that works, so a view that Slack refuses can be sent again."""

    def __init__(self, workspace: Workspace, triggers: Triggers) -> None:
        self._workspace = workspace
        self._triggers = triggers

    def open(self, args: Json) -> Json:
        trigger = _trigger(args)
        owner = self._triggers.check(trigger)
        view = self._workspace.views.open(owner, accepted_view(args.get("view"), "modal"))
        self._triggers.spend(trigger)
        return self._shown(view)

    def push(self, args: Json) -> Json:
        trigger = _trigger(args)
        owner = self._triggers.check(trigger)
        view = self._workspace.views.push(owner, accepted_view(args.get("view"), "modal"))
        self._triggers.spend(trigger)
        return self._shown(view)

    def update(self, args: Json) -> Json:
        view = self._workspace.views.find(args.get("view_id"), args.get("external_id"))
        if view is None:
            raise SlackError("not_found")
        self._workspace.views.update(view, accepted_view(args.get("view"), view.body["type"]), args.get("hash"))
        return self._shown(view)

    def publish(self, args: Json) -> Json:
        if not self._workspace.app.home_tab_enabled:
            raise SlackError("not_enabled")
        owner = text_of(args, "user_id")
        if owner not in self._workspace.people:
            raise SlackError("user_not_found")
        body = accepted_view(args.get("view"), "home")
        return self._shown(self._workspace.views.publish(owner, body, args.get("hash")))

    def _shown(self, view: View) -> Json:
        self._workspace.changed()
        return {"view": self._workspace.views.to_api(view)}


def _trigger(args: Json) -> str:
    return text_of({"trigger_id": args.get("trigger_id") or args.get("interactivity_pointer")}, "trigger_id")
