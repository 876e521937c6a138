"""What somebody searches for among requests, and where a page of them begins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestSearch:
    """What has to be in a request: its number, or a part of what it asks for, of its RAM user's name or its ticket."""

    text: str = ""
    """In lower case; all requests, where it is empty."""
    number: int | None = None
    items: tuple[str, ...] = ()
    """Names of what is called so in the catalogue, without a project."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind a request, towards older or newer ones."""

    request_id: int
    newer: bool = False
