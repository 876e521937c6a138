"""What a person entered into an element, between the plain value of the people API and Slack's `state` object.

A plain value is text for inputs, an option's value for selects and radio buttons, a list of them for multi-selects and
checkboxes, an id for users and conversations, seconds since 1970 for a date and time, and None for nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.sandbox.slack.wire import CallRefused, Json


class Kind(NamedTuple):
    """Where an element keeps its initial value, where the state shows the answer, and what the answer is made of."""

    initial: str
    state: str
    option: bool = False
    several: bool = False


KINDS = {
    "plain_text_input": Kind("initial_value", "value"),
    "email_text_input": Kind("initial_value", "value"),
    "url_text_input": Kind("initial_value", "value"),
    "number_input": Kind("initial_value", "value"),
    "datepicker": Kind("initial_date", "selected_date"),
    "timepicker": Kind("initial_time", "selected_time"),
    "datetimepicker": Kind("initial_date_time", "selected_date_time"),
    "static_select": Kind("initial_option", "selected_option", option=True),
    "external_select": Kind("initial_option", "selected_option", option=True),
    "radio_buttons": Kind("initial_option", "selected_option", option=True),
    "overflow": Kind("", "selected_option", option=True),
    "checkboxes": Kind("initial_options", "selected_options", option=True, several=True),
    "multi_static_select": Kind("initial_options", "selected_options", option=True, several=True),
    "multi_external_select": Kind("initial_options", "selected_options", option=True, several=True),
    "users_select": Kind("initial_user", "selected_user"),
    "multi_users_select": Kind("initial_users", "selected_users", several=True),
    "conversations_select": Kind("initial_conversation", "selected_conversation"),
    "multi_conversations_select": Kind("initial_conversations", "selected_conversations", several=True),
    "channels_select": Kind("initial_channel", "selected_channel"),
    "multi_channels_select": Kind("initial_channels", "selected_channels", several=True),
}


def elements_of(block: Json) -> list[Json]:
    """The elements of a block that a person can use."""
    single = [block[key] for key in ("element", "accessory") if key in block]
    several = block.get("elements", []) if block.get("type") == "actions" else []
    return [element for element in [*single, *several] if element.get("type") != "image"]


def initial_answer(element: Json) -> Any:
    """The plain value that an untouched element has."""
    kind = KINDS[element["type"]]
    initial = element.get(kind.initial)
    if kind.option:
        options = initial if kind.several else [initial]
        values = [option["value"] for option in options or [] if option]
        return values if kind.several else next(iter(values), None)
    return list(initial or []) if kind.several else initial


def state_of(element: Json, answer: Any, suggested: list[Json]) -> Json:
    """The state of one element. `suggested` are the options that the app offered for an external select.

    CallRefused when the answer is not one that this element can give.
    """
    kind = KINDS[element["type"]]
    answers = (answer or []) if kind.several else [answer]
    if not isinstance(answers, list):
        raise CallRefused(f"a {element['type']} takes a list")
    given = [one for one in answers if one not in (None, "")]
    wanted = int if kind.state == "selected_date_time" else str
    if not all(isinstance(one, wanted) for one in given):
        raise CallRefused(f"a {element['type']} takes {'a number of seconds' if wanted is int else 'text'}")
    if kind.option:
        known = {option["value"]: option for option in [*options_of(element), *suggested]}
        if any(one not in known for one in given):
            raise CallRefused(f"{answer!r} is not among the options: {', '.join(known) or 'none'}")
        given = [known[one] for one in given]
    shown = given if kind.several else next(iter(given), None)
    return {"type": element["type"], kind.state: shown}


def options_of(element: Json) -> list[Json]:
    """Every option that an element carries itself."""
    initial = element.get("initial_options") or [element.get("initial_option")]
    groups = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [option for option in [*element.get("options", []), *groups, *initial] if option]
