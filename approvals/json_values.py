"""JSON from outside, which is not believed to have any shape: what is something else than it should be is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_fields(value: object) -> Mapping[str, Any]:
    """An object's fields; none where it is no object."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """An array's items; none where it is no array."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """A string; empty where it is none."""
    return value if isinstance(value, str) else ""
