"""How much an action may do: what changes other services comes first, where a person reads but the first lines."""

from __future__ import annotations

import re

_READING = re.compile(
    r"(Get|List|Describe|Query|Check|Read|Head|Search|Lookup|Preview|Report|Pull)[A-Z*?].*|(Get|List|Describe)"
)
"""How the names of actions begin that only read. Whatever else there is may change something, a pattern above all."""

_OWN = "pairec"
"""The service that all of this is about."""


def service_and_name(action: str) -> tuple[str, str]:
    """`oss` and `GetObject`; `*` is all services."""
    service, colon, name = action.partition(":")
    return (service, name) if colon else ("*", action)


def only_reads(name: str) -> bool:
    """Of an action without its service."""
    return bool(_READING.fullmatch(name))


def rank(action: str) -> int:
    """0 is the most that may be done: a pattern of what changes other services."""
    service, name = service_and_name(action)
    pattern = "*" in action or "?" in action
    if service.casefold() == _OWN:
        return 4 if only_reads(name) else 3
    if only_reads(name):
        return 2 if pattern else 4
    return 0 if pattern else 1
