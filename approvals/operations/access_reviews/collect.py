"""What is to be reviewed, as the cloud and the ledger have it now, and whose part each of it is."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from approvals.access_review import LONG_MS, AccessReview, ReviewedAccess, ReviewItem, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.drift import DriftKind, KeptRow
from approvals.entitlements import ADMIN_POLICY, Entitlement, policy
from approvals.evidence import Holders
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, access_reviews, drift_rows, job_leases, people, trail
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.operations.access_reviews.finish import ITEMS_OF_ENTRY, share_out, tell_reviewers
from approvals.operations.access_reviews.reminders import LOOK_AGAIN_MS, put_off, review_of
from approvals.operations.drift.record import record_in
from approvals.people import Principal
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource
from approvals.queries.access_reviews import is_to_be_collected, reviewers

READ_AGAIN_FOR_MS = DAY
"""After this, or a quarter of a short review, what could be read is reviewed without the rest, and everybody is told
that it is not all.
"""


def record_collected(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    job: Job,
    found: AccessReport,
    own_user: Principal | None,
    admins: Holders,
    now: DomainMillis,
    *,
    looks_up: bool = False,
) -> None:
    """Keep what people have, share it out, and tell each approver of their part. Where not everything could be read, it
    is read again later. `own_user`: the RAM user that this program is, which nobody reviews. `looks_up`:
    the cloud's own record can be asked when each of them did anything last.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        if _begun(tx, job, found, now) is None:
            return
        record_in(tx, catalog, team_id, found, own_user, admins, now)
    # Of thousands of items each takes its time; others write in between.
    with ledger.write() as tx:
        review = _begun(tx, job, found, now)
        if review is None:
            return
        accesses = list(_reviewed(tx, catalog, team_id, found, own_user, now))
        items = [
            ReviewItem(secrets.token_hex(16), review.id, access, _is_harmless(access, catalog), reviewer)
            for access, reviewer in zip(accesses, share_out(accesses, reviewers(tx, team_id, admins)), strict=True)
        ]
        unreviewed = _unreviewed(review, catalog, now)
        collected = replace(review, collected_at=now, complete=found.complete, unreviewed=unreviewed)
        access_reviews.collect(tx, collected, items)
        _note_items(tx, review, items, now)
        trail.append_event(
            tx,
            now,
            AuditEvent.ACCESS_REVIEW_COLLECTED,
            review=review.id,
            items=len(items),
            complete=found.complete,
            unreviewed=collected.unreviewed.value,
            reviewers=sorted({item.reviewer for item in items if item.reviewer}),
        )
        tell_reviewers(tx, collected, now)
        put_off(tx, job, review, now, looks_up=looks_up)


def _note_items(tx: Tx, review: AccessReview, items: Sequence[ReviewItem], now: DomainMillis) -> None:
    """The audit trail has what is under review, so that nobody changes that unseen."""
    for at in range(0, len(items), ITEMS_OF_ENTRY):
        noted = {item.id: _noted(item) for item in items[at : at + ITEMS_OF_ENTRY]}
        trail.append_event(tx, now, AuditEvent.ACCESS_REVIEW_ITEMS, review=review.id, items=noted)


def _noted(item: ReviewItem) -> dict[str, Any]:
    """Nobody's name: what is in an entry is never erased."""
    access = item.access
    return {
        "ram_user_id": access.principal.user_id,
        "what": str(access.entitlement),
        "requests": list(access.requests),
        "harmless": item.harmless,
        "reviewer": item.reviewer,
        "ends_at": access.ends_at,
        "account": access.account,
        "barred": access.barred,
        **({"via_group": access.via_group} if access.via_group else {}),
    }


def _begun(tx: Tx, job: Job, found: AccessReport, now: DomainMillis) -> AccessReview | None:
    """The review for which that was found; None where it is to be read again, or for none.

    Raises:
        LostLock: another worker has the job.
    """
    review = review_of(tx, job)
    if review is None:
        return None
    if not is_to_be_collected(tx, now):
        # Its time was up while it was read, or another one had begun.
        job_leases.requeue(tx, job, due_at=now, progress=True)
        return None
    if not found.complete and now - review.started_at < _read_again_for(review):
        job_leases.requeue(tx, job, due_at=DomainMillis(now + LOOK_AGAIN_MS), progress=True)
        return None
    return review


def _read_again_for(review: AccessReview) -> int:
    """Milliseconds."""
    return min(READ_AGAIN_FOR_MS, (review.due_at - review.started_at) // 4)


def _unreviewed(review: AccessReview, catalog: Catalog, now: DomainMillis) -> Unreviewed:
    """Where less than half of its time is left, silence says nothing, and nothing is revoked for it."""
    too_late = (review.due_at - now) * 2 < review.due_at - review.started_at
    return Unreviewed.ESCALATE if too_late else catalog.access_review.unreviewed


def _reviewed(
    tx: Tx, catalog: Catalog, team_id: str, found: AccessReport, own_user: Principal | None, now: DomainMillis
) -> Iterator[ReviewedAccess]:
    """Each once: what a request gave for long, and what was given elsewhere."""
    links = {link.principal.user_id: link.slack_user_id for link in people.links(tx, team_id)}
    drift = {about: kept for about, kept in drift_rows.every_one(tx).items() if kept.row.kind is not DriftKind.LINK}
    seen: set[str] = set()
    for row in found.rows:
        if row.principal.is_one_with(own_user):
            continue
        access = _access(row, links, drift, now)
        if access is not None and access.about not in seen:
            seen.add(access.about)
            yield access


def _access(
    row: AccessRow, links: Mapping[RamUserId, SlackUserId], drift: Mapping[str, KeptRow], now: DomainMillis
) -> ReviewedAccess | None:
    account = links.get(row.principal.user_id)
    if row.source is AccessSource.OTHERWISE and not row.entitlement.of_account:
        access = ReviewedAccess(row.principal, row.entitlement, row.via_group, account)
        kept = drift.get(access.about)
        if kept is None:
            return None
        return replace(access, since=kept.row.since, barred=kept.row.barred)
    if row.source not in (AccessSource.BOT, AccessSource.BY_HAND) or row.implying is not None:
        return None
    lasting = [grant for grant in row.grants if grant.state is GrantState.ACTIVE]
    ends_at = None if row.ends_at is None else DomainMillis(row.ends_at)
    if not lasting or row.entitlement.irrevocable or (ends_at is not None and ends_at - now <= LONG_MS):
        return None
    return ReviewedAccess(
        row.principal,
        row.entitlement,
        None,
        account,
        min((grant.active_at for grant in lasting if grant.active_at is not None), default=None),
        ends_at,
        tuple(dict.fromkeys(grant.request_id for grant in lasting)),
    )


def _is_harmless(access: ReviewedAccess, catalog: Catalog) -> bool:
    granted_here = bool(access.requests) and access.entitlement != policy(ADMIN_POLICY)
    return granted_here and _approvals(access.entitlement, catalog) == 1


def _approvals(entitlement: Entitlement, catalog: Catalog) -> int:
    return max((item.approvals for item in catalog.items.values() if entitlement in item.entitlements), default=2)
