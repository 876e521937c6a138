"""What follows from what a write was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.errors import CloudErrorKind
from approvals.grant import EndCause, Grant, GrantState
from approvals.ledger.grants import ERROR_KIND
from approvals.millis import DomainMillis
from approvals.reconcile.plan.transition import (
    Active,
    Ending,
    Granting,
    Planned,
    Transition,
    found_again,
    held,
)

MAX_UNCLEAR_ANSWERS = 12
"""Attempts, about seven minutes, after which a code that nobody knows is believed to be a refusal; silence never is."""

GONE = (
    CloudErrorKind.NOT_ATTACHED,
    CloudErrorKind.NO_USER,
    CloudErrorKind.NO_ROLE,
    CloudErrorKind.NO_POLICY,
    CloudErrorKind.NO_PLACE,
    CloudErrorKind.NO_SUCH_ROLE,
)
"""Answers to a detach that prove there is nothing left to take away."""


def after_attach(
    grants: Sequence[Grant],
    kind: CloudErrorKind | None,
    *,
    first: bool,
    now: DomainMillis,
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
    if kind is None or (kind is CloudErrorKind.ALREADY_ATTACHED and not first):
        return _there(grants, now)
    if kind is CloudErrorKind.ALREADY_ATTACHED:
        # The product was seen to have it, right before anything was sent.
        return held(grants, now)
    noted = {ERROR_KIND: kind.value}
    before = Planned if first and not sent else Granting
    if kind is CloudErrorKind.THROTTLED:
        return [Transition(grant, before, {} if first else noted) for grant in granting]
    if _waits(kind, enough):
        return [Transition(grant, before, noted) for grant in granting]
    return [
        Transition(grant, before, noted) if _may_heal(grant, kind) else _refused(grant, noted, now)
        for grant in granting
    ]


def needs_a_look(
    kind: CloudErrorKind | None, *, first: bool, sent: bool, late: bool = False, enough: bool = False
) -> bool:
    """Whether a look right after this answer to an attach says what it means; see `after_look`. The arguments are as
    for `after_attach`.

    Args:
        late: an earlier attempt without an answer may still be carried out, so that a look shows nothing.
    """
    if kind is None or kind is CloudErrorKind.THROTTLED or _waits(kind, enough):
        return False
    if kind is CloudErrorKind.ALREADY_ATTACHED:
        return first and sent
    return not late


def after_look(
    grants: Sequence[Grant],
    kind: CloudErrorKind,
    present: bool,
    *,
    ours: bool,
    now: DomainMillis,
    lately: bool = False,
) -> list[Transition]:
    """What an answer to an attach changes, once the cloud was looked at.

    Args:
        present: whether the cloud shows the key.
        ours: it may be there because of what was sent: something between sent that twice, and this is what the second
            was answered.
        lately: as for `by_observation`.
    """
    granting = [grant for grant in grants if grant.state is Granting]
    noted = {ERROR_KIND: kind.value}
    if present and kind is not CloudErrorKind.ALREADY_ATTACHED and lately:
        return [Transition(grant, Granting, noted) for grant in granting]
    if present:
        return _there(grants, now) if ours else held(grants, now)
    if kind is CloudErrorKind.ALREADY_ATTACHED:
        return []
    return [Transition(grant, Planned if _may_heal(grant, kind) else GrantState.FAILED, noted) for grant in granting]


def after_detach(grants: Sequence[Grant], kind: CloudErrorKind | None) -> list[Transition]:
    """What the answer to a detach changes; `ended` comes only from a read that shows the key gone."""
    ending = [grant for grant in grants if grant.state is Ending]
    if kind is None or kind in GONE:
        return [
            Transition(
                grant,
                Ending,
                {"detached": 1} if grant.end_cause is EndCause.REFUSED else {"detached": 1, ERROR_KIND: None},
            )
            for grant in ending
        ]
    return [Transition(grant, Ending, {ERROR_KIND: kind.value}) for grant in ending]


def was_there_before(since: int | None, looked_at: int | None) -> bool:
    """Whether a key came to be there before we looked and did not see it: reads lag, and what was sent after that look
    was not the first to put it there. Both by the cloud's clock; where it does not say, it may be what was sent.
    """
    return since is not None and looked_at is not None and since < looked_at


def _waits(kind: CloudErrorKind, enough: bool) -> bool:
    """It says nothing about whether the grant may be: it is tried again, for as long as it takes."""
    return kind.is_of_bot or (kind.outcome_unknown and not (kind is CloudErrorKind.UNCLEAR and enough))


def _there(grants: Sequence[Grant], now: DomainMillis) -> list[Transition]:
    begun = [
        Transition(grant, Active, {"active_at": now, ERROR_KIND: None}) for grant in grants if grant.state is Granting
    ]
    return begun + found_again(grants)


def _may_heal(grant: Grant, kind: CloudErrorKind) -> bool:
    """RAM is known to answer NoPermission in bursts that heal within a minute: it is believed the second time."""
    return kind is CloudErrorKind.NO_PERMISSION and grant.error_kind is not CloudErrorKind.NO_PERMISSION


def _refused(grant: Grant, noted: dict[str, Any], now: DomainMillis) -> Transition:
    """An earlier attempt may have attached it, or will: it fails only once that is taken away, and seen to be gone."""
    return Transition(grant, Ending, {**noted, "ending_at": now, "end_cause": EndCause.REFUSED})
