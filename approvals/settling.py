"""What to do about a key, given what the ledger wants for it and what the cloud shows: pure functions.

This is the whole of granting, revoking, overlapping requests, retries and take-overs. Each function gets the open
grants on one key and says which of them change state, and whether one write to the cloud follows. The changes are
recorded before the write is begun; the write's answer is recorded by `after_attach` or `after_detach`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals.errors import Trouble
from approvals.model import MINUTE, OURS, Grant, GrantState

SECOND_LOOK = MINUTE
"""Real time between the two looks that make a missing key `removed outside`: reads may lag writes for a while."""

LOOKS_BEFORE_DETACHING_AGAIN = 6
"""Reads that still show a key after a confirmed detach; then it is detached once more."""

Planned, Granting, Active, Ending = GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING


class Cause(StrEnum):
    """Why a grant ended, or never came to be."""

    DEADLINE = "deadline"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    REMOVED_OUTSIDE = "removed outside"
    REFUSED = "refused"


class Write(StrEnum):
    ATTACH = "attach"
    DETACH = "detach"


NOTHING_LATE: frozenset[Write] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    grant: Grant
    to: GrantState
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    moves: tuple[Move, ...] = ()
    write: Write | None = None
    first: bool = False
    """Nothing of ours could have put the key there before this attach: an `already exists` means `held`."""
    look_again_real: int | None = None
    """Milliseconds of real time after which the key must be looked at again."""


def end(grants: Sequence[Grant], now: int, cause: Cause, by: str | None = None) -> list[Move]:
    """Nobody is to have these any more: what was never attached is void, the rest is on its way out."""
    moves = []
    for grant in grants:
        if grant.state in (Planned, GrantState.FAILED):
            moves.append(Move(grant, GrantState.VOID, {"ended_at": now, "end_cause": cause.value}))
        elif grant.state in (Granting, Active):
            moves.append(Move(grant, Ending, {"ending_at": now, "end_cause": cause.value}))
    return moves


def by_time(grants: Sequence[Grant], now: int) -> list[Move]:
    """What deadlines alone change."""
    return end([grant for grant in grants if grant.ends_at is not None and grant.ends_at <= now], now, Cause.DEADLINE)


def by_sight(
    grants: Sequence[Grant],
    present: bool,
    *,
    now: int,
    real: int,
    looks: int,
    mend: bool,
    late: frozenset[Write] = NOTHING_LATE,
    lately: bool = False,
    brought: bool = False,
) -> Plan:
    """What follows from seeing the key there, or not.

    Args:
        grants: the open grants on the key, deadlines already applied.
        present: whether the cloud shows the key.
        now: domain time.
        real: real time.
        looks: how often this job has run since it last made progress.
        mend: the calls that were late have been carried out by now, if ever; put right what they did.
        late: calls of ours whose answer nobody got, so that they may be carried out when nothing wants them any more.
            Only an attach can have put the key there, and only a detach can have taken it away.
        lately: a detach of ours was begun less than a minute ago; what still shows the key may be older than that.
        brought: another key of ours may have put this one there.
    """
    wanting = [grant for grant in grants if grant.state is not Ending]
    ending = [grant for grant in grants if grant.state is Ending]
    if not wanting:
        return _ending(ending, present, now=now, looks=looks, mend=mend and Write.ATTACH in late)
    # Others still want the key, so those that end leave it where it is.
    moves = [Move(grant, GrantState.ENDED, {"ended_at": now}) for grant in ending]
    ours = brought or Write.ATTACH in late or any(grant.state in OURS for grant in grants)
    sent = any(grant.detaches for grant in ending)
    new = [grant for grant in wanting if grant.state in (Planned, Granting)]
    undo = mend and Write.DETACH in late
    if present and not sent and not ((new or undo) and lately):
        return Plan((*moves, *_seen(wanting, ours, now)))
    if new or sent or undo:
        starting = [Move(grant, Granting) for grant in new if grant.state is Planned]
        return Plan((*moves, *starting), Write.ATTACH, first=not ours)
    return _missing(wanting, moves, now=now, real=real)


def _seen(wanting: Sequence[Grant], ours: bool, now: int) -> list[Move]:
    if not ours:
        return [Move(grant, GrantState.HELD, {"ended_at": now}) for grant in wanting]
    moves = [
        Move(grant, Active, {"active_at": now, "trouble": None})
        for grant in wanting
        if grant.state in (Planned, Granting)
    ]
    return moves + _found_again(wanting)


def _found_again(grants: Sequence[Grant]) -> list[Move]:
    missed = [grant for grant in grants if grant.state is Active and grant.missing_since_real is not None]
    return [Move(grant, Active, {"missing_since_real": None}) for grant in missed]


def _missing(active: Sequence[Grant], moves: list[Move], *, now: int, real: int) -> Plan:
    first_seen = min((grant.missing_since_real or real for grant in active), default=real)
    if real - first_seen >= SECOND_LOOK and any(grant.entitlement.stays for grant in active):
        over = {"ended_at": now, "end_cause": Cause.REMOVED_OUTSIDE.value}
        return Plan((*moves, *(Move(grant, GrantState.ENDED, over) for grant in active)))
    if real - first_seen >= SECOND_LOOK:
        # Reads can be wrong for longer than that; only the answer to a detach proves that nothing is left.
        gone = {"ending_at": now, "end_cause": Cause.REMOVED_OUTSIDE.value, "detaches": 1}
        return Plan((*moves, *(Move(grant, Ending, gone) for grant in active)), Write.DETACH)
    noted = [Move(grant, Active, {"missing_since_real": first_seen}) for grant in active]
    return Plan((*moves, *noted), look_again_real=SECOND_LOOK - (real - first_seen))


def _ending(ending: Sequence[Grant], present: bool, *, now: int, looks: int, mend: bool) -> Plan:
    """`mend`: a late attach may have put the key back, and a read that does not show it may be older than that."""
    if not ending:
        return Plan(write=Write.DETACH if mend else None)
    confirmed = all(grant.detached for grant in ending) and not mend
    if confirmed and not present:
        return Plan(tuple(_over(grant, now) for grant in ending))
    if confirmed and looks % LOOKS_BEFORE_DETACHING_AGAIN:
        return Plan(look_again_real=0)
    # Also when the key is not shown: the read may be older than the attach.
    return Plan(tuple(Move(grant, Ending, {"detaches": grant.detaches + 1}) for grant in ending), Write.DETACH)


def _over(grant: Grant, now: int) -> Move:
    if grant.end_cause == Cause.REFUSED.value:
        return Move(grant, GrantState.FAILED, {"detaches": 0, "detached": 0, "end_cause": None, "ending_at": None})
    return Move(grant, GrantState.ENDED, {"ended_at": now, "trouble": None})


def after_attach(
    grants: Sequence[Grant], trouble: Trouble | None, *, first: bool, now: int, unsent: bool = False
) -> list[Move]:
    """What the answer to an attach changes. No move means: as it was, and tried again later.

    `unsent`: no attempt before this one can have been carried out, although these grants are under way.
    """
    granting = [grant for grant in grants if grant.state is Granting]
    if trouble is None or (trouble is Trouble.ALREADY_ATTACHED and not first):
        begun = [Move(grant, Active, {"active_at": now, "trouble": None}) for grant in granting]
        return begun + _found_again(grants)
    if trouble is Trouble.ALREADY_ATTACHED:
        return [Move(grant, GrantState.HELD, {"ended_at": now}) for grant in granting] + _never_ours(grants, now)
    noted = {"trouble": trouble.value}
    before = Planned if first else Granting
    if trouble is Trouble.SILENT:
        return [Move(grant, Granting, noted) for grant in granting]
    if trouble is Trouble.THROTTLED:
        return [Move(grant, before, {} if first else noted) for grant in granting]
    return [
        Move(grant, before, noted) if _may_heal(grant, trouble) else _refused(grant, noted, now, first=first or unsent)
        for grant in granting
    ]


def _never_ours(grants: Sequence[Grant], now: int) -> list[Move]:
    """Grants that were given back while the first attach was under way: what is there is somebody else's."""
    over = {"ended_at": now, "trouble": None}
    return [Move(grant, GrantState.VOID, over) for grant in grants if grant.state is Ending]


