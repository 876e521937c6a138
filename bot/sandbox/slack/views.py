"""Modals and home tabs: one stack of at most three modals per person, one home tab per person."""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.answers import KINDS, elements_of, initial_answer, state_of
from bot.sandbox.slack.app_config import AppConfig
from bot.sandbox.slack.wire import CallRefused, Json, SlackError, new_id

DEEPEST_STACK = 3


@dataclass
class View:
    """A view on somebody's screen. `body` is what the app sent, with every id filled in."""

    id: str
    owner: str
    body: Json
    root_id: str
    previous_id: str | None = None
    hash: str = ""
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    suggested: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.show(self.body)

    def show(self, body: Json) -> None:
        """Take another body. Answers stay where a block_id and action_id stay, as they do in Slack."""
        self.body = body
        self.answers = {key: answer for key, answer in self.answers.items() if self._still_fits(key, answer)}
        self.hash = f"{int(time.time())}.{secrets.token_hex(4)}"

    def _still_fits(self, key: tuple[str, str], answer: Any) -> bool:
        element = self.element(*key)
        if element is None or element["type"] not in KINDS:
            return False
        with contextlib.suppress(CallRefused):
            state_of(element, answer, self.suggested.get(key, []))
            return True
        return False

    def element(self, block_id: str, action_id: str) -> Json | None:
        """The interactive element with these ids; None where there is none."""
        for block in self.body["blocks"]:
            for element in elements_of(block) if block["block_id"] == block_id else []:
                if element["action_id"] == action_id:
                    return element
        return None

    def answer(self, block_id: str, element: Json) -> Any:
        """The plain value that the element shows now."""
        key = (block_id, element["action_id"])
        return self.answers[key] if key in self.answers else initial_answer(element)

    def remember(self, block_id: str, element: Json, answer: Any) -> None:
        """CallRefused when the element cannot give this answer."""
        key = (block_id, element["action_id"])
        state_of(element, answer, self.suggested.get(key, []))
        self.answers[key] = answer

    def state(self) -> Json:
        """What all of its fields hold, as `view.state` has it."""
        values: Json = {}
        for block in self.body["blocks"]:
            for element in elements_of(block):
                if element["type"] in KINDS and element["type"] != "overflow":
                    key = (block["block_id"], element["action_id"])
                    answer = self.answer(block["block_id"], element)
                    shown = state_of(element, answer, self.suggested.get(key, []))
                    values.setdefault(key[0], {})[key[1]] = shown
        return {"values": values}


class Views:
    """All views of the workspace."""

    def __init__(self, team_id: str, app: AppConfig) -> None:
        self._team_id = team_id
        self._app = app
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.errors: dict[str, dict[str, str]] = {}

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """A view that is open now (or a home tab), by either id."""
        for view in [*self.homes.values(), *(view for stack in self.stacks.values() for view in stack)]:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        return None

    def open(self, owner: str, body: Json) -> View:
        """Start a new stack, closing what was open."""
        self._check_external_id(body, None)
        view_id = new_id("V")
        view = View(view_id, owner, body, root_id=view_id)
        self.stacks[owner] = [view]
        return view

    def push(self, owner: str, body: Json) -> View:
        """Put a modal on top. SlackError when nothing is open or three are open already."""
        stack = self.stacks.get(owner, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        self._check_external_id(body, None)
        view = View(new_id("V"), owner, body, root_id=stack[0].id, previous_id=stack[-1].id)
        stack.append(view)
        return view

    def update(self, view: View, body: Json, expected_hash: str | None = None) -> None:
        """Show another body. SlackError `hash_conflict` where the view changed since that hash."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(body, view)
        view.show(body)
        self.errors.pop(view.id, None)

    def publish(self, owner: str, body: Json, expected_hash: str | None = None) -> View:
        """Show a body in somebody's home tab. SlackError `hash_conflict` where it changed since that hash."""
        home = self.homes.get(owner)
        if home is not None:
            self.update(home, body, expected_hash)
            return home
        self._check_external_id(body, None)
        view_id = new_id("V")
        self.homes[owner] = View(view_id, owner, body, root_id=view_id)
        return self.homes[owner]

    def close(self, view: View) -> None:
        """Take one modal away; the one below it shows again."""
        self.stacks[view.owner] = [other for other in self.stacks.get(view.owner, []) if other is not view]
        self.errors.pop(view.id, None)

    def clear(self, owner: str) -> None:
        """Take all of somebody's modals away."""
        for view in self.stacks.pop(owner, []):
            self.errors.pop(view.id, None)

    def to_api(self, view: View) -> Json:
        """The view object as Slack returns and sends it."""
        body = view.body
        shown: Json = {
            "id": view.id,
            "team_id": self._team_id,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "external_id": body.get("external_id", ""),
            "state": view.state(),
            "hash": view.hash,
            "title": body.get("title"),
            "submit": body.get("submit"),
            "close": body.get("close"),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "submit_disabled": body.get("submit_disabled", False),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._app.app_id,
            "app_installed_team_id": self._team_id,
            "bot_id": self._app.bot_id,
        }
        return shown

    def _check_external_id(self, body: Json, same: View | None) -> None:
        external_id = body.get("external_id")
        if external_id and self.find(external_id=external_id) not in (None, same):
            raise SlackError("duplicate_external_id")
