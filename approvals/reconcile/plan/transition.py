"""What can follow for a key: changes of its grants' states, one write, another look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals.grant import EndCause, Grant, GrantState
from approvals.ledger.grants import ERROR_KIND
from approvals.millis import MINUTE, DomainMillis

Planned, Granting, Active, Ending = GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING

SECOND_LOOK_MS = MINUTE
"""Real time between the two looks that make a missing key `removed outside`: reads may lag writes for a while."""


class Write(StrEnum):
    """What one call may do to a key."""

    ATTACH = "attach"
    DETACH = "detach"


NOTHING_LATE: frozenset[Write] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """A grant's next state, and the columns that change with it."""

    grant: Grant
    to: GrantState
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What follows for a key from its grants and from what the cloud shows."""

    moves: tuple[Transition, ...] = ()
    write: Write | None = None
    first: bool = False
    """Nothing of ours could have put the key there before this attach: an `already exists` means `held`."""
    look_again_real: int | None = None
    """Milliseconds of real time after which the key must be looked at again."""
    seen_at: int | None = None
    """When the cloud was looked at, by its own clock; None where it does not say."""

    @property
    def removed(self) -> bool:
        """Whether something that is active counts as removed by somebody else."""
        return any(
            move.grant.state is Active and move.changes.get("end_cause") == EndCause.REMOVED_OUTSIDE
            for move in self.moves
        )


def end(grants: Sequence[Grant], now: DomainMillis, cause: EndCause, by: str | None = None) -> list[Transition]:
    """Nobody is to have these any more: what was never attached is void, the rest is on its way out."""
    moves = []
    for grant in grants:
        if grant.state in (Planned, GrantState.FAILED):
            moves.append(Transition(grant, GrantState.VOID, {"ended_at": now, "end_cause": cause.value}))
        elif grant.state in (Granting, Active):
            moves.append(
                Transition(grant, Ending, {"ending_at": now, "end_cause": cause.value, "missing_since_real": None})
            )
    return moves


def by_time(grants: Sequence[Grant], now: DomainMillis) -> list[Transition]:
    """What deadlines alone change."""
    return end(
        [grant for grant in grants if grant.ends_at is not None and grant.ends_at <= now], now, EndCause.DEADLINE
    )


def next_deadline(grants: Sequence[Grant]) -> DomainMillis | None:
    """Domain time at which the next of these grants has to end; None when none of them has a deadline before it."""
    return min(
        (grant.ends_at for grant in grants if grant.ends_at is not None and grant.state is not Ending), default=None
    )


def found_again(grants: Sequence[Grant]) -> list[Transition]:
    """The cloud shows the key: active grants that were missing are not any more."""
    missed = [grant for grant in grants if grant.state is Active and grant.missing_since_real is not None]
    return [Transition(grant, Active, {"missing_since_real": None}) for grant in missed]


def held(grants: Sequence[Grant], now: DomainMillis) -> list[Transition]:
    """The key is somebody else's; grants that were given back meanwhile never were."""
    theirs = [Transition(grant, GrantState.HELD, {"ended_at": now}) for grant in grants if grant.state is Granting]
    over = {"ended_at": now, ERROR_KIND: None}
    return theirs + [Transition(grant, GrantState.VOID, over) for grant in grants if grant.state is Ending]
