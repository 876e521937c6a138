"""What people do in modals: fill in and submit, close, and ask an external select for suggestions."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.answers import elements_of
from bot.sandbox.slack.deliveries import Undelivered
from bot.sandbox.slack.field_rules import field_problem
from bot.sandbox.slack.interactions import Interactions, Values
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.view_bodies import accepted_view
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import CallRefused, Json, SlackError

TROUBLE = "We had some trouble connecting. Try again?"


class Modals:
    """Deeds in views, on top of the deeds that views and messages share."""

    def __init__(self, interactions: Interactions) -> None:
        self._do = interactions
        self._workspace = interactions.workspace

    def remember(self, view: View, values: Values) -> None:
        """Take over what the person entered so far. CallRefused for a field that the view does not have."""
        for block_id, elements in values.items():
            for action_id, answer in elements.items():
                element = view.element(block_id, action_id)
                if element is None:
                    raise CallRefused(f"the view has no field {action_id!r} in a block {block_id!r}")
                view.remember(block_id, element, answer)

    async def submit(self, person: WorkspaceMember, view: View, values: Values) -> Json:
        """Press the submit button. Errors stand under their fields, whether the client or the app found them."""
        if view.body["type"] != "modal" or view.body.get("submit") is None:
            raise CallRefused("this view has no submit button")
        self.remember(view, values)
        problems = _client_problems(view)
        if problems:
            return self._show_errors(view, problems)
        payload = self._do.payloads.view("view_submission", person, view) | {"response_urls": []}
        payload["trigger_id"] = self._do.triggers.issue(person.id)
        try:
            answer = await self._do.deliveries.ask("interactive", payload)
            return self._follow(person, view, answer)
        except Undelivered as failure:
            return {"errors": {}} | self._do.failed(person, failure.args[0], TROUBLE)
        except SlackError as error:
            return {"errors": {}} | self._do.failed(person, error.code, f'{TROUBLE} ("{error.code}")')

    async def close(self, person: WorkspaceMember, view: View) -> Json:
        """Press close, the cross or Escape."""
        cleared = bool(view.body.get("clear_on_close"))
        self._workspace.views.close(view)
        if cleared:
            self._workspace.views.clear(person.id)
        self._workspace.changed()
        if not view.body.get("notify_on_close"):
            return {"ok": True}
        payload = self._do.payloads.view("view_closed", person, view) | {"is_cleared": cleared}
        return await self._do.send(person, payload)

    async def suggest(self, person: WorkspaceMember, view: View, block_id: str, action_id: str, query: str) -> Json:
        """Type into an external select of a view."""
        payload = self._do.payloads.view("block_suggestion", person, view) | {
            "container": {"type": "view", "view_id": view.id},
            "block_id": block_id,
            "action_id": action_id,
            "value": query,
        }
        known = view.suggested.setdefault((block_id, action_id), [])
        return await self._do.suggested(person, view.element(block_id, action_id), payload, known)

    def _follow(self, person: WorkspaceMember, view: View, answer: Json) -> Json:
        """Do what the acknowledgement of a submission says."""
        views = self._workspace.views
        action = answer.get("response_action")
        if action == "errors":
            return self._show_errors(view, _app_errors(view, answer.get("errors")))
        if action == "update":
            views.update(view, accepted_view(answer.get("view"), "modal"))
        elif action == "push":
            views.push(person.id, accepted_view(answer.get("view"), "modal"))
        elif action == "clear":
            views.clear(person.id)
        elif action is None:
            views.close(view)
        else:
            raise SlackError("invalid_response_action")
        self._workspace.changed()
        return {"ok": True}

    def _show_errors(self, view: View, errors: dict[str, str]) -> Json:
        self._workspace.views.errors[view.id] = errors
        self._workspace.changed()
        return {"ok": False, "errors": errors}


def _client_problems(view: View) -> dict[str, str]:
    """What a Slack client finds wrong before it sends anything."""
    problems: dict[str, str] = {}
    for block in view.body["blocks"]:
        if block["type"] == "input":
            answer = view.answer(block["block_id"], block["element"])
            problem = field_problem(block, answer)
            if problem:
                problems[block["block_id"]] = problem
    return problems


def _app_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input" and elements_of(block)}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors")
    if any(block_id not in inputs or not isinstance(text, str) for block_id, text in errors.items()):
        raise SlackError("errors_for_unknown_blocks")
    return errors
