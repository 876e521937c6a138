"""What several requests may give at once: each is ended, or ends sooner, unless something speaks against that one; what
gives it all the same is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from approvals.access_review import ReviewItem
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ledger import Tx
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.ask_another import REASON
from approvals.operations.access_reviews.judge import given_otherwise
from approvals.operations.revoke import revoke_in
from approvals.operations.shorten import shorten_in
from approvals.people import Person
from approvals.queries.access_reviews import gives
from approvals.refusals.drift import GrantedMeanwhile
from approvals.refusals.grant import BeingTakenAway, EndsSooner, NothingToRevoke

Answer = TypeVar("Answer")


class StillGiving(NamedTuple):
    """A request that gives it all the same, or gives it for longer."""

    request: int
    why: Refusal


class EndedRequests(NamedTuple):
    """What became of those that gave something."""

    ended: tuple[int, ...]
    """Those that end, or are on their way out already; none, where nothing of it was there any more."""
    stays: tuple[StillGiving, ...]


class ShortenedRequests(NamedTuple):
    """The same of what was to end sooner."""

    shortened: tuple[int, ...]
    ends_at: DomainMillis | None
    """Until when it runs by those; None where none of them gives it any more."""
    stays: tuple[StillGiving, ...]


def end_requests(
    tx: Tx, team_id: str, item: ReviewItem, actor: Person, admins: Holders, now: DomainMillis
) -> EndedRequests:
    """Raises:
    Refusal: something gives it all the same, and nothing ended by this.
    """
    came, stays = _each(tx, item, lambda number: revoke_in(tx, team_id, number, actor, admins, now, REASON))
    stays += [
        StillGiving(number, why)
        for number, why in came.items()
        if why is not None and not isinstance(why, (BeingTakenAway, NothingToRevoke)) and gives(tx, number, item.access)
    ]
    stays += [StillGiving(number, GrantedMeanwhile()) for number in given_otherwise(tx, item)]
    if stays and all(came.values()):
        raise stays[0].why
    ended = [number for number, why in came.items() if why is None or isinstance(why, BeingTakenAway)]
    return EndedRequests(tuple(ended), tuple(stays))


def shorten_requests(
    tx: Tx, team_id: str, item: ReviewItem, wanted: DomainMillis, actor: Person, admins: Holders, now: DomainMillis
) -> ShortenedRequests:
    """What is on its way out already ends sooner anyway.

    Raises:
        Refusal: something gives it for longer, or all of it is on its way out, and nothing was shortened by this.
    """
    came, stays = _each(tx, item, lambda number: shorten_in(tx, team_id, number, wanted, actor, admins, now))
    leaving = [each for each in stays if isinstance(each.why, EndsSooner)]
    stays = [each for each in stays if each not in leaving]
    shortened = {number: until for number, until in came.items() if until is not None}
    ends_at = max(shortened.values(), default=None)
    stays += [StillGiving(number, GrantedMeanwhile()) for number in given_otherwise(tx, item, ends_at)]
    if not shortened and (against := [*stays, *leaving]):
        raise against[0].why
    return ShortenedRequests(tuple(shortened), ends_at, tuple(stays))


def _each(tx: Tx, item: ReviewItem, work: Callable[[int], Answer]) -> tuple[dict[int, Answer], list[StillGiving]]:
    """What came of each request, and those that refused it and give the item. Nothing was changed of those."""
    came: dict[int, Answer] = {}
    stays: list[StillGiving] = []
    for number in item.access.requests:
        try:
            came[number] = work(number)
        except Refusal as why:
            if gives(tx, number, item.access):
                stays.append(StillGiving(number, why))
    return came, stays
