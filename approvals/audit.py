"""The audit trail: each entry is chained to the one before it by SHA-256, so that a quiet change shows.

The chain is evidence of tampering as long as its head is known elsewhere too; the owner of the file can rewrite
all of it, and a cut-off tail verifies. `head` is what to keep elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

GENESIS = "0" * 64


class Entry(NamedTuple):
    seq: int
    at: str
    """ISO 8601 in UTC, the exact text that was hashed."""
    entry: str
    """Canonical JSON."""
    prev: str
    hash: str

    @property
    def fields(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.entry)
        return loaded

    @property
    def moment(self) -> int:
        """`at` in milliseconds since the epoch."""
        return round(datetime.fromisoformat(self.at).timestamp() * 1_000)


class Break(NamedTuple):
    """The first place where the chain does not hold."""

    seq: int
    problem: str


def iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def canonical(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def link(seq: int, at: str, entry: str, prev: str) -> Entry:
    digest = hashlib.sha256(f"{seq}|{at}|{prev}|{entry}".encode()).hexdigest()
    return Entry(seq, at, entry, prev, digest)


def verify(entries: Iterable[Entry]) -> Break | None:
    """None when every entry follows from the one before it."""
    expected, prev = 1, GENESIS
    for found in entries:
        if found.seq != expected:
            return Break(expected, "is missing")
        if found.prev != prev:
            return Break(found.seq, "does not follow from the entry before it")
        if link(found.seq, found.at, found.entry, found.prev).hash != found.hash:
            return Break(found.seq, "was changed after it was written")
        expected, prev = expected + 1, found.hash
    return None
