"""What Slack accepts inside blocks: texts, options, confirmations and the interactive elements."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.slack.checks import (
    Check,
    anything,
    between,
    boolean,
    by_type,
    integer,
    listed,
    number_like,
    one_of,
    shape,
    string,
)

Fields = Mapping[str, Check]


def plain(longest: int) -> Check:
    """A plain_text object of at most `longest` characters."""
    fields = {"type": one_of("plain_text"), "text": string(longest, shortest=1)}
    return shape(fields, {"emoji": boolean})


def text(longest: int) -> Check:
    """A plain_text or mrkdwn object of at most `longest` characters."""
    mrkdwn = shape({"type": anything, "text": string(longest, shortest=1)}, {"verbatim": boolean})
    return by_type({"plain_text": plain(longest), "mrkdwn": mrkdwn}, "text")


def _option(label: Check) -> Check:
    fields = {"text": label, "value": string(150, shortest=1)}
    return shape(fields, {"description": text(75), "url": string(3000)})


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
GROUP = shape({"label": plain(75), "options": listed(OPTION, most=100)})
_DISPATCH = shape({}, {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), most=2)})
_FILTER = shape(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_BASE: dict[str, Check] = {"action_id": string(255, shortest=1), "focus_on_load": boolean, "confirm": CONFIRM}
_ID = string(255)


def _element(required: Fields | None = None, /, **optional: Check) -> Check:
    return shape({"type": anything, **(required or {})}, {**_BASE, **optional})


def _select(initial: str, item: Check, required: Fields | None = None, **more: Check) -> tuple[Check, Check]:
    """The single and the multiple form of one kind of select."""
    single = _element(required, placeholder=plain(150), **{f"initial_{initial}": item}, **more)
    several = _element(
        required,
        placeholder=plain(150),
        max_selected_items=between(1, 100),
        **{f"initial_{initial}s": listed(item, most=100)},
        **more,
    )
    return single, several


_STATIC, _MULTI_STATIC = _select(
    "option", OPTION, options=listed(OPTION, most=100), option_groups=listed(GROUP, most=100)
)
_EXTERNAL, _MULTI_EXTERNAL = _select("option", OPTION, min_query_length=between(0, 100))
_USERS, _MULTI_USERS = _select("user", _ID)
_CONVERSATIONS, _MULTI_CONVERSATIONS = _select(
    "conversation", _ID, default_to_current_conversation=boolean, response_url_enabled=boolean, filter=_FILTER
)
_CHANNELS, _MULTI_CHANNELS = _select("channel", _ID, response_url_enabled=boolean)

IMAGE = shape(
    {"type": anything, "alt_text": string(2000, shortest=1)}, {"image_url": string(3000), "slack_file": anything}
)
SELECTS = {
    "static_select": _STATIC,
    "external_select": _EXTERNAL,
    "users_select": _USERS,
    "conversations_select": _CONVERSATIONS,
    "channels_select": _CHANNELS,
}
MULTI_SELECTS = {
    "multi_static_select": _MULTI_STATIC,
    "multi_external_select": _MULTI_EXTERNAL,
    "multi_users_select": _MULTI_USERS,
    "multi_conversations_select": _MULTI_CONVERSATIONS,
    "multi_channels_select": _MULTI_CHANNELS,
}
CHOICES = {
    "checkboxes": _element({"options": listed(RICH_OPTION, most=10)}, initial_options=listed(RICH_OPTION, most=10)),
    "radio_buttons": _element({"options": listed(RICH_OPTION, most=10)}, initial_option=RICH_OPTION),
}
DATES = {
    "datepicker": _element(initial_date=string(10), placeholder=plain(150)),
    "timepicker": _element(initial_time=string(5), placeholder=plain(150), timezone=string(100)),
}
DATE_AND_TIME = {"datetimepicker": _element(initial_date_time=integer)}
BUTTONS = {
    "button": _element(
        {"text": plain(75)},
        url=string(3000),
        value=string(2000),
        style=one_of("primary", "danger"),
        accessibility_label=string(75),
    ),
    "overflow": _element({"options": listed(OPTION, most=5)}),
}


def _typed(required: Fields | None = None, /, *, initial: Check | None = None, **more: Check) -> Check:
    """An element that is typed into."""
    return _element(
        required,
        placeholder=plain(150),
        initial_value=initial or string(3000),
        dispatch_action_config=_DISPATCH,
        **more,
    )


INPUTS = {
    "plain_text_input": _typed(multiline=boolean, min_length=between(0, 3000), max_length=between(1, 3000)),
    "email_text_input": _typed(),
    "url_text_input": _typed(),
    "number_input": _typed(
        {"is_decimal_allowed": boolean}, initial=number_like, min_value=number_like, max_value=number_like
    ),
}
