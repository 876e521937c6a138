"""What a person typed, as Slack sends and keeps it: escaped, with @names turned into mentions."""

from __future__ import annotations

import re

from bot.sandbox.slack.wire import escaped
from bot.sandbox.slack.workspace import Workspace

_NAME = re.compile(r"(?<![\w@])@([a-z0-9._-]*[a-z0-9])")


def typed_text(workspace: Workspace, text: str, *, labelled: bool, mentions: bool = True) -> str:
    """Slash commands label their mentions (<@U0DAVE|dave>), messages do not. Unknown names stay as they are."""

    def mention(match: re.Match[str]) -> str:
        person = workspace.person_named(match.group(1))
        if person is None:
            return match.group(0)
        return f"<@{person.id}|{person.name}>" if labelled else f"<@{person.id}>"

    return _NAME.sub(mention, escaped(text)) if mentions else escaped(text)
