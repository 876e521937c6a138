"""What nobody reviewed until the end of a review that revokes: what requests granted ends, by nobody's word but the
review's. Whatever speaks against that keeps it as it is, for approvers to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.entitlements import ADMIN_POLICY, ImpliedRoles, Key, policy
from approvals.evidence import Holders
from approvals.grant import EndCause, Grant, GrantState
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, access_reviews, extensions, grants, notices, open_grants, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.revoke import ENDABLE, end_family_in
from approvals.queries.actor import linked_approvers, may_decide

FEWEST_APPROVERS = 3
"""With fewer, whoever has it and one who is away may be all there are, so that nobody could have reviewed it."""
TOOK_AWAY = (None, ReviewVerdict.REVOKE, ReviewVerdict.GONE, ReviewVerdict.ASKED)
"""Verdicts after which nothing of an item is meant to run on."""


def end_unreviewed(
    tx: Tx,
    review: AccessReview,
    team_id: str,
    admins: Holders | None,
    own_user: str | None,
    now: DomainMillis,
    *,
    implied_by: ImpliedRoles,
    reminded: bool,
) -> None:
    """To be called right before the review is closed. `admins`: who holds the admin policy by now; None where the cloud
    does not say it, and then nothing is revoked. `own_user`: the name of the RAM user that this program is.
    `implied_by`: which member role a product gives by itself to whoever has which other. `reminded`: reviewers were,
    before the end; if not, nothing is revoked.
    """
    if review.unreviewed is not Unreviewed.REVOKE:
        return
    holds_all = _against_all(tx, team_id, admins) if reminded else Stays.UNREMINDED
    items = access_reviews.items(tx, review.id)
    words, known = _kept_requests(tx, items), frozenset(_key(item) for item in items if item.access.requests)
    left = access_reviews.open_items(tx, review.id)
    judged = [
        (item, _against(tx, item, own_user, words, known, implied_by) or holds_all, _runs(tx, item)) for item in left
    ]
    for item, against, runs in judged:
        if not runs:
            _record(tx, item, ReviewVerdict.GONE, None, now)
        elif against is not None:
            _record(tx, item, None, against, now)
        else:
            _revoke(tx, review, item, now)
            _record(tx, item, ReviewVerdict.REVOKE_UNREVIEWED, None, now)


def leave_unreviewed(tx: Tx, review: AccessReview, now: DomainMillis) -> None:
    """The same for a review that is ended before its time: nothing is revoked, since there was time left to review."""
    if review.unreviewed is Unreviewed.REVOKE:
        for item in access_reviews.open_items(tx, review.id):
            _record(tx, item, None, Stays.ENDED_EARLY if item.access.requests else Stays.ELSEWHERE, now)


def _against_all(tx: Tx, team_id: str, admins: Holders | None) -> Stays | None:
    """What speaks against revoking anything at all."""
    if admins is None:
        return Stays.APPROVERS_UNKNOWN
    if len({user_id for user_id, _ in linked_approvers(tx, team_id, may_decide(tx, admins), ())}) < FEWEST_APPROVERS:
        return Stays.FEW_APPROVERS
    return Stays.MASS_REMOVAL if notices.open_about(tx, NoticeKind.VANISHED, "") else None


def _against(
    tx: Tx,
    item: ReviewItem,
    own_user: str | None,
    kept: frozenset[int],
    known: frozenset[Key],
    implied_by: ImpliedRoles,
) -> Stays | None:
    """What speaks against revoking this one. `known`: what else is in the review."""
    access = item.access
    if not access.requests:
        return Stays.ELSEWHERE
    if item.reviewer is None:
        return Stays.NOBODYS_PART
    if own_user is not None and access.principal.name == own_user:
        return Stays.OWN_IDENTITY
    families = _families(tx, item)
    given = [grant for request in families for grant in _running(tx, request)]
    if access.entitlement == policy(ADMIN_POLICY) or any(g.entitlement == policy(ADMIN_POLICY) for g in given):
        return Stays.ADMIN
    if any(request.id in kept for request in families) or any(grant.entitlement.irrevocable for grant in given):
        return Stays.BOUND
    if _takes_more(given, known, implied_by):
        return Stays.BOUND
    on_key = open_grants.on_key(tx, _key(item))
    others = [grant for grant in (*on_key, *given) if grant.request_id not in access.requests]
    return Stays.GRANTED_MEANWHILE if any(grant.state is not GrantState.ENDING for grant in others) else None


def _takes_more(given: Sequence[Grant], known: frozenset[Key], implied_by: ImpliedRoles) -> bool:
    """Whether something would end that was never under review, as what is short: what a product gives along with
    another part is judged with that.
    """
    lasting = [grant for grant in given if grant.state is not GrantState.ENDING]
    there = {grant.entitlement for grant in lasting}
    return any(grant.key not in known and implied_by.get(grant.entitlement) not in there for grant in lasting)


def _key(item: ReviewItem) -> Key:
    return Key(item.access.principal.user_id, item.access.entitlement)


def _runs(tx: Tx, item: ReviewItem) -> bool:
    """Whether anything of it is there still; of what was granted elsewhere, nobody has said otherwise."""
    given = [grant for request in _families(tx, item) for grant in _running(tx, request)]
    return not item.access.requests or any(grant.entitlement == item.access.entitlement for grant in given)


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


def _kept_requests(tx: Tx, items: Iterable[ReviewItem]) -> frozenset[int]:
    """By which something was granted that an approver had run on."""
    kept = [item for item in items if item.verdict not in TOOK_AWAY]
    return frozenset(request.id for item in kept for request in _families(tx, item))


def _families(tx: Tx, item: ReviewItem) -> list[AccessRequest]:
    """The requests by which it was granted, and those that are one access with them."""
    found = [requests.get(tx, number) for number in item.access.requests]
    return [each for request in found if request is not None for each in extensions.family(tx, request)]


def _running(tx: Tx, request: AccessRequest) -> list[Grant]:
    return [grant for grant in grants.of_request(tx, request.id) if grant.state in (*ENDABLE, GrantState.ENDING)]
