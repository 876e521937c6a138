"""Whether there is anything to ask for: not where it is missing, asked for already or held for as long."""

from __future__ import annotations

from approvals.catalog.model import Catalog, Item
from approvals.entitlements import Entitlement, Key
from approvals.errors import Refusal
from approvals.evidence import (
    AskEvidence,
)
from approvals.grant import GrantState
from approvals.ledger import Tx, open_grants, open_requests, policy_reviews
from approvals.millis import DomainMillis
from approvals.model import Holding, RequestState
from approvals.operations.ask import Ask
from approvals.people import Principal
from approvals.refusals.catalog import AmbiguousType, NotInitialised, PlaceGone, SdkNotInstalled
from approvals.refusals.policies import PolicyMissing
from approvals.refusals.request import AlreadyHeld, AlreadyPending, TooManyOpen


def check_needed(tx: Tx, ask: Ask, item: Item, principal: Principal, evidence: AskEvidence, now: DomainMillis) -> None:
    """Check that there is something to ask for.

    Raises:
        Refusal: AmbiguousType, NotInitialised, SdkNotInstalled, PlaceGone, AlreadyPending or AlreadyHeld.
    """
    check_there(tx, evidence)
    for refusal in already_pending(tx, ask, item, principal):
        raise refusal
    check_not_held(tx, ask, item, principal, evidence, now)


def check_not_held(
    tx: Tx, ask: Ask, item: Item, principal: Principal, evidence: AskEvidence, now: DomainMillis
) -> None:
    """Check that the principal does not have all of it, for at least as long.

    Raises:
        Refusal: AlreadyHeld.
    """
    direct = {holding.name for holding in evidence.holdings if holding.via_group is None and not holding.unread}
    until: list[DomainMillis | None] = []
    for entitlement in item.entitlements:
        has, ends_at = _held(tx, principal, entitlement, direct, max(now, ask.starts_at or now), ask.duration)
        if not has:
            return
        until.append(ends_at)
    latest = None if None in until else min(moment for moment in until if moment is not None)
    raise AlreadyHeld(item=item.name, ram_user=principal.name, until=latest)


def check_there(tx: Tx, evidence: AskEvidence) -> None:
    """Check that what is asked for is there to be given.

    Raises:
        Refusal: AmbiguousType, PolicyMissing, NotInitialised, SdkNotInstalled or PlaceGone.
    """
    if evidence.unclear:
        raise AmbiguousType(policies=evidence.unclear)
    for name in policy_reviews.of_names(tx, evidence.missing):
        raise PolicyMissing(name)
    if evidence.missing:
        raise NotInitialised(policies=evidence.missing)
    for product in evidence.not_installed:
        raise SdkNotInstalled(product=product)
    for gone in evidence.gone:
        raise PlaceGone(product=gone.kind.name, place=gone.place)


def already_pending(tx: Tx, ask: Ask, item: Item, principal: Principal) -> list[Refusal]:
    """Requests for the same subject, as the same RAM user, that ask for all of this and still wait."""
    wanted = set(item.entitlements)
    return [
        AlreadyPending(request=pending.ref, item=pending.item, wanted=item.name)
        for pending in open_requests.waiting_for_user(tx, principal.user_id)
        # Somebody else's claim to the same RAM user does not keep its owner from asking.
        if pending.state is RequestState.PENDING
        and pending.subject == ask.subject
        and wanted <= set(pending.entitlements)
    ]


def check_open(tx: Tx, ask: Ask, requester: Principal | None, most: int | None) -> None:
    """Check that one request more of theirs may wait: in hundreds, those of others would be lost.

    Raises:
        Refusal: TooManyOpen.
    """
    if most is None:
        return
    waiting = open_requests.waiting_of(tx, ask.team_id, ask.requester, requester.user_id if requester else None)
    if waiting >= most:
        raise TooManyOpen(count=waiting)


def _held(
    tx: Tx, principal: Principal, entitlement: Entitlement, direct: set[str], now: DomainMillis, duration: int | None
) -> tuple[bool, DomainMillis | None]:
    """Whether the principal has this for at least as long as is asked, and until when."""
    ours = open_grants.on_key(tx, Key(principal.user_id, entitlement))
    if not ours:
        return entitlement.short_name in direct, None
    ends = [grant.ends_at for grant in ours if grant.state is not GrantState.ENDING]
    if None in ends:
        return True, None
    latest = max((moment for moment in ends if moment is not None), default=DomainMillis(0))
    return duration is not None and latest >= now + duration, latest


def holdings_of_interest(holdings: tuple[Holding, ...], catalog: Catalog) -> tuple[Holding, ...]:
    """Of all that a RAM user holds, what the catalogue is about."""
    names = {item.name for item in catalog.policies}
    return tuple(holding for holding in holdings if holding.name in names)
