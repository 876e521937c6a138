"""Because of how something is asked for, or because asking for it leads nowhere. `request` is like R-1042."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.millis import DomainMillis


class UnknownRequest(Refusal):
    """There is no such request in this workspace."""

    reason = "unknown_request"


@dataclass(eq=False)
class DurationMissing(Refusal):
    """It was not said for how long."""

    reason = "duration_missing"
    item: str | None = None
    """What the line that was begun asks for."""


@dataclass(eq=False)
class BadDuration(Refusal):
    """It cannot be read as a duration, or is one of nothing."""

    reason = "bad_duration"
    text: str


@dataclass(eq=False)
class BadTime(Refusal):
    """It can be read neither as a duration nor as a moment."""

    reason = "bad_time"
    text: str


@dataclass(eq=False)
class UntilPassed(Refusal):
    """The moment until which it is wanted is over."""

    reason = "until_passed"
    text: str
    since: DomainMillis
    later: str
    """The same a week later, as it is typed."""


@dataclass(eq=False)
class BadStart(Refusal):
    """It cannot be read as the moment from which something is wanted."""

    reason = "bad_start"
    text: str


@dataclass(eq=False)
class StartPassed(Refusal):
    """The moment from which it is wanted is over."""

    reason = "start_passed"
    text: str
    since: DomainMillis


@dataclass(eq=False)
class StartTooFar(Refusal):
    """It is wanted from a moment that is more than 30 days ahead."""

    reason = "start_too_far"
    text: str
    days: int


@dataclass(eq=False)
class StartAfterEnd(Refusal):
    """It is wanted from a moment that is not before the one until which it is wanted."""

    reason = "start_after_end"
    text: str


@dataclass(eq=False)
class StartMissed(Refusal):
    """Its time was over before it could begin."""

    reason = "start_missed"
    request: str


@dataclass(eq=False)
class ApprovalsLapsed(Refusal):
    """Those who approved it may not do so any more, or the rule that did is gone."""

    reason = "approvals_lapsed"
    request: str


@dataclass(eq=False)
class TooLong(Refusal):
    """The catalogue gives it for a shorter time alone."""

    reason = "too_long"
    item: str
    longest: int
    """Milliseconds, here as below."""


@dataclass(eq=False)
class UntilRevokedNotOffered(Refusal):
    """The catalogue gives it for a time alone."""

    reason = "until_revoked_not_offered"
    item: str
    longest: int


class ReasonMissing(Refusal):
    """It was not said why."""

    reason = "reason_missing"


@dataclass(eq=False)
class UnfitCharacter(Refusal):
    """What was written has a character in it that cannot be kept or shown."""

    reason = "unfit_character"
    code: str
    """Like U+0000."""
    before: str
    """What stands before it; empty at the beginning."""


@dataclass(eq=False)
class NotAskedByYou(Refusal):
    """Whoever wants to ask for it again neither asked for it nor would get it."""

    reason = "not_asked_by_you"
    request: str
    """Like R-1042."""


@dataclass(eq=False)
class TicketMissing(Refusal):
    """The catalogue wants a ticket named for it."""

    reason = "ticket_missing"
    item: str


class BadTicket(Refusal):
    """It has not the form of a ticket's reference."""

    reason = "bad_ticket"


@dataclass(eq=False)
class AlreadyHeld(Refusal):
    """The RAM user has it for as long as was asked."""

    reason = "already_held"
    item: str
    ram_user: str
    until: DomainMillis | None
    """Milliseconds since the epoch; None for what has no end."""


@dataclass(eq=False)
class AlreadyPending(Refusal):
    """Another request for it waits for a decision."""

    reason = "already_pending"
    request: str
    item: str
    """What that request asks for; it may be a bundle with what is wanted in it."""
    wanted: str


@dataclass(eq=False)
class TooManyOpen(Refusal):
    """As many of their requests wait for a decision as one person may have."""

    reason = "too_many_open"
    count: int


@dataclass(eq=False)
class TooFewApprovers(Refusal):
    """It needs more approvals than there are people who could give them."""

    reason = "too_few_approvers"
    needed: int
    found: int
    unlinked: int
    """RAM users that hold the admin policy and are not linked to a Slack account here."""
    barred: int
    """Those whose Slack accounts may not decide."""
