"""What a headless person looks at: a message or a view as it was when they looked, and how to find things in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.answers import elements_of, options_of
from bot.sandbox.slack.plain import plain_message, plain_view
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True)
class Spot:
    """One element on screen: the block it stands in and what a person would call it."""

    block: Json
    element: Json

    @property
    def names(self) -> list[str]:
        """Best name first: visible words, then ids."""
        visible = [self.block.get("label"), self.element.get("text"), self.element.get("placeholder")]
        section = self.block["text"] if self.block["type"] == "section" and "text" in self.block else None
        words = [text["text"] for text in [*visible, section] if isinstance(text, dict)]
        return [*words, self.block["block_id"], self.element["action_id"]]

    @property
    def in_input(self) -> bool:
        """Whether it stands in an input block, which tells the app nothing before the form is submitted."""
        return bool(self.block["type"] == "input")

    def option_value(self, wanted: str) -> str:
        """The value of the option with this text or value; what matches none is returned as it is."""
        for option in options_of(self.element):
            if wanted in (option["value"], option["text"]["text"]):
                return str(option["value"])
        return wanted

    def brings_more(self, value: Any) -> bool:
        """Whether somebody expects the form to change by this answer. Of a list whose last option ends in "…", which
        means that there is more to say, it is that one alone.
        """
        last = next(reversed(options_of(self.element)), None)
        return last is None or not last["text"]["text"].endswith("…") or value == last["value"]


@dataclass(frozen=True)
class SeenMessage:
    """A message on somebody's screen."""

    body: Json
    channel: str

    @property
    def ts(self) -> str:
        """The message's time, which is its id within its conversation."""
        return str(self.body["ts"])

    @property
    def text(self) -> str:
        """The text that notifications and screen readers get."""
        return str(self.body["text"])

    @property
    def plain(self) -> str:
        """What stands there, as text."""
        return plain_message(self.body)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks; none for a message of bare text."""
        return list(self.body["blocks"] or [])

    @property
    def buttons(self) -> list[str]:
        """What is on its buttons, in their order."""
        return [spot.element["text"]["text"] for spot in self.spots() if spot.element["type"] == "button"]

    @property
    def mentions(self) -> list[str]:
        """Ids of those whom it mentions."""
        return list(self.body["mentions"])

    @property
    def ephemeral(self) -> bool:
        """Whether this person alone sees it."""
        return bool(self.body["ephemeral"])

    @property
    def container(self) -> Json:
        """Where an element of it is, as the people API wants to know it."""
        return {"type": "message", "channel": self.channel, "ts": self.ts}

    def spots(self) -> list[Spot]:
        """Its interactive elements, in their order."""
        return _spots(self.blocks)


@dataclass(frozen=True)
class ViewSnapshot:
    """A modal or home tab on somebody's screen, with the errors that stand under its fields."""

    body: Json
    errors: dict[str, str]

    @property
    def id(self) -> str:
        """The view's id, which stays the same when the app redraws it."""
        return str(self.body["id"])

    @property
    def title(self) -> str:
        """The title of a modal; `Home` for a home tab."""
        return str((self.body.get("title") or {}).get("text", "Home"))

    @property
    def plain(self) -> str:
        """What stands there, with the errors, as text."""
        return plain_view(self.body, self.errors)

    @property
    def buttons(self) -> list[str]:
        """What is on the buttons in its body, in their order; the one that submits it is none of them."""
        return [spot.element["text"]["text"] for spot in self.spots() if spot.element["type"] == "button"]

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """What its fields hold, by block id and action id, as Slack sends it to the app."""
        return dict(self.body["state"]["values"])

    @property
    def container(self) -> Json:
        """Where an element of it is, as the people API wants to know it."""
        return {"type": "view", "view_id": self.id}

    def spots(self) -> list[Spot]:
        """Its interactive elements, in their order."""
        return _spots(self.body["blocks"])


Place = SeenMessage | ViewSnapshot


def find_spot(places: Sequence[Place], name: str, fits: Callable[[Spot], bool]) -> tuple[Place, Spot] | None:
    """The element that is called this: exactly, else without regard to case, else as a part of its name.

    Among equally good ones the first place counts.
    """
    loose = name.replace("_", " ").lower()
    same: list[Callable[[str], bool]] = [
        lambda known: known == name,
        lambda known: known.lower().replace("_", " ") == loose,
        lambda known: loose in known.lower(),
    ]
    for matches in same:
        for place in places:
            for spot in place.spots():
                if fits(spot) and any(matches(known) for known in spot.names):
                    return place, spot
    return None


def _spots(blocks: list[Json]) -> list[Spot]:
    return [Spot(block, element) for block in blocks for element in elements_of(block)]
