"""Because there is nothing to extend, or not for so long. `request` is like R-1042."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


@dataclass(eq=False)
class NotYoursToExtend(Refusal):
    """Whoever acts neither asked for it nor has it."""

    reason = "not_yours_to_extend"
    request: str


@dataclass(eq=False)
class NotActiveYet(Refusal):
    """Nothing of it was given so far."""

    reason = "not_active"
    request: str


@dataclass(eq=False)
class ExtendedOver(Refusal):
    """It has ended."""

    reason = "extended_over"
    request: str


@dataclass(eq=False)
class ExtendedRevoked(Refusal):
    """It is being revoked."""

    reason = "extended_revoked"
    request: str


@dataclass(eq=False)
class ExtendedHeld(Refusal):
    """What it asked for was there before, and has no end."""

    reason = "extended_held"
    request: str


@dataclass(eq=False)
class NoEnd(Refusal):
    """It runs until it is revoked."""

    reason = "no_end"
    request: str


@dataclass(eq=False)
class ExtensionPending(Refusal):
    """Another request, `extension`, asks for that already."""

    reason = "extension_pending"
    request: str
    extension: str


@dataclass(eq=False)
class ExtendedAlready(Refusal):
    """Another request, `extension`, goes on where it ends."""

    reason = "extended_already"
    request: str
    extension: str


@dataclass(eq=False)
class SpanTooLong(Refusal):
    """From its first moment to the new end it would be longer than the catalogue allows."""

    reason = "span_too_long"
    request: str
    longest: int
    """Milliseconds in all."""
    left: int
    """Milliseconds that may be added, more than none."""


@dataclass(eq=False)
class SpanUsedUp(Refusal):
    """It runs for as long as the catalogue allows already."""

    reason = "span_used_up"
    request: str
    longest: int
    """Milliseconds in all."""
