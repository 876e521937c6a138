"""Whom a message notifies.

The sandbox is deliberately quick to see a mention: the fallback text counts as well as the blocks, and so does a bare
"@channel" in mrkdwn that is not verbatim. Text that a person wrote must then really be harmless to notify nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sandbox.slack.wire import Json

_SPECIAL = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_BARE = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def mentions_of(text: str, blocks: list[Json] | None) -> list[str]:
    """User ids, group ids, "channel", "here" and "everyone", in the order of their first appearance."""
    found = list(_in_mrkdwn(text, bare=False))
    for value in _objects(blocks or []):
        kind = value.get("type")
        if kind in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            found += _in_mrkdwn(value["text"], bare=not value.get("verbatim", False))
        elif kind == "user" and "user_id" in value:
            found.append(value["user_id"])
        elif kind == "usergroup" and "usergroup_id" in value:
            found.append(value["usergroup_id"])
        elif kind == "broadcast" and "range" in value:
            found.append(value["range"])
    return list(dict.fromkeys(found))


def _in_mrkdwn(text: str, *, bare: bool) -> Iterator[str]:
    for pattern in (_SPECIAL, _PERSON, _GROUP, *([_BARE] if bare else [])):
        yield from (match.group(1) for match in pattern.finditer(text))


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part)