def _may_heal(grant: Grant, trouble: Trouble) -> bool:
    """RAM is known to answer NoPermission in bursts that heal within a minute: it is believed the second time."""
    return trouble is Trouble.NO_PERMISSION and grant.trouble != Trouble.NO_PERMISSION.value


def _refused(grant: Grant, noted: dict[str, Any], now: int, *, first: bool) -> Move:
    if first or grant.entitlement.stays:
        return Move(grant, GrantState.FAILED, noted)
    # An earlier attempt whose answer was lost may have attached it: it fails only once a detach is confirmed.
    return Move(grant, Ending, {**noted, "ending_at": now, "end_cause": Cause.REFUSED.value})


GONE = (
    Trouble.NOT_ATTACHED,
    Trouble.NO_USER,
    Trouble.NO_ROLE,
    Trouble.NO_POLICY,
    Trouble.NO_PLACE,
    Trouble.NO_SUCH_ROLE,
)
"""Answers to a detach that prove there is nothing left to take away."""


def after_detach(grants: Sequence[Grant], trouble: Trouble | None) -> list[Move]:
    """What the answer to a detach changes; `ended` comes only from a read that shows the key gone."""
    ending = [grant for grant in grants if grant.state is Ending]
    if trouble is None or trouble in GONE:
        return [
            Move(
                grant, Ending, {"detached": 1} if grant.end_cause == Cause.REFUSED else {"detached": 1, "trouble": None}
            )
            for grant in ending
        ]
    return [Move(grant, Ending, {"trouble": trouble.value}) for grant in ending]


def next_deadline(grants: Sequence[Grant]) -> int | None:
    """Domain time at which the next of these grants has to end; None when none of them has a deadline before it."""
    return min(
        (grant.ends_at for grant in grants if grant.ends_at is not None and grant.state is not Ending), default=None
    )
