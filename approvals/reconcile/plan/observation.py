"""What follows from what the cloud shows."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.grant import OURS, EndCause, Grant, GrantState
from approvals.ledger.grants import ERROR_KIND
from approvals.millis import MINUTE, DomainMillis, RealMillis
from approvals.reconcile.plan.transition import (
    NOTHING_LATE,
    SECOND_LOOK_MS,
    Active,
    Ending,
    Granting,
    KeyPlan,
    Planned,
    Transition,
    Write,
    found_again,
)

LOOKS_BEFORE_DETACHING_AGAIN = 6
"""Reads that still show a key after a confirmed detach; then it is detached once more."""

UNCONFIRMED_FOR_MS = 2 * MINUTE
"""Real time for which looks have to show a key gone after detaches that nobody confirmed, before they are believed."""


def by_observation(
    grants: Sequence[Grant],
    present: bool,
    *,
    now: DomainMillis,
    real: RealMillis,
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


def _seen(wanting: Sequence[Grant], ours: bool, now: DomainMillis) -> list[Transition]:
    if not ours:
        return [Transition(grant, GrantState.HELD, {"ended_at": now}) for grant in wanting]
    moves = [
        Transition(grant, Active, {"active_at": now, ERROR_KIND: None})
        for grant in wanting
        if grant.state in (Planned, Granting)
    ]
    return moves + found_again(wanting)


def _missing(
    active: Sequence[Grant], moves: list[Transition], *, now: DomainMillis, real: RealMillis, doubted: bool
) -> KeyPlan:
    first_seen = min((grant.missing_since_real or real for grant in active), default=real)
    if doubted:
        return KeyPlan(tuple(moves), look_again_real=SECOND_LOOK_MS)
    if real - first_seen >= SECOND_LOOK_MS and any(grant.entitlement.irrevocable for grant in active):
        over = {"ended_at": now, "end_cause": EndCause.REMOVED_OUTSIDE}
        return KeyPlan((*moves, *(Transition(grant, GrantState.ENDED, over) for grant in active)))
    if real - first_seen >= SECOND_LOOK_MS:
        # Reads can be wrong for longer than that; only the answer to a detach proves that nothing is left.
        gone = {
            "ending_at": now,
            "end_cause": EndCause.REMOVED_OUTSIDE,
            "detaches": 1,
            "missing_since_real": None,
        }
        return KeyPlan((*moves, *(Transition(grant, Ending, gone) for grant in active)), Write.DETACH)
    noted = [Transition(grant, Active, {"missing_since_real": first_seen}) for grant in active]
    return KeyPlan((*moves, *noted), look_again_real=SECOND_LOOK_MS - (real - first_seen))


def _ending(
    ending: Sequence[Grant],
    present: bool,
    *,
    now: DomainMillis,
    real: RealMillis,
    looks: int,
    repair: bool,
    unconfirmed: bool,
) -> KeyPlan:
    """`repair`: a late attach may have put the key back, and a read that does not show it may be older than that."""
    if not ending:
        return KeyPlan(write=Write.DETACH if repair else None)
    if unconfirmed or (all(grant.blocked for grant in ending) and not repair):
        return _unconfirmed(ending, present, now=now, real=real)
    confirmed = all(grant.detached for grant in ending) and not repair
    if confirmed and not present:
        return KeyPlan(tuple(_over(grant, now) for grant in ending))
    if confirmed and looks % LOOKS_BEFORE_DETACHING_AGAIN:
        return KeyPlan(look_again_real=0)
    # Also when the key is not shown: the read may be older than the attach.
    return KeyPlan(tuple(Transition(grant, Ending, {"detaches": grant.detaches + 1}) for grant in ending), Write.DETACH)


def _unconfirmed(ending: Sequence[Grant], present: bool, *, now: DomainMillis, real: RealMillis) -> KeyPlan:
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


def _over(grant: Grant, now: DomainMillis) -> Transition:
    if grant.end_cause is EndCause.REFUSED:
        anew = {"detaches": 0, "detached": 0, "end_cause": None, "ending_at": None, "missing_since_real": None}
        return Transition(grant, GrantState.FAILED, anew)
    return Transition(grant, GrantState.ENDED, {"ended_at": now, ERROR_KIND: None})
