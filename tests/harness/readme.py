"""What README tells people to give the bot, read from README itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"


def bot_policy() -> dict[str, Any]:
    """The policy of the installation's third step, with the optional statements in it."""
    policy, *optional = re.findall(r"```json\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    document: dict[str, Any] = json.loads(policy)
    for block in map(json.loads, optional):
        document["Statement"] += block if isinstance(block, list) else [block]
    return document
