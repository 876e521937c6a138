"""Entries of the trail's older forms: what was erased from them themselves, and what seals them.

A later entry says what was erased, and has the hash of what is left. The hash that an entry was written with stays, and
the chain with it: the entry after it proves that hash. What is left is proved by the later entry, which is a part of
the chain like any other, and so by the word of the program alone. The first entry of the third form has a hash over
the hashes of all before it, so that what was not erased from stays what it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

ENTRIES = "entries"
"""In the entry that accounts for an erasure: by the number of each entry, the hash that what is left of it has."""
LAST, HASHES = "last", "hashes"
"""In the entry that seals older ones: the number of the last of them, and SHA-256 of all their hashes in hex."""
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Erasures:
    """Collects, in the order of the trail, what was erased and what says so."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[int, str]] = {}

    def erased(self, seq: int, erased_by: int, rest: str) -> None:
        """An entry of which something is left that has the hash `rest`, by the word of the entry `erased_by`."""
        self._open[str(seq)] = (erased_by, rest)

    def account(self, seq: int, fields: Mapping[str, Any]) -> None:
        """An entry that says what was erased."""
        told = fields.get(ENTRIES)
        for number, digest in told.items() if isinstance(told, dict) else ():
            if self._open.get(number) == (seq, digest):
                del self._open[number]

    def unaccounted(self) -> int | None:
        """The first entry of which nothing says what was erased from it; None where there is none."""
        return min(map(int, self._open), default=None)


class Seal:
    """Goes through the hashes of all entries of the older forms, in their order."""

    def __init__(self) -> None:
        self._last = 0
        self._sha256 = hashlib.sha256()

    def take(self, hashes: Sequence[str]) -> None:
        """Those of the next entries."""
        self._last += len(hashes)
        self._sha256.update("".join(hashes).encode())

    @property
    def fields(self) -> dict[str, Any]:
        """What the entry says that seals them."""
        return {LAST: self._last, HASHES: self._sha256.hexdigest()}

    def is_told_by(self, fields: Mapping[str, Any]) -> bool:
        """Whether these are an entry's that seals them."""
        return all(fields.get(name) == value for name, value in self.fields.items())


def is_older_hash(found: Any) -> bool:
    """Whether an entry of an older form can have this hash. Nothing else tells of one from which something was erased
    that it is of such a form.
    """
    return isinstance(found, str) and _HASH.fullmatch(found) is not None
