"""Selects that Slack takes, however much there is to choose from: a list while that is short, and a search beyond.

Limits: docs.slack.dev, "Select menu element" and "Option object". What is chosen at first must be among the options, to
the letter, or the form does not open (python-slack-sdk #1509).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ExternalDataSelectElement, Option, OptionGroup, StaticSelectElement

from handlers.views.blocks import plain_text
from handlers.views.text import truncated, visible

MAX_OPTIONS = 100
"""Options in one list, and in one answer to a search."""
_TEXT, _TAIL, _VALUE = 75, 44, 150
Select = StaticSelectElement | ExternalDataSelectElement


@dataclass(frozen=True, slots=True)
class SelectOption:
    """One thing to choose, in whole words; what is shown of it may be cut."""

    value: str
    """What a choice of it is sent as: at most 150 characters, which the names that are used for it are."""
    text: str
    about: str = ""
    group: str = ""
    """The heading that it stands under; those of one group stand together."""


def select(action_id: str, placeholder: str, offers: Sequence[SelectOption], chosen: str | None = None) -> Select:
    """A menu. `chosen` is the value of the offer that it shows at first, if that is among them."""
    if not 0 < len(_once(offers)) <= MAX_OPTIONS:
        return search_field(action_id, placeholder, _only(chosen, offers))
    shown = options(offers)
    groups = _grouped(offers, shown)
    return StaticSelectElement(
        action_id=action_id,
        placeholder=plain_text(placeholder),
        options=None if groups else list(shown.values()),
        option_groups=groups or None,
        initial_option=shown.get(chosen) if chosen else None,
    )


def search_field(action_id: str, placeholder: str, chosen: Option | None) -> ExternalDataSelectElement:
    """A field whose options come as one types, by `found`; it shows the first of them before that."""
    return ExternalDataSelectElement(
        action_id=action_id, min_query_length=0, placeholder=plain_text(placeholder), initial_option=chosen
    )


def found(offers: Sequence[SelectOption], typed: str) -> dict[str, Any]:
    """The answer to what somebody typed: the offers that have all its words in them, those that begin with it first."""
    words = typed.casefold().split()
    fitting = [offer for offer in offers if all(word in _whole(offer) for word in words)]
    fitting.sort(key=lambda offer: not _begins(offer, " ".join(words)))
    labels = _labels(offers)
    shown = {offer.value: _option(offer, labels[offer.value]) for offer in _once(fitting)[:MAX_OPTIONS]}
    groups = _grouped(fitting, shown)
    if groups:
        return {"option_groups": [group.to_dict() for group in groups]}
    return {"options": [option.to_dict() for option in shown.values()]}


def options(offers: Sequence[SelectOption]) -> dict[str, Option]:
    """By value, each once; no two of them read alike because of what does not fit."""
    labels = _labels(offers)
    return {offer.value: _option(offer, labels[offer.value]) for offer in _once(offers)}


def _only(value: str | None, offers: Sequence[SelectOption]) -> Option | None:
    """The one of that value, to the letter as it is among all of them."""
    offer = next((each for each in _once(offers) if each.value == value), None)
    return _option(offer, _labels(offers)[offer.value]) if offer else None


def _option(offer: SelectOption, label: str) -> Option:
    return Option(
        value=offer.value,
        text=plain_text(label),
        description=plain_text(truncated(visible(offer.about), _TEXT)) if offer.about else None,
    )


def _once(offers: Sequence[SelectOption]) -> list[SelectOption]:
    """Each value once, and none that Slack would not send back as it is."""
    first: dict[str, SelectOption] = {}
    for offer in offers:
        if 0 < len(offer.value) <= _VALUE:
            first.setdefault(offer.value, offer)
    return list(first.values())


def _labels(offers: Sequence[SelectOption]) -> dict[str, str]:
    """What is shown of each, by value. Of all offers, so that an option is the same to the letter however it was
    found.
    """
    once = _once(offers)
    return dict(
        zip([offer.value for offer in once], _texts([offer.text or offer.value for offer in once]), strict=True)
    )


def _texts(whole: Sequence[str]) -> list[str]:
    """Each as far as it fits: from its beginning, where others would read the same also to its end, and where that does
    not tell them apart either, numbered.
    """
    seen = [visible(text) for text in whole]
    shown = [truncated(text, _TEXT) for text in seen]
    counts = Counter(shown)
    shown = [
        text if counts[text] == 1 or len(of) <= _TEXT else f"{of[: _TEXT - _TAIL - 1]}…{of[-_TAIL:]}"
        for text, of in zip(shown, seen, strict=True)
    ]
    times: Counter[str] = Counter()
    numbered = []
    for text in shown:
        times[text] += 1
        mark = f" ({times[text]})" if times[text] > 1 else ""
        numbered.append(text[: _TEXT - len(mark)] + mark)
    return numbered


def _grouped(offers: Sequence[SelectOption], shown: dict[str, Option]) -> list[OptionGroup]:
    """In the order in which the groups first come; none where nothing has a heading."""
    groups: dict[str, dict[str, Option]] = {}
    for offer in offers:
        if offer.group and offer.value in shown:
            groups.setdefault(offer.group, {})[offer.value] = shown[offer.value]
    return [OptionGroup(label=plain_text(name), options=list(of.values())) for name, of in groups.items()]


def _whole(offer: SelectOption) -> str:
    return f"{offer.text} {offer.value} {offer.about}".casefold()


def _begins(offer: SelectOption, typed: str) -> bool:
    return offer.text.casefold().startswith(typed) or offer.value.casefold().startswith(typed)
