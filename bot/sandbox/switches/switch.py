"""One thing that can be broken.

Whether it is broken is read from the account itself: what the bot or somebody else put right is not broken any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switch:
    """`turn` breaks it (True) or puts it right (False)."""

    name: str
    title: str
    what: str
    broken: Callable[[], bool]
    turn: Callable[[bool], None]
    waits: bool = False
    """Whether to turn it takes time, so that it is done on a thread of its own."""
