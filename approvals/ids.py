"""What people and things are called by, each a type of its own, so that none can be taken for another.

They are plain strings, made where one comes in: from Slack's payloads, RAM's answers and the ledger's rows.
"""

from __future__ import annotations

import re
from typing import NewType

_RANDOM = re.compile(r"[0-9a-f]{32}", re.ASCII)

SlackUserId = NewType("SlackUserId", str)
"""A member of a workspace: `U` or `W`, digits and capitals."""

RamUserId = NewType("RamUserId", str)
"""The number that RAM gives a user for ever, whatever the user is called; of one of the account's roles, its name."""

LedgerId = NewType("LedgerId", str)
"""A ledger's own random name, 32 hex digits, which goes with it wherever it is copied to."""


def is_random_id(text: str) -> bool:
    """Whether a request, a notice or an onboarding may be called so on a button; a server does not take every text."""
    return _RANDOM.fullmatch(text) is not None
