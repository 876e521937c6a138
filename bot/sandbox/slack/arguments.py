"""Reading the arguments of a Web API call, whichever way they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from bot.sandbox.slack.app_config import AppConfig
from bot.sandbox.slack.wire import Json, SlackError

_STRUCTURED = ("blocks", "view", "metadata", "attachments")


class Method(NamedTuple):
    """One Web API method. `run` gets the arguments and returns the body without `ok`, or raises SlackError."""

    run: Callable[[Json], Json]
    scope: str | None = None
    token: str = "bot"


async def arguments_of(request: web.Request) -> Json:
    """Arguments from query, form and JSON body together. SlackError when the body cannot be read."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        args |= body
    elif request.method == "POST":
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in _STRUCTURED:
        if isinstance(args.get(name), str):
            args[name] = _structured(name, args[name])
    return {name: value for name, value in args.items() if value is not None}


def _structured(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
        raise SlackError(code, messages=[f"[ERROR] {name} must be JSON [json-pointer:/{name}]"]) from None


def text_of(args: Json, name: str) -> str:
    """A required text argument."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        raise SlackError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
    return value


def flag_of(args: Json, name: str) -> bool:
    """A flag, sent as JSON's true or as text; anything else, and nothing, is no."""
    return str(args.get(name, "")).lower() in ("true", "1")


def number_of(args: Json, name: str, default: int) -> int:
    """A whole number, sent as one or as text; `default` when absent. SlackError for anything else."""
    try:
        return int(args.get(name, default))
    except (TypeError, ValueError):
        raise SlackError("invalid_arguments", messages=[f"[ERROR] {name} must be an integer"]) from None


def list_of(args: Json, name: str) -> list[str]:
    """A list that may be sent as an array or as text with commas."""
    value = args.get(name, [])
    parts = value.split(",") if isinstance(value, str) else value
    return [str(part).strip() for part in parts if str(part).strip()]


def require_scope(app: AppConfig, scope: str) -> None:
    """SlackError `missing_scope` when the app was not given this scope."""
    if scope not in app.bot_scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(app.bot_scopes)))


def page_of(items: list[Any], args: Json, default: int) -> tuple[list[Any], Json]:
    """One page of `items`, and the `response_metadata` that leads to the next."""
    start = number_of({"cursor": args.get("cursor") or 0}, "cursor", 0)
    limit = max(1, number_of(args, "limit", default))
    after = start + limit
    return items[start:after], {"next_cursor": str(after) if after < len(items) else ""}
