"""What to do about a key, given what the ledger wants for it and what the cloud shows: pure functions.

This is the whole of granting, revoking, overlapping requests, retries and take-overs. Each function gets the open
grants on one key and says which of them change state, and whether one write to the cloud follows. The changes are
recorded before the write is begun; the write's answer is recorded by `after_attach` or `after_detach`.

A write that was sent may have been carried out, whatever its answer: something between may have sent it twice, and
what comes back is the answer to the second. So no grant that was ever sent is over before a look shows its key gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals.errors import CloudErrorKind
from approvals.model import MINUTE, OURS, Cause, Grant, GrantState

SECOND_LOOK_MS = MINUTE
"""Real time between the two looks that make a missing key `removed outside`: reads may lag writes for a while."""

LOOKS_BEFORE_DETACHING_AGAIN = 6
"""Reads that still show a key after a confirmed detach; then it is detached once more."""

UNCONFIRMED_FOR_MS = 2 * MINUTE
"""Real time for which looks have to show a key gone after detaches that nobody confirmed, before they are believed."""

MAX_UNCLEAR_ANSWERS = 12
"""Attempts, about seven minutes, after which a code that nobody knows is believed to be a refusal; silence never is."""

Planned, Granting, Active, Ending = GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING


class Write(StrEnum):
    ATTACH = "attach"
    DETACH = "detach"


NOTHING_LATE: frozenset[Write] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    grant: Grant
    to: GrantState
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyPlan:
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
            move.grant.state is Active and move.changes.get("end_cause") == Cause.REMOVED_OUTSIDE for move in self.moves
        )


def end(grants: Sequence[Grant], now: int, cause: Cause, by: str | None = None) -> list[Transition]:
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


def by_time(grants: Sequence[Grant], now: int) -> list[Transition]:
    """What deadlines alone change."""
    return end([grant for grant in grants if grant.ends_at is not None and grant.ends_at <= now], now, Cause.DEADLINE)


def by_sight(
    grants: Sequence[Grant],
    present: bool,
    *,
    now: int,
    real: int,
    looks: int,
    repair: bool,
    late: frozenset[Write] = NOTHING_LATE,
    lately: bool = False,
    implied: bool = False,
    unconfirmed: bool = False,
    doubted: bool = False,
) -> KeyPlan:
    """What follows from seeing the key there, or not.

    Args:
        grants: the open grants on the key, deadlines already applied.
        present: whether the cloud shows the key.
        now: domain time.
        real: real time.
        looks: how often this job has run since it last made progress.
        repair: the calls that were late have been carried out by now, if ever; put right what they did.
        late: calls of ours whose answer nobody got, so that they may be carried out when nothing wants them any more.
            Only an attach can have put the key there, and only a detach can have taken it away.
        lately: a detach of ours was begun less than a minute ago; what still shows the key may be older than that.
        implied: another key of ours may have put this one there.
        unconfirmed: a detach was made just now, and its answer does not prove that nothing is left.
        doubted: so much looks removed at once that nothing is concluded from it.
    """
    wanting = [grant for grant in grants if grant.state is not Ending]
    ending = [grant for grant in grants if grant.state is Ending]
    if not wanting:
        repairing = repair and Write.ATTACH in late
        return _ending(ending, present, now=now, real=real, looks=looks, repair=repairing, unconfirmed=unconfirmed)
    # Others still want the key, so those that end leave it where it is.
    moves = [Transition(grant, GrantState.ENDED, {"ended_at": now}) for grant in ending]
    ours = implied or Write.ATTACH in late or any(grant.state in OURS for grant in grants)
    sent = any(grant.detaches for grant in ending)
    new = [grant for grant in wanting if grant.state in (Planned, Granting)]
    undo = repair and Write.DETACH in late
    if present and not sent and not ((new or undo) and lately):
        return KeyPlan((*moves, *_seen(wanting, ours, now)))
    if new or sent or undo:
        starting = [Transition(grant, Granting) for grant in new if grant.state is Planned]
        return KeyPlan((*moves, *starting), Write.ATTACH, first=not ours)
    return _missing(wanting, moves, now=now, real=real, doubted=doubted)


def _seen(wanting: Sequence[Grant], ours: bool, now: int) -> list[Transition]:
    if not ours:
        return [Transition(grant, GrantState.HELD, {"ended_at": now}) for grant in wanting]
    moves = [
        Transition(grant, Active, {"active_at": now, "trouble": None})
        for grant in wanting
        if grant.state in (Planned, Granting)
    ]
    return moves + _found_again(wanting)


def _found_again(grants: Sequence[Grant]) -> list[Transition]:
    missed = [grant for grant in grants if grant.state is Active and grant.missing_since_real is not None]
    return [Transition(grant, Active, {"missing_since_real": None}) for grant in missed]


def _missing(active: Sequence[Grant], moves: list[Transition], *, now: int, real: int, doubted: bool) -> KeyPlan:
    first_seen = min((grant.missing_since_real or real for grant in active), default=real)
    if doubted:
        return KeyPlan(tuple(moves), look_again_real=SECOND_LOOK_MS)
    if real - first_seen >= SECOND_LOOK_MS and any(grant.entitlement.stays for grant in active):
        over = {"ended_at": now, "end_cause": Cause.REMOVED_OUTSIDE.value}
        return KeyPlan((*moves, *(Transition(grant, GrantState.ENDED, over) for grant in active)))
    if real - first_seen >= SECOND_LOOK_MS:
        # Reads can be wrong for longer than that; only the answer to a detach proves that nothing is left.
        gone = {
            "ending_at": now,
            "end_cause": Cause.REMOVED_OUTSIDE.value,
            "detaches": 1,
            "missing_since_real": None,
        }
        return KeyPlan((*moves, *(Transition(grant, Ending, gone) for grant in active)), Write.DETACH)
    noted = [Transition(grant, Active, {"missing_since_real": first_seen}) for grant in active]
    return KeyPlan((*moves, *noted), look_again_real=SECOND_LOOK_MS - (real - first_seen))


def _ending(
    ending: Sequence[Grant], present: bool, *, now: int, real: int, looks: int, repair: bool, unconfirmed: bool
) -> KeyPlan:
    """`repair`: a late attach may have put the key back, and a read that does not show it may be older than that."""
    if not ending:
        return KeyPlan(write=Write.DETACH if repair else None)
    confirmed = all(grant.detached for grant in ending) and not repair
    if confirmed and not present:
        return KeyPlan(tuple(_over(grant, now) for grant in ending))
    if unconfirmed:
        return _unconfirmed(ending, present, now=now, real=real)
    if confirmed and looks % LOOKS_BEFORE_DETACHING_AGAIN:
        return KeyPlan(look_again_real=0)
    # Also when the key is not shown: the read may be older than the attach.
    return KeyPlan(tuple(Transition(grant, Ending, {"detaches": grant.detaches + 1}) for grant in ending), Write.DETACH)


def _unconfirmed(ending: Sequence[Grant], present: bool, *, now: int, real: int) -> KeyPlan:
    """No detach was confirmed, but the key may be gone all the same: its answer may have been lost each time, or
    somebody took it away by hand. Looks that do not show it are proof, when they do so for long enough.
    """
    if present:
        return KeyPlan(tuple(Transition(grant, Ending, {"missing_since_real": None}) for grant in ending))
    first_seen = min(grant.missing_since_real or real for grant in ending)
    if real - first_seen >= UNCONFIRMED_FOR_MS:
        return KeyPlan(tuple(_over(grant, now) for grant in ending))
    noted = tuple(Transition(grant, Ending, {"missing_since_real": first_seen}) for grant in ending)
    return KeyPlan(noted, look_again_real=UNCONFIRMED_FOR_MS - (real - first_seen))


def _over(grant: Grant, now: int) -> Transition:
    if grant.end_cause == Cause.REFUSED.value:
        anew = {"detaches": 0, "detached": 0, "end_cause": None, "ending_at": None, "missing_since_real": None}
        return Transition(grant, GrantState.FAILED, anew)
    return Transition(grant, GrantState.ENDED, {"ended_at": now, "trouble": None})


def after_attach(
    grants: Sequence[Grant],
    trouble: CloudErrorKind | None,
    *,
    first: bool,
    now: int,
    sent: bool = True,
    enough: bool = False,
) -> list[Transition]:
    """What the answer to an attach changes, where no look has to say what it means. No move means: as it was, and tried
    again later.

    Args:
        first: nothing of ours could have put the key there before this attach.
        sent: the call itself was made; what was to be read before it did not stand in its way.
        enough: it was tried often enough to believe a code that nobody knows.
    """
    granting = [grant for grant in grants if grant.state is Granting]
    if trouble is None or (trouble is CloudErrorKind.ALREADY_ATTACHED and not first):
        return _there(grants, now)
    if trouble is CloudErrorKind.ALREADY_ATTACHED:
        # The product was seen to have it, right before anything was sent.
        return held(grants, now)
    noted = {"trouble": trouble.value}
    before = Planned if first and not sent else Granting
    if trouble is CloudErrorKind.THROTTLED:
        return [Transition(grant, before, {} if first else noted) for grant in granting]
    if _waits(trouble, enough):
        return [Transition(grant, before, noted) for grant in granting]
    return [
        Transition(grant, before, noted) if _may_heal(grant, trouble) else _refused(grant, noted, now)
        for grant in granting
    ]


def needs_a_look(
    trouble: CloudErrorKind | None, *, first: bool, sent: bool, late: bool = False, enough: bool = False
) -> bool:
    """Whether a look right after this answer to an attach says what it means; see `after_look`. The arguments are as
    for `after_attach`.

    Args:
        late: an earlier attempt without an answer may still be carried out, so that a look shows nothing.
    """
    if trouble is None or trouble is CloudErrorKind.THROTTLED or _waits(trouble, enough):
        return False
    if trouble is CloudErrorKind.ALREADY_ATTACHED:
        return first and sent
    return not late


def after_look(
    grants: Sequence[Grant], trouble: CloudErrorKind, present: bool, *, ours: bool, now: int, lately: bool = False
) -> list[Transition]:
    """What an answer to an attach changes, once the cloud was looked at.

    Args:
        present: whether the cloud shows the key.
        ours: it may be there because of what was sent: something between sent that twice, and this is what the second
            was answered.
        lately: as for `by_sight`.
    """
    granting = [grant for grant in grants if grant.state is Granting]
    noted = {"trouble": trouble.value}
    if present and trouble is not CloudErrorKind.ALREADY_ATTACHED and lately:
        return [Transition(grant, Granting, noted) for grant in granting]
    if present:
        return _there(grants, now) if ours else held(grants, now)
    if trouble is CloudErrorKind.ALREADY_ATTACHED:
        return []
    return [Transition(grant, Planned if _may_heal(grant, trouble) else GrantState.FAILED, noted) for grant in granting]


def was_there_before(since: int | None, looked_at: int | None) -> bool:
    """Whether a key came to be there before we looked and did not see it: reads lag, and what was sent after that look
    was not the first to put it there. Both by the cloud's clock; where it does not say, it may be what was sent.
    """
    return since is not None and looked_at is not None and since < looked_at


def _waits(trouble: CloudErrorKind, enough: bool) -> bool:
    """It says nothing about whether the grant may be: it is tried again, for as long as it takes."""
    return trouble.of_the_bot or (trouble.leaves_open and not (trouble is CloudErrorKind.UNCLEAR and enough))


def _there(grants: Sequence[Grant], now: int) -> list[Transition]:
    begun = [
        Transition(grant, Active, {"active_at": now, "trouble": None}) for grant in grants if grant.state is Granting
    ]
    return begun + _found_again(grants)


def held(grants: Sequence[Grant], now: int) -> list[Transition]:
    """The key is somebody else's; grants that were given back meanwhile never were."""
    theirs = [Transition(grant, GrantState.HELD, {"ended_at": now}) for grant in grants if grant.state is Granting]
    over = {"ended_at": now, "trouble": None}
    return theirs + [Transition(grant, GrantState.VOID, over) for grant in grants if grant.state is Ending]


