"""What an approval is for: all that was asked, or some parts of it, or for a shorter time. It never is for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.model import AccessRequest, Decision
from approvals.refusals.decision import LongerThanAsked, NoParts, PartNeedsOther
from approvals.refusals.request import BadDuration


@dataclass(frozen=True, slots=True)
class ApprovalTerms:
    """What one approval is for."""

    parts: tuple[Entitlement, ...] | None = None
    """None is all of them."""
    duration: int | None = None
    """Milliseconds; None is as long as was asked."""


def narrowed(request: AccessRequest, terms: ApprovalTerms, catalog: Catalog | None = None) -> ApprovalTerms:
    """The terms of one approval, with None for what is as it was asked. The catalogue knows which
    part cannot be had without which other.

    Raises:
        Refusal: NoParts, PartNeedsOther, LongerThanAsked or BadDuration.
    """
    if request.of_account:
        # What a role of the account gets is one thing, and has no end.
        return ApprovalTerms()
    parts, duration = terms.parts, terms.duration
    if parts is not None:
        if not parts or not set(parts) <= set(request.entitlements):
            raise NoParts(request=request.ref)
        if catalog is not None:
            _check_needs(request, parts, catalog)
        # In the order in which they were asked for, whatever order they came in.
        parts = tuple(part for part in request.entitlements if part in parts)
    if duration is not None and duration <= 0:
        raise BadDuration(text=str(duration))
    if duration is not None and request.duration is not None and duration > request.duration:
        raise LongerThanAsked(request=request.ref, longest=request.duration)
    return ApprovalTerms(
        None if parts == request.entitlements else parts, None if duration == request.duration else duration
    )


def _check_needs(request: AccessRequest, parts: Sequence[Entitlement], catalog: Catalog) -> None:
    for part in parts:
        first = catalog.needs.get(part)
        if first is not None and first in request.entitlements and first not in parts:
            raise PartNeedsOther(request=request.ref, part=_title(part, catalog), needs=_title(first, catalog))


def _title(part: Entitlement, catalog: Catalog) -> str:
    known = catalog.parts.get(part)
    return known.title if known else part.short_name


def agreed_on(request: AccessRequest, approvals: Sequence[Decision]) -> ApprovalTerms:
    """What all of these approvals are for: the parts that none of them left out, for the shortest of their times."""
    parts = tuple(
        part for part in request.entitlements if all(word.parts is None or part in word.parts for word in approvals)
    )
    durations = [word.duration for word in approvals if word.duration is not None]
    if request.duration is not None:
        durations.append(request.duration)
    return ApprovalTerms(parts, min(durations, default=None))
