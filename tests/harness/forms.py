"""The form that asks for access, filled in as people do."""

from __future__ import annotations


def other(duration: str) -> dict[str, str]:
    """A duration that is none of those to choose from."""
    return {"Duration": "Other…", "Other duration": duration}
