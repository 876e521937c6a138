"""Requests that ask for more time, and what they extend: one after the other, they are one access to people."""

from __future__ import annotations

from collections.abc import Collection

from approvals.entitlements import Entitlement
from approvals.ledger import grants
from approvals.ledger.requests import get, of_rows
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.transaction import Tx


def of_request(tx: Tx, request_id: int) -> list[AccessRequest]:
    """Those that extend this one, or were to, oldest first."""
    return of_rows(tx.rows("SELECT * FROM requests WHERE extends = :id ORDER BY id", id=request_id))


def extended(tx: Tx, request: AccessRequest) -> AccessRequest | None:
    """What this one extends; None where it extends nothing."""
    return get(tx, request.extends) if request.extends is not None else None


def first_of(tx: Tx, request: AccessRequest) -> AccessRequest:
    """The request that began it: itself, where it extends none."""
    while (before := extended(tx, request)) is not None:
        request = before
    return request


def begun(first: AccessRequest) -> DomainMillis:
    """Since when something runs that began with this request."""
    return first.closed_at if first.closed_at is not None else first.created_at


def in_all(first: AccessRequest, ends_at: DomainMillis, duration: int | None) -> int | None:
    """Milliseconds for which something runs that began with this request and goes on for so long after `ends_at`; None
    is until revoked.
    """
    return None if duration is None else ends_at + duration - begun(first)


def family(tx: Tx, request: AccessRequest) -> list[AccessRequest]:
    """All that are one access with this one, the first to begin with. Mostly it is alone."""
    found = [first_of(tx, request)]
    for each in found:
        found += of_request(tx, each.id)
    return found


def goes_on(tx: Tx, request_id: int, parts: Collection[Entitlement]) -> bool:
    """Whether all of these parts of a request go on by another one, which was approved for them."""
    following = [each for each in of_request(tx, request_id) if each.state is RequestState.APPROVED]
    given = {grant.entitlement for each in following for grant in grants.of_request(tx, each.id)}
    return bool(following) and given.issuperset(parts)
