"""An approver says of what somebody has that it ends sooner than it was to."""

from __future__ import annotations

from typing import NamedTuple

from approvals.access_review import SHORTENED_TO_MS, ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction
from approvals.evidence import Holders
from approvals.ledger import Ledger
from approvals.millis import DomainMillis
from approvals.operations.access_reviews.ask_another import ask_another, check_asked_for
from approvals.operations.access_reviews.by_requests import StillGiving, shorten_requests
from approvals.operations.access_reviews.judge import judged_item, record_word
from approvals.outbox.access_reviews import close_if_done
from approvals.people import Person
from approvals.queries.access_reviews import end_now
from approvals.refusals.grant import EndsSooner
from approvals.refusals.request import BadDuration

SHORTENED = (ReviewVerdict.SHORTEN, ReviewVerdict.ASKED, ReviewVerdict.GONE)


class ShortenedItem(NamedTuple):
    """What came of it."""

    item: ReviewItem
    verdict: ReviewVerdict | None
    """SHORTEN, ASKED or GONE; None where it is to be decided yet, since something gives it for longer all the same."""
    ends_at: DomainMillis | None
    """Until when it runs by the requests that were shortened, where that is known already."""
    shortened: tuple[int, ...] = ()
    stays: tuple[StillGiving, ...] = ()


def shorten_reviewed(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    item_id: str,
    duration: int,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> ShortenedItem:
    """What requests gave ends so many milliseconds from now; of what was granted elsewhere another approver is asked to
    adopt it with such an end. The verdict is GONE where neither is there any more. What speaks against one request
    keeps none of the others.

    Raises:
        Refusal: the actor may not approve, or it is theirs, or another approver's part; unknown, decided otherwise, or
            the review is over; no time that is offered; it ends sooner anyway, cannot be changed from here, is given
            by another request for longer by now, or something else is asked for already.
    """
    if duration not in SHORTENED_TO_MS:
        raise BadDuration(text=str(duration))
    with ledger.write() as tx:
        approver, review, item = judged_item(tx, team_id, item_id, actor, admins, SHORTENED)
        if item.verdict is not None:
            check_asked_for(tx, item, DriftAction.ADOPT, duration)
            return ShortenedItem(item, item.verdict, end_now(tx, item.access))
        ends_at: DomainMillis | None = None
        if item.access.requests:
            before = end_now(tx, item.access)
            shortened, ends_at, stays = shorten_requests(
                tx, team_id, item, DomainMillis(now + duration), actor, admins, now
            )
            if stays:
                return ShortenedItem(item, None, ends_at, shortened, stays)
            _check_sooner(item, before, ends_at)
            verdict = ReviewVerdict.GONE if ends_at is None else ReviewVerdict.SHORTEN
        else:
            verdict = ask_another(tx, catalog, team_id, item, DriftAction.ADOPT, duration, actor, admins, now)
        record_word(tx, item, verdict, approver, actor.user_id, now, ends_at)
        close_if_done(tx, review, now)
        return ShortenedItem(item, verdict, ends_at)


def _check_sooner(item: ReviewItem, before: DomainMillis | None, ends_at: DomainMillis | None) -> None:
    """What was shortened since it was collected, such as along with another part of its request, need not be shortened
    once more. `before`: until when it ran.

    Raises:
        Refusal: EndsSooner.
    """
    collected = item.access.ends_at
    if before is not None and ends_at == before and collected is not None and before >= collected:
        raise EndsSooner(until=before)
