"""Because nothing is given at once, or not to them; or because a review does not count. `request` is like R-1042."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.millis import DomainMillis


@dataclass(eq=False)
class NoBreakGlass(Refusal):
    """The catalogue gives nothing at once."""

    reason = "no_break_glass"


@dataclass(eq=False)
class NotForEmergencies(Refusal):
    """The catalogue does not give this at once; `items` are what it does."""

    reason = "not_for_emergencies"
    item: str
    items: tuple[str, ...]


@dataclass(eq=False)
class NotInGroup(Refusal):
    """Whoever acts is in none of the groups that the catalogue names: of RAM, or of Slack by the names that it gives
    them.
    """

    reason = "not_in_group"
    ram_user: str
    groups: tuple[str, ...]
    on_call: tuple[str, ...] = ()


@dataclass(eq=False)
class TakerUnknown(Refusal):
    """Slack does not say who is on call, and nothing else lets whoever acts take it."""

    reason = "taker_unknown"


@dataclass(eq=False)
class TakesMoreByRule(Refusal):
    """A standing rule wants more than one approval."""

    reason = "takes_more_by_rule"
    rule: str


@dataclass(eq=False)
class EmergencyOpen(Refusal):
    """What they took before runs, or is under review."""

    reason = "emergency_open"
    request: str


@dataclass(eq=False)
class BarredFromBreakGlass(Refusal):
    """A reviewer found no need for what they took before."""

    reason = "barred"
    until: DomainMillis


@dataclass(eq=False)
class ExtendedEmergency(Refusal):
    """What was taken in an emergency is not extended."""

    reason = "extended_emergency"
    request: str


@dataclass(eq=False)
class NoEmergency(Refusal):
    """People decided on it, so there is nothing to review."""

    reason = "no_emergency"
    request: str


@dataclass(eq=False)
class EmergencyReviewedAlready(Refusal):
    """Somebody was first."""

    reason = "emergency_reviewed_already"
    request: str
    by: SlackUserId
