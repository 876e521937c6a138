"""Entries of the trail from which something was erased: a later entry says so, and has the hash of what is left.

The hash that an entry was written with stays, and the chain with it: the entry after it proves that hash. What is left
is proved by the later entry, which is a part of the chain like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENTRIES = "entries"
"""In the entry that accounts for an erasure: by the number of each entry, the hash that what is left of it has."""


class Erasures:
    """Collects, in the order of the trail, what was erased and what says so."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, str]] = {}

    def erased(self, seq: int, erased_by: int, rest: str) -> None:
        """An entry of which something is left that has the hash `rest`, by the word of the entry `erased_by`."""
        self._open[seq] = (erased_by, rest)

    def account(self, seq: int, fields: Mapping[str, Any]) -> None:
        """An entry that says what was erased."""
        told = fields.get(ENTRIES)
        for number, digest in told.items() if isinstance(told, dict) else ():
            if number.isdecimal() and self._open.get(int(number)) == (seq, digest):
                del self._open[int(number)]

    def unaccounted(self) -> int | None:
        """The first entry of which nothing says what was erased from it; None where there is none."""
        return min(self._open, default=None)
