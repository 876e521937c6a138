"""Somebody at a Slack client: what they type, click, fill in and choose, as the page would send it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.sandbox.slack.onlooker import WAIT_TIMEOUT_SECONDS, Onlooker, home_tab, messages_on, top_modal
from bot.sandbox.slack.page_client import NotDone, PageClient
from bot.sandbox.slack.snapshot import Place, SeenMessage, Spot, ViewSnapshot, find_spot
from bot.sandbox.slack.wire import Json

GENERAL = "C0GENERAL"
REDRAW_TIMEOUT_SECONDS = 2.0
"""Seconds that a person gives the app to redraw a form."""
Where = Place | Callable[[Json], Sequence[Place]] | None


class SandboxPerson(Onlooker):
    """Somebody at a Slack client."""

    def __init__(self, page: PageClient, user_id: str, name: str, patience: float = WAIT_TIMEOUT_SECONDS) -> None:
        super().__init__(page, user_id, name, patience)
        self._typed: dict[str, dict[str, dict[str, Any]]] = {}

    def type(self, text: str, channel: str = GENERAL) -> Json:
        """Type a message or a slash command. Returns once the app acknowledged, or {"ok": false, "error": ...}."""
        return self._do("say", channel=channel, text=text)

    def shortcut(self, callback_id: str) -> Json:
        """Choose a global shortcut. Returns once the app acknowledged it, or {"ok": false, "error": ...}."""
        return self._do("shortcut", callback_id=callback_id)

    def start_workflow(self, step: str, **inputs: str) -> str:
        """Start a workflow that runs a step of the app. Returns the id of the step's run; NotDone where Workflow
        Builder would not let it.
        """
        return str(self._do("workflow", step=step, inputs=inputs)["run"])

    def open_home(self) -> Json:
        """Open the app's home tab. Slack tells the app by an event, so what it draws has to be waited for."""
        return self._do("home")

    def forge(self, payload: Json) -> Json:
        """Send the app any interactive payload, as if it came from Slack for this person."""
        return self._do("forge", payload=payload)

    def delete_message(self, message: SeenMessage) -> Json:
        """Take a message away: one's own, or as an administrator of the workspace the app's."""
        return self._do("delete", channel=message.channel, ts=message.ts)

    def click(self, button: str, where: Place | None = None, *, confirm: bool = True) -> Json:
        """Press a button by what is on it: in `where`, else in the top modal, the newest message or the home tab.

        A message may be an old look at it: its button is pressed as it was seen. A confirmation that the button asks
        for is accepted, unless `confirm` is False; then nothing happens. NotDone when there is no such button.
        """
        place, spot = self._find(button, where, lambda spot: spot.element["type"] == "button")
        if spot.element.get("confirm") and not confirm:
            return {"ok": True}
        return self._act(place, spot)

    def choose(self, name: str, value: Any, where: Place | None = None) -> Json:
        """Choose in a select, overflow menu, radio group, checkbox or date that tells the app at once.

        `name` is its label, placeholder, section text or id; `value` an option's text or value, or a person's name.
        """
        place, spot = self._find(name, where, lambda spot: spot.element["type"] != "button")
        return self._act(place, spot, value=self._plain_value(place, spot, value))

    def suggestions(self, name: str, query: str, where: Place | None = None) -> list[str]:
        """The texts that an external select offers for what is typed."""
        place, spot = self._find(name, where, lambda spot: "external_select" in spot.element["type"])
        return [option["text"]["text"] for option in self._suggest(place, spot, query)]

    def fill(self, fields: Mapping[str, Any]) -> None:
        """Fill in fields of the top modal by their labels (or block_ids); `submit` sends them."""
        for label, value in fields.items():
            place, spot = self._find(label, _modals, lambda spot: spot.element["type"] != "button")
            answer = self._plain_value(place, spot, value)
            typed = self._typed.setdefault(place.container["view_id"], {})
            typed.setdefault(spot.block["block_id"], {})[spot.element["action_id"]] = answer
            if not spot.in_input or spot.block.get("dispatch_action"):
                self._act(place, spot, value=answer)
                if spot.brings_more(answer):
                    self._look_up_for_a_change(place)

    def submit(self, fields: Mapping[str, Any] | None = None, **more: Any) -> dict[str, str]:
        """Fill in and submit the top modal. Returns the errors by block_id, none when it was taken.

        NotDone when the app did not answer.
        """
        self.fill({**(fields or {}), **more})
        view = self.wait_for(_submittable, "a modal to submit")
        answer = self._do("submit", view_id=view.id, values=self._typed_into(view))
        if "error" in answer:
            raise NotDone(f"{self.name} could not submit: {answer['error']}. The screen:\n{self.screen_text()}")
        return dict(answer.get("errors", {}))

    def close_modal(self) -> Json:
        """Close the top modal."""
        return self._do("close", view_id=self.modal().id)

    def _do(self, deed: str, **body: Any) -> Json:
        return self._page.post(deed, {"as": self.id, **body})

    def _act(self, place: Place, spot: Spot, **value: Any) -> Json:
        if isinstance(place, ViewSnapshot):
            value["values"] = self._typed_into(place)
        ids = {"block_id": spot.block["block_id"], "action_id": spot.element["action_id"]}
        return self._do("act", container=place.container, **ids, **value)

    def _look_up_for_a_change(self, place: Place) -> None:
        """The app may redraw the form now; a person sees that before going on, but does not wait long for it."""
        before = place.body.get("hash") if isinstance(place, ViewSnapshot) else None

        def changed(screen: Json) -> bool | None:
            modal = top_modal(screen)
            return (modal is None or modal.body.get("hash") != before) or None

        with suppress(NotDone):
            self.wait_for(changed, "the form to change", timeout=REDRAW_TIMEOUT_SECONDS)

    def _typed_into(self, view: ViewSnapshot) -> dict[str, dict[str, Any]]:
        """What was filled in, without the fields that an update has taken away since."""
        typed = self._typed.get(view.id, {})
        there = {(spot.block["block_id"], spot.element["action_id"]) for spot in view.spots()}
        return {
            block_id: kept
            for block_id, values in typed.items()
            if (kept := {name: value for name, value in values.items() if (block_id, name) in there})
        }

    def _find(self, name: str, where: Where, fits: Callable[[Spot], bool]) -> tuple[Place, Spot]:
        """An element by name, waited for unless the place is one that was looked at before."""

        def look(screen: Json) -> tuple[Place, Spot] | None:
            places = where(screen) if callable(where) else _places(screen) if where is None else [where]
            return find_spot(places, name, fits)

        fixed = isinstance(where, Place)
        return self.wait_for(look, f"{name!r} to use", timeout=0.0 if fixed else 5.0)

    def _suggest(self, place: Place, spot: Spot, query: str) -> list[Json]:
        where = {key: value for key, value in place.container.items() if key != "type"}
        ids = {"block_id": spot.block["block_id"], "action_id": spot.element["action_id"]}
        answer = self._do("suggest", query=query, **where, **ids)
        groups = answer.get("option_groups", [])
        return [*answer.get("options", []), *(option for group in groups for option in group["options"])]

    def _plain_value(self, place: Place, spot: Spot, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._plain_value(place, spot, one) for one in value]
        kind = spot.element["type"]
        if not isinstance(value, str):
            return value
        if "users_select" in kind:
            return self._page.user_id(value)
        if "external_select" in kind:
            # A person types the first word of what they look for, and picks it from what is offered then.
            offered = self._suggest(place, spot, value.partition(" ")[0])
            fitting = [option for option in offered if value in (option["value"], option["text"]["text"])]
            found = fitting or (offered if len(offered) == 1 else [])
            return found[0]["value"] if found else value
        return spot.option_value(value)


def _places(screen: Json) -> list[Place]:
    """Where a person would look for a button: an open modal hides everything else."""
    modal, home = top_modal(screen), home_tab(screen)
    if modal is not None:
        return [modal]
    newest = sorted(messages_on(screen, None), key=lambda message: float(message.ts), reverse=True)
    return [*newest, *([home] if home else [])]


def _modals(screen: Json) -> list[Place]:
    modal = top_modal(screen)
    return [modal] if modal else []


def _submittable(screen: Json) -> ViewSnapshot | None:
    modal = top_modal(screen)
    return modal if modal is not None and modal.body["submit"] else None
