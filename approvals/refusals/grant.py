"""Because there is nothing to withdraw, to remind of, to take back or to try again. `request` is like R-1042."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.millis import DomainMillis


@dataclass(eq=False)
class NotYours(Refusal):
    """Whoever acts neither asked for it nor would get it."""

    reason = "not_yours"
    request: str


@dataclass(eq=False)
class NotRequester(Refusal):
    """Somebody else asked for it."""

    reason = "not_requester"
    request: str


@dataclass(eq=False)
class RemindedAlready(Refusal):
    """Its approvers were reminded within the hour, because somebody wanted that."""

    reason = "reminded_already"
    request: str
    until: DomainMillis
    """Milliseconds since the epoch: when it can be done again."""


@dataclass(eq=False)
class StillPending(Refusal):
    """It gives nothing yet that could be taken back."""

    reason = "still_pending"
    request: str


@dataclass(eq=False)
class BeingTakenAway(Refusal):
    """It is on its way out already; that is not confirmed yet."""

    reason = "being_taken_away"
    request: str
    since: DomainMillis
    """Milliseconds since the epoch."""


@dataclass(eq=False)
class HeldBefore(Refusal):
    """What was asked for was there before, so that it is not ours to take away."""

    reason = "held"
    request: str
    ram_user: str


@dataclass(eq=False)
class NothingToRevoke(Refusal):
    """Nothing of it was given, or all of it has ended."""

    reason = "nothing_to_revoke"
    request: str


@dataclass(eq=False)
class NothingToRetry(Refusal):
    """None of it has failed, or its time is over."""

    reason = "nothing_to_retry"
    request: str


@dataclass(eq=False)
class EndsSooner(Refusal):
    """It ends, or is on its way out, before it would end then."""

    reason = "ends_sooner"
    until: DomainMillis
    """Milliseconds since the epoch."""
