"""What nobody reviewed until the end of a review that revokes: what requests granted ends, by nobody's word but the
review's. Whatever speaks against that keeps it as it is, for approvers to see.

There may be thousands of items, and others write to the ledger as well: so many are gone through in one transaction,
and each is judged by what is so then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.entitlements import ADMIN_POLICY, Entitlement, ImpliedRoles, Key, policy
from approvals.evidence import Holders
from approvals.grant import EndCause, Grant, GrantState
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, access_reviews, extensions, grants, notices, open_grants, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.revoke import ENDABLE, end_family_in
from approvals.people import Principal
from approvals.queries.access_reviews import approvers, reviewers

AT_ONCE = 50
"""Items in one transaction."""
FEWEST_APPROVERS = 3
"""With fewer, whoever has it and one who is away may be all there are, so that nobody could have reviewed it."""
TOOK_AWAY = (
    None,
    ReviewVerdict.REVOKE,
    ReviewVerdict.GONE,
    ReviewVerdict.ASKED,
    ReviewVerdict.REVOKE_UNREVIEWED,
)
"""Verdicts after which nothing of an item is meant to run on."""


def end_unreviewed(
    tx: Tx,
    review: AccessReview,
    team_id: str,
    admins: Holders | None,
    own_user: Principal | None,
    now: DomainMillis,
    *,
    implied_by: ImpliedRoles,
    reminded: bool,
) -> bool:
    """The next few; whether others are left, for another transaction.

    Args:
        tx: a transaction that writes.
        review: one that is being ended, in which nobody says anything any more.
        team_id: the Slack workspace.
        admins: who holds the admin policy by now; None where the cloud does not say it, and then nothing is revoked.
        own_user: the RAM user that this program is.
        now: domain time.
        implied_by: which member role a product gives by itself to whoever has which other.
        reminded: reviewers were, before the end; if not, nothing is revoked.
    """
    if review.unreviewed is not Unreviewed.REVOKE:
        return False
    holds_all = _against_all(tx, team_id, admins) if reminded else Stays.UNREMINDED
    there = frozenset(account for _, account in reviewers(tx, team_id, admins)) if admins is not None else frozenset()
    left = access_reviews.to_end(tx, review.id, AT_ONCE + 1)
    for item in left[:AT_ONCE]:
        verdict, stays = _judged(tx, item, own_user, implied_by, holds_all, there)
        if verdict is ReviewVerdict.REVOKE_UNREVIEWED:
            _revoke(tx, review, item, now)
        _record(tx, item, verdict, stays, now)
    return len(left) > AT_ONCE


def leave_unreviewed(tx: Tx, review: AccessReview, now: DomainMillis) -> bool:
    """The same for a review that is ended before its time: nothing is revoked, since there was time left to review."""
    if review.unreviewed is not Unreviewed.REVOKE:
        return False
    left = access_reviews.to_end(tx, review.id, AT_ONCE + 1)
    for item in left[:AT_ONCE]:
        _record(tx, item, None, Stays.ENDED_EARLY if item.access.requests else Stays.ELSEWHERE, now)
    return len(left) > AT_ONCE


def _against_all(tx: Tx, team_id: str, admins: Holders | None) -> Stays | None:
    """What speaks against revoking anything at all."""
    if admins is None:
        return Stays.APPROVERS_UNKNOWN
    if len({user_id for user_id, _ in approvers(tx, team_id, admins)}) < FEWEST_APPROVERS:
        return Stays.FEW_APPROVERS
    return Stays.MASS_REMOVAL if notices.open_about(tx, NoticeKind.VANISHED, "") else None


def _judged(
    tx: Tx,
    item: ReviewItem,
    own_user: Principal | None,
    implied_by: ImpliedRoles,
    holds_all: Stays | None,
    there: Collection[SlackUserId],
) -> tuple[ReviewVerdict | None, Stays | None]:
    """What becomes of it, or why it stays. `holds_all`: what speaks against revoking anything. `there`: the approvers
    who are; whose part it was may have left, or gone away, since the last reminder.
    """
    if not item.access.requests:
        return None, Stays.ELSEWHERE
    known = _known(tx, item)
    of_item = [grant for grant in known.given if grant.entitlement == item.access.entitlement]
    if not any(grant.state in ENDABLE for grant in of_item):
        if _given_by_others(open_grants.on_key(tx, _key(item)), known):
            return None, Stays.GRANTED_MEANWHILE
        # Another item may be of the same request, and was judged before this one.
        is_revoked = any(grant.end_cause is EndCause.UNREVIEWED for grant in of_item)
        return ReviewVerdict.REVOKE_UNREVIEWED if is_revoked else ReviewVerdict.GONE, None
    stays = _against(tx, item, known, own_user, implied_by) or holds_all
    if stays is None and item.reviewer not in there:
        stays = Stays.NOBODYS_PART
    # Of those that were judged before, also in another transaction, when something spoke against it; and those to come.
    beside = [each for each in known.items if each.verdict is None]
    if stays is None and any(each.stays is not None or each.reviewer not in there for each in beside):
        stays = Stays.BOUND
    return (None, stays) if stays else (ReviewVerdict.REVOKE_UNREVIEWED, None)


@dataclass(frozen=True, slots=True)
class _OneAccess:
    """What is one access with an item, since nothing of it ends alone."""

    families: Sequence[AccessRequest]
    """The requests by which it was granted, and those that are one access with them."""
    given: Sequence[Grant]
    """All that those gave, also what is over."""
    items: Sequence[ReviewItem]
    """Of the review, those that any of them gave, with the item itself."""

    @property
    def running(self) -> list[Grant]:
        """What may be there."""
        return [grant for grant in self.given if grant.state in (*ENDABLE, GrantState.ENDING)]

    @property
    def requests(self) -> set[int]:
        """Of which it is known since the items were collected that they give something of it."""
        return {number for item in self.items for number in item.access.requests}


def _known(tx: Tx, item: ReviewItem) -> _OneAccess:
    named = [requests.get(tx, number) for number in item.access.requests]
    families = [each for request in named if request is not None for each in extensions.family(tx, request)]
    numbers = {request.id for request in families}
    given = [grant for number in sorted(numbers) for grant in grants.of_request(tx, number)]
    found = [access_reviews.about(tx, item.review_id, about) for about in sorted({str(grant.key) for grant in given})]
    items = [each for each in found if each is not None and numbers.intersection(each.access.requests)]
    return _OneAccess(families, given, items)


def _against(
    tx: Tx, item: ReviewItem, known: _OneAccess, own_user: Principal | None, implied_by: ImpliedRoles
) -> Stays | None:
    """What speaks against revoking this one."""
    access = item.access
    if item.reviewer is None:
        return Stays.NOBODYS_PART
    if access.principal.is_one_with(own_user):
        return Stays.OWN_IDENTITY
    running = known.running
    if any(entitlement == policy(ADMIN_POLICY) for entitlement in (access.entitlement, *_entitlements(running))):
        return Stays.ADMIN
    is_kept = any(each.verdict not in TOOK_AWAY for each in known.items)
    if is_kept or any(grant.entitlement.irrevocable for grant in running) or _takes_more(tx, item, known, implied_by):
        return Stays.BOUND
    on_keys = [grant for each in known.items for grant in open_grants.on_key(tx, _key(each))]
    others = _given_by_others([*on_keys, *running], known)
    return Stays.GRANTED_MEANWHILE if others else None


def _entitlements(given: Sequence[Grant]) -> list[Entitlement]:
    return [grant.entitlement for grant in given]


def _given_by_others(given: Sequence[Grant], known: _OneAccess) -> bool:
    """Whether any of these is by a request of which nobody knew when the items were collected."""
    return any(grant.request_id not in known.requests and grant.state is not GrantState.ENDING for grant in given)


def _takes_more(tx: Tx, item: ReviewItem, known: _OneAccess, implied_by: ImpliedRoles) -> bool:
    """Whether something would end that was never under review, as what is short: what a product gives along with
    another part is judged with that.
    """
    lasting = [grant for grant in known.running if grant.state is not GrantState.ENDING]
    there = set(_entitlements(lasting))
    return any(
        implied_by.get(grant.entitlement) not in there and not _is_reviewed(tx, item.review_id, grant.key)
        for grant in lasting
    )


def _is_reviewed(tx: Tx, review_id: str, key: Key) -> bool:
    found = access_reviews.about(tx, review_id, str(key))
    return found is not None and bool(found.access.requests)


def _key(item: ReviewItem) -> Key:
    return Key(item.access.principal.user_id, item.access.entitlement)


def _revoke(tx: Tx, review: AccessReview, item: ReviewItem, now: DomainMillis) -> None:
    said = {"review": review.id, "item": item.id, "reviewer": item.reviewer}
    for number in item.access.requests:
        request = requests.get(tx, number)
        if request is not None:
            end_family_in(tx, request, now, EndCause.UNREVIEWED, None, **said)


def _record(tx: Tx, item: ReviewItem, verdict: ReviewVerdict | None, stays: Stays | None, now: DomainMillis) -> None:
    access_reviews.end_item(tx, item, verdict, stays)
    trail.append_event(
        tx,
        now,
        AuditEvent.ACCESS_UNREVIEWED,
        review=item.review_id,
        item=item.id,
        verdict=verdict.value if verdict else None,
        stays=stays.value if stays else None,
        reviewer=item.reviewer,
        entitlement=str(item.access.entitlement),
        ram_user_id=item.access.principal.user_id,
        ram_user=item.access.principal.name,
        requests=list(item.access.requests),
    )