def _may_heal(grant: Grant, trouble: CloudErrorKind) -> bool:
    """RAM is known to answer NoPermission in bursts that heal within a minute: it is believed the second time."""
    return trouble is CloudErrorKind.NO_PERMISSION and grant.trouble != CloudErrorKind.NO_PERMISSION.value


def _refused(grant: Grant, noted: dict[str, Any], now: int) -> Transition:
    """An earlier attempt may have attached it, or will: it fails only once that is taken away, and seen to be gone."""
    return Transition(grant, Ending, {**noted, "ending_at": now, "end_cause": Cause.REFUSED.value})


GONE = (
    CloudErrorKind.NOT_ATTACHED,
    CloudErrorKind.NO_USER,
    CloudErrorKind.NO_ROLE,
    CloudErrorKind.NO_POLICY,
    CloudErrorKind.NO_PLACE,
    CloudErrorKind.NO_SUCH_ROLE,
)
"""Answers to a detach that prove there is nothing left to take away."""


def after_detach(grants: Sequence[Grant], trouble: CloudErrorKind | None) -> list[Transition]:
    """What the answer to a detach changes; `ended` comes only from a read that shows the key gone."""
    ending = [grant for grant in grants if grant.state is Ending]
    if trouble is None or trouble in GONE:
        return [
            Transition(
                grant, Ending, {"detached": 1} if grant.end_cause == Cause.REFUSED else {"detached": 1, "trouble": None}
            )
            for grant in ending
        ]
    return [Transition(grant, Ending, {"trouble": trouble.value}) for grant in ending]


def next_deadline(grants: Sequence[Grant]) -> int | None:
    """Domain time at which the next of these grants has to end; None when none of them has a deadline before it."""
    return min(
        (grant.ends_at for grant in grants if grant.ends_at is not None and grant.state is not Ending), default=None
    )
