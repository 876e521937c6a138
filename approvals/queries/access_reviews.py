"""What is left of an access review, for one approver, and what came of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from approvals import rules
from approvals.access_review import SHORTENED_TO_MS, AccessReview, ReviewedAccess, ReviewItem
from approvals.catalog.access_reviews import ReviewSchedule
from approvals.catalog.model import Catalog
from approvals.evidence import Holders
from approvals.grant import UNFINISHED, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, access_reviews, away, drift_rows, extensions, grants, requests
from approvals.millis import DomainMillis
from approvals.model import RequestState
from approvals.people import Person, Principal
from approvals.queries.actor import linked_approvers, may_decide, standing
from approvals.queries.drift import longest_times
from approvals.refusals.people import NotLinked
from approvals.rules import Act

Approver = tuple[RamUserId, SlackUserId]
SHOWN = 10
"""Items at a time: each takes two blocks of the 50 of a message; what is decided makes room for the next."""


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """What is left for one approver."""

    review: AccessReview | None
    """None where no review is open. One that is being ended has nothing left."""
    items: tuple[ReviewItem, ...] = ()
    """Their part first, then what nobody has who may decide now."""
    others: int = 0
    """How many more are left, which are other approvers'."""

    @property
    def shown(self) -> tuple[ReviewItem, ...]:
        """Those that they see now."""
        return self.items[:SHOWN]

    @property
    def harmless(self) -> tuple[ReviewItem, ...]:
        """Those of them that may be kept in one click."""
        return tuple(item for item in self.shown if item.harmless)


def review_part(ledger: Ledger, team_id: str, actor: Person, admins: Holders) -> ReviewPart:
    """Raises:
    Refusal: the actor may not approve.
    """
    with ledger.read() as tx:
        return part_in(tx, team_id, approver_of(tx, team_id, actor, admins), actor, admins)


def part_in(tx: Tx, team_id: str, approver: Principal, actor: Person, admins: Holders) -> ReviewPart:
    """The same as part of something else, for whoever is known to be an approver."""
    review = access_reviews.open_one(tx)
    left = access_reviews.open_items(tx, review.id) if review and review.open else []
    items = of_part(tx, team_id, left, approver, actor, admins)
    own = sum(is_own(item, approver, actor) for item in left)
    items[:SHOWN] = [as_now(tx, each) for each in items[:SHOWN]]
    return ReviewPart(review, tuple(items), len(left) - len(items) - own)


def of_part(
    tx: Tx, team_id: str, left: Sequence[ReviewItem], approver: Principal, actor: Person, admins: Holders
) -> list[ReviewItem]:
    """Of what is left, what is an approver's to decide: their part first, then what nobody has who may decide now."""
    deciding = {account for _, account in reviewers(tx, team_id, admins)}
    others = [item for item in left if not is_own(item, approver, actor)]
    mine = [item for item in others if item.reviewer in actor.ids]
    nobodys = [item for item in others if item.reviewer not in deciding and item.reviewer not in actor.ids]
    return [*mine, *nobodys]


def end_now(tx: Tx, access: ReviewedAccess) -> DomainMillis | None:
    """Until when its requests give it, whatever was so when it was collected; None until somebody revokes it."""
    named = [request for each in access.requests if (request := requests.get(tx, each)) is not None]
    family = [each for request in named for each in extensions.family(tx, request)]
    ends = [each.ends_at for each in family if each.state is RequestState.APPROVED]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None


def gives(tx: Tx, number: int, access: ReviewedAccess) -> bool:
    """Whether a request gives that still, or it is on its way out."""
    return _any_in(tx, number, access, (*UNFINISHED, GrantState.HELD))


def _any_in(tx: Tx, number: int, access: ReviewedAccess, states: Collection[GrantState]) -> bool:
    given = grants.of_request(tx, number)
    return any(grant.entitlement == access.entitlement and grant.state in states for grant in given)


def goes_on(tx: Tx, access: ReviewedAccess) -> tuple[int, ...]:
    """The requests that go on giving it."""
    going_on = set(UNFINISHED) - {GrantState.ENDING}
    return tuple(each for each in access.requests if _any_in(tx, each, access, going_on))


def as_now(tx: Tx, item: ReviewItem) -> ReviewItem:
    """With the requests that go on giving it, if any does, and until when."""
    access = item.access
    giving = goes_on(tx, access) or access.requests
    return replace(item, access=replace(access, requests=giving, ends_at=end_now(tx, access)))


def shorter_times(access: ReviewedAccess, catalog: Catalog, now: DomainMillis) -> tuple[int, ...]:
    """In milliseconds from now: when it may end instead. None, where it cannot be shortened from here."""
    if access.requests:
        return tuple(each for each in SHORTENED_TO_MS if access.ends_at is None or now + each < access.ends_at)
    if access.barred is not None or access.account is None:
        return ()
    longest = longest_times(catalog).get(access.entitlement, 0)
    return tuple(each for each in SHORTENED_TO_MS if each <= longest)


def reviewers(tx: Tx, team_id: str, admins: Holders) -> list[Approver]:
    """UserId and Slack user id of those who may approve and are not away."""
    not_here = away.every_one(tx, team_id)
    return [each for each in approvers(tx, team_id, admins) if each[1] not in not_here]


def approvers(tx: Tx, team_id: str, admins: Holders) -> list[Approver]:
    """The same of those who may approve, but for Slack accounts that were seen to be gone: whoever has left decides
    nothing, although their RAM user is there still.
    """
    gone = drift_rows.gone_accounts(tx)
    return [each for each in linked_approvers(tx, team_id, may_decide(tx, admins), ()) if each[1] not in gone]


def approver_of(tx: Tx, team_id: str, actor: Person, admins: Holders) -> Principal:
    """The RAM user as whom somebody reviews.

    Raises:
        Refusal: they may not approve.
    """
    approver = rules.authorise(Act.ACCESS_REVIEW, actor, standing(tx, team_id, actor, admins))
    if approver is None:
        raise NotLinked()
    return approver


def is_own(item: ReviewItem, approver: Principal, actor: Person) -> bool:
    """Whether it is about the approver themselves."""
    return approver.user_id == item.access.principal.user_id or item.access.account in actor.ids


def is_to_be_collected(tx: Tx, now: DomainMillis) -> bool:
    """Whether a review runs of which nobody knows yet what is to be reviewed."""
    review = access_reviews.open_one(tx)
    return review is not None and review.open and review.collected_at is None and now < review.due_at


def is_ending(tx: Tx) -> bool:
    """Whether a review is being ended, which does not wait for anything else."""
    review = access_reviews.open_one(tx)
    return review is not None and not review.open


def next_start(tx: Tx, schedule: ReviewSchedule, now: DomainMillis) -> DomainMillis:
    """When a review starts by itself: so long after the start of the last one, or now, where there never was one."""
    last = next(iter(access_reviews.every_one(tx)), None)
    return DomainMillis(last.started_at + schedule.every) if last else now


def every_review(tx: Tx) -> list[AccessReview]:
    """The newest first."""
    return access_reviews.every_one(tx)


def items_of(tx: Tx, review: AccessReview) -> list[ReviewItem]:
    """All of it, by what they are about."""
    return access_reviews.items(tx, review.id)
