"""Because somebody may not decide, or not so. `request` is like R-1042, `ram_user` the name of whoever acts."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.millis import DomainMillis
from approvals.model import RequestState


@dataclass(eq=False)
class ApproverRefusal(Refusal):
    """Because of how somebody's RAM user holds the admin policy, or does not."""

    ram_user: str


class NotApprover(ApproverRefusal):
    """It does not hold the policy."""

    reason = "not_approver"


class TimedAdmin(ApproverRefusal):
    """By a grant of ours that ends."""

    reason = "timed_admin"


class UnconfirmedAdmin(ApproverRefusal):
    """Not through us, and no approver has confirmed them yet."""

    reason = "unconfirmed_admin"


class NoLongerAdmin(Refusal):
    """None of those who were to be confirmed holds the admin policy any more."""

    reason = "no_longer_admin"


class OwnAccess(Refusal):
    """Some of what is decided on is the access of whoever decides."""

    reason = "own_access"


class OwnOffboarding(Refusal):
    """It is whoever decides that is to leave."""

    reason = "own_offboarding"


@dataclass(eq=False)
class OwnRequest(Refusal):
    """Whoever decides asked for it, or would get it."""

    reason = "own_request"
    request: str


@dataclass(eq=False)
class OwnTask(Refusal):
    """Whoever says that it is done by hand asked for it, or has it."""

    reason = "own_task"
    request: str


@dataclass(eq=False)
class NotDoer(Refusal):
    """Others are named to do it by hand."""

    reason = "not_doer"
    doers: tuple[SlackUserId, ...]


@dataclass(eq=False)
class AlreadyApproved(Refusal):
    """By the same person; it needs another one's word."""

    reason = "already_approved"
    request: str


@dataclass(eq=False)
class AlreadyClosed(Refusal):
    """The request was decided on, withdrawn or expired before."""

    reason = "already_closed"
    request: str
    state: RequestState
    by: SlackUserId | None
    """Slack user id; None where nobody did it."""
    at: DomainMillis
    """Milliseconds since the epoch."""
    close_reason: str | None
    """What whoever denied it wrote, or a `CloseReason`."""


@dataclass(eq=False)
class NoParts(Refusal):
    """Approved with changes, and nothing of it is left."""

    reason = "no_parts"
    request: str


@dataclass(eq=False)
class PartNeedsOther(Refusal):
    """A part is approved without the one that nobody can have it without."""

    reason = "part_needs_other"
    request: str
    part: str
    """Its title."""
    needs: str
    """Likewise."""


class NoteMissing(Refusal):
    """It is approved with a note alone, and there is nothing in it that anybody would see."""

    reason = "note_missing"


@dataclass(eq=False)
class LongerThanAsked(Refusal):
    """An approval may be for a shorter time, and never for a longer one."""

    reason = "longer_than_asked"
    request: str
    longest: int
    """Milliseconds."""


@dataclass(eq=False)
class NothingCommon(Refusal):
    """Two approvals are of parts that have nothing in common."""

    reason = "nothing_common"
    request: str
