"""Which tables a statement reads and which it changes, by its text: so that a server is waited for only where its
answer can be another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from approvals.ledger.store import tables

BY_TRIGGER = {
    "requests": frozenset({"requests", "recorded_names", "tallies", "durations"}),
    "grants": frozenset({"requests", "recorded_names", "tallies", "durations"}),
    "decisions": frozenset({"recorded_names", "tallies"}),
    "claims": frozenset({"recorded_names"}),
}
"""What triggers change besides, by the table that a statement changes."""
_CHANGE = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+)\b")
_WORD = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Touched:
    """By a statement."""

    named: frozenset[str]
    """Every table that it names."""
    changed: frozenset[str] | None
    """What it changes; None of a statement that may change anything, or has a meaning of its own."""
    asks: bool
    """It is a query of tables, whose answer is the same until one of them is changed."""


@lru_cache(maxsize=1024)
def touched(sql: str) -> Touched:
    """A statement of this program's."""
    named = frozenset(_WORD.findall(sql)) & _tables()
    change = _CHANGE.match(sql)
    if change and change[1] in named:
        return Touched(named, BY_TRIGGER.get(change[1], frozenset()) | {change[1]}, asks=False)
    if sql.startswith("SELECT ") and named:
        return Touched(named, frozenset(), asks=True)
    return Touched(named, None, asks=False)


@cache
def _tables() -> frozenset[str]:
    return frozenset(tables("postgres"))
