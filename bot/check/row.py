"""A row of the table: what was looked at, how it is, what was seen, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RowState(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """The program works, and something of what it is for does not, or will not for long."""
    FAILED = "failed"
    NOT_TRIED = "not tried"
    """Nothing is known: something else comes first, or it is not used."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row."""

    name: str
    state: RowState
    seen: str = ""
    remedy: str = ""
    """One sentence; empty where there is nothing to do."""
    check: str = ""
    """The name of the check that made it, which names nothing of the installation."""


class NotTried(Exception):
    """A check cannot be made, and why, in a few words."""


def ok(name: str, seen: str) -> CheckRow:
    """As it should be."""
    return CheckRow(name, RowState.OK, seen)


def warning(name: str, seen: str, remedy: str) -> CheckRow:
    """Not as it should be, and no reason not to start."""
    return CheckRow(name, RowState.WARNING, seen, remedy)


def failed(name: str, seen: str, remedy: str) -> CheckRow:
    """Not as it must be."""
    return CheckRow(name, RowState.FAILED, seen, remedy)


def not_tried(name: str, why: str) -> CheckRow:
    """Nobody knows."""
    return CheckRow(name, RowState.NOT_TRIED, why)
