"""Because of what is asked of /pairec-status, or of what its Authorize buttons ask for."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal


@dataclass(eq=False)
class UnknownService(Refusal):
    """The board has no row of that name."""

    reason = "unknown_service"
    text: str
    services: tuple[str, ...]
    """The nearest there are."""


@dataclass(eq=False)
class BadInterval(Refusal):
    """A channel may not watch as often, or as seldom."""

    reason = "bad_interval"
    shortest: int
    """Milliseconds, here as below."""
    longest: int


class NotWatching(Refusal):
    """The channel does not watch the status."""

    reason = "not_watching"


class WatchesAlready(Refusal):
    """At that very interval."""

    reason = "watches_already"


class NotInChannel(Refusal):
    """The app is not a member of the channel."""

    reason = "not_a_member"


class SharedChannel(Refusal):
    """Another organisation reads it, or is about to."""

    reason = "shared_channel"


class UnknownRepair(Refusal):
    """There is no repair of the name that the button carries."""

    reason = "unknown_mend"


@dataclass(eq=False)
class Repaired(Refusal):
    """It is there already."""

    reason = "mended"
    item: str
    """Its title."""


@dataclass(eq=False)
class RepairPending(Refusal):
    """Somebody asked for it already."""

    reason = "mend_pending"
    request: str
    """Like R-1042: it waits, or is being carried out."""


@dataclass(eq=False)
class RoleRefusal(Refusal):
    """Because of a RAM role of the account."""

    role: str


class RoleGone(RoleRefusal):
    """It does not exist, or its name belongs to another one."""

    reason = "role_gone"


class RoleUnfit(RoleRefusal):
    """It is not the one that is looked at, or something else about it has to be put right first."""

    reason = "role_unfit"


class RoleStays(RoleRefusal):
    """PAI-Rec would stop working without it."""

    reason = "stays"
