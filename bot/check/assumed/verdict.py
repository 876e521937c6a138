"""What a probe found, as a row: the name of the assumption, and confirmed or refuted for its state."""

from __future__ import annotations

from bot.check.row import CheckRow, NotTried, RowState, ok, warning

WORDS = {RowState.OK: "confirmed", RowState.WARNING: "refuted", RowState.NOT_TRIED: "not tried"}
REPORT = "Report it with this line: what the program makes of it may be wrong."


def judged(name: str, holds: bool, seen: str) -> CheckRow:
    """Confirmed or refuted, with what was seen."""
    return ok(name, seen) if holds else warning(name, seen, REPORT)


def undecided(why: str) -> NotTried:
    """Looked at, and there was nothing by which to tell."""
    return NotTried(why)
