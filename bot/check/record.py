"""What was seen, to be handed on: without names, ids and secrets."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from bot.check.assumed.verdict import WORDS
from bot.check.context import CheckContext
from bot.check.row import CheckRow, RowState
from bot.settings import Settings

BLOT = "…"
SHORTEST = 4
"""Characters of a setting that is blotted out wherever it stands: less says nothing of its own."""
_SHAPES = re.compile(
    # Addresses, hosts that are not Alibaba Cloud's own words, e-mail; ids of Slack and of the cloud; long numbers.
    r"[a-z+]+://\S+|\S+@\S+|\b[A-Z][A-Z0-9]{6,}\b|\b[\w.-]*\d{5,}[\w.-]*|(?<![\w.])/[\w./-]+"
)
_OWN = ("PaiRec", "Aliyun")
"""How names begin that are PAI-Rec's or Alibaba Cloud's, and the same everywhere."""


def recorded(context: CheckContext, rows: Sequence[CheckRow], assumed: Sequence[CheckRow]) -> str:
    """As JSON. Of what is well it has the state alone; settings are named, and none has its value."""
    names = sorted(_names(context), key=len, reverse=True)
    return json.dumps(
        {
            "program": version("pairec-access"),
            "python": platform.python_version(),
            "settings": sorted(str(Settings.model_fields[name].validation_alias) for name in _set(context)),
            "rows": [
                {"check": row.check, "state": row.state} | ({} if _well(row) else {"seen": blotted(row.seen, names)})
                for row in rows
            ],
            "assumptions": [
                {"name": row.name, "state": WORDS[row.state], "seen": blotted(row.seen, names)} for row in assumed
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def blotted(text: str, names: Iterable[str]) -> str:
    """Without these names, and without whatever looks like an id or an address."""
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", BLOT, text)
    return _SHAPES.sub(BLOT, text)


def _well(row: CheckRow) -> bool:
    return row.state is RowState.OK


def _set(context: CheckContext) -> Iterable[str]:
    return context.settings.model_fields_set


def _names(context: CheckContext) -> set[str]:
    """What the settings and the files that they name call things, and what the bot is called."""
    found = {str(getattr(context.settings, name)) for name in _set(context)}
    for once in (context.identity, context.resources, context.catalog):
        once.settle()
    for identity in context.identity.made:
        found |= {identity.name, identity.account_id}
    for resources in context.resources.made:
        for project in resources.projects.values():
            found |= {project.alias, project.title, *project.places.values(), *project.main.values()}
    for catalog in context.catalog.made:
        found |= {item.name for item in catalog.items.values() if not item.name.startswith(_OWN)}
    parts = {part for each in found for part in each.split("/")}
    return {each for each in found | parts if len(each) >= SHORTEST}
