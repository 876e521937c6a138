"""What the cloud shows and nothing in the ledger explains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from approvals.catalog.model import Catalog
from approvals.entitlements import ADMIN_POLICY, ImpliedRoles, Key, policy
from approvals.evidence import Held, Survey
from approvals.grant import OURS, GrantState
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import (
    Ledger,
    Tx,
    drift_rows,
    grants,
    job_leases,
    known_members,
    notices,
    open_grants,
)
from approvals.ledger.jobs import Job
from approvals.millis import HOUR, MINUTE, SECOND, DomainMillis
from approvals.notice import MORE_KEYS
from approvals.operations.origin.gap import Gap, gap_of, redraw_all
from approvals.outbox.notices import change_notice, close_notice, raise_notice

LOOK_INTERVAL_MS = HOUR
UNREAD_RETRY_MS = 5 * MINUTE
"""Until it is looked again at what could not be read."""
READ_LAG_MS = 5 * MINUTE
"""A read may show for so long what a grant that has ended had put there."""
MAX_ASKED = 20
"""So many are a message each; Slack takes one a second in a channel."""
DATE_RESOLUTION_MS = SECOND
"""RAM's dates are of whole seconds."""


def our_keys(ledger: Ledger) -> frozenset[Key]:
    """What may be there by this ledger. To be asked before the cloud is, since it may be taken away meanwhile."""
    with ledger.read() as tx:
        return frozenset(grant.key for grant in open_grants.every(tx) if grant.state in OURS)


def record_survey(
    ledger: Ledger,
    catalog: Catalog,
    job: Job,
    before: Collection[Key],
    survey: Survey,
    now: DomainMillis,
    implied_by: ImpliedRoles,
) -> None:
    """Record what the cloud showed, and have approvers told of what nothing here explains.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        gap = gap_of(job.payload)
        unexplained = [
            held
            for held in survey.held
            if _is_watched(held, catalog) and not _is_explained(tx, held, before, implied_by, now)
        ]
        raised = gap is not None and _raise(tx, unexplained, gap, now)
        if raised and not job.payload.get("redrawn"):
            redraw_all(tx, now)
        _close_outdated_notices(tx, survey, unexplained, now)
        _count_more(tx, survey, unexplained, now)
        _record_members(tx, catalog, survey, unexplained, now)
        complete = all(each.proves_absence for each in survey.unread)
        job_leases.requeue(
            tx,
            job,
            due_at=now + (LOOK_INTERVAL_MS if complete else UNREAD_RETRY_MS),
            payload={} if complete or gap is None else {**asdict(gap), "redrawn": raised},
            progress=True,
        )


def _record_members(tx: Tx, catalog: Catalog, survey: Survey, unexplained: Iterable[Held], now: DomainMillis) -> None:
    """Of each place that was read, the roles of which nothing here explains who has them."""
    there = [held for held in unexplained if held.entitlement.is_member_role]
    for place in _places_read(catalog, survey):
        of_place = [held for held in there if held.entitlement.whole_place == place]
        known_members.put(tx, place, {(held.principal.user_id, held.entitlement.role) for held in of_place}, now)


def _is_watched(held: Held, catalog: Catalog) -> bool:
    """Whether the program may have put it there: directly, on somebody who is known by an id, or on a role of the
    account that it repairs.
    """
    if held.via_group is not None or not held.principal.user_id or held.entitlement not in catalog.entitlements:
        return False
    if held.entitlement.irrevocable or not held.entitlement.of_account:
        return not held.entitlement.irrevocable
    repairs = catalog.repairs.values()
    return any(repair.role == held.principal.name and held.entitlement in repair.entitlements for repair in repairs)


def _is_explained(tx: Tx, held: Held, before: Collection[Key], implied_by: ImpliedRoles, now: DomainMillis) -> bool:
    """What is only planned by this ledger it has not put there."""
    key = held.key
    implying = implied_by.get(key.entitlement)
    for each in (key, Key(key.user_id, implying)) if implying else (key,):
        last = grants.last_on_key(tx, each)
        if each in before or any(grant.state in OURS for grant in open_grants.on_key(tx, each)):
            return True
        if last and last.state is GrantState.ENDED and _lags(held, last.ended_at or DomainMillis(0), now):
            return True
    return False


def _lags(held: Held, ended_at: DomainMillis, now: DomainMillis) -> bool:
    """Whether a read may show what ended then: not where RAM's own date says that it was attached since."""
    attached_since = held.age is not None and now - held.age > ended_at + DATE_RESOLUTION_MS
    return now - ended_at < READ_LAG_MS and not attached_since


def _may_be_ours(tx: Tx, held: Held, gap: Gap, now: DomainMillis) -> bool:
    if not held.entitlement.kind.dated:
        known = known_members.of_place(tx, held.entitlement.whole_place)
        return gap.restored if known is None else (held.principal.user_id, held.entitlement.role) not in known
    return held.age is None or gap.since - DATE_RESOLUTION_MS < now - held.age <= gap.until


def _raise(tx: Tx, unexplained: Iterable[Held], gap: Gap, now: DomainMillis) -> bool:
    """Whether anybody is asked. Each is a message of its own with its buttons, but for many: these would keep the cards
    of requests waiting for hours. What is not in the list of drift is always one.
    """
    fresh = [held for held in unexplained if _may_be_ours(tx, held, gap, now) and _is_new(tx, held, gap)]
    fresh.sort(key=lambda held: (not held.entitlement.of_account, held.entitlement != policy(ADMIN_POLICY)))
    asked = [each for each in notices.open_of(tx, NoticeKind.UNKNOWN_ORIGIN) if each.details["since"] == gap.since]
    alone = max(MAX_ASKED - len(asked), sum(held.entitlement.of_account for held in fresh))
    for held in fresh[:alone]:
        details = {
            "ram_user": held.principal.name,
            "ram_user_id": held.principal.user_id,
            "what": str(held.entitlement),
            "attached_at": None if held.age is None else now - held.age,
            "since": gap.since,
        }
        raise_notice(tx, now, NoticeKind.UNKNOWN_ORIGIN, str(held.key), details)
    if more := [str(held.key) for held in fresh[alone:]]:
        _tell_more(tx, more, gap, now)
    return bool(fresh)


def _is_new(tx: Tx, held: Held, gap: Gap) -> bool:
    """Once for each gap: what an approver has kept is not asked about again when it is looked at once more."""
    last = notices.last_about(tx, NoticeKind.UNKNOWN_ORIGIN, str(held.key))
    if last is not None and (last.open or last.details["since"] == gap.since):
        return False
    told = notices.last_about(tx, NoticeKind.MORE_UNKNOWN_ORIGIN, str(gap.since))
    return told is None or str(held.key) not in told.details[MORE_KEYS]


def _tell_more(tx: Tx, more: Sequence[str], gap: Gap, now: DomainMillis) -> None:
    told = notices.last_about(tx, NoticeKind.MORE_UNKNOWN_ORIGIN, str(gap.since))
    if told is not None and told.open:
        change_notice(tx, now, told.id, {**told.details, MORE_KEYS: [*told.details[MORE_KEYS], *more]})
    else:
        rest = {MORE_KEYS: list(more), "since": gap.since}
        raise_notice(tx, now, NoticeKind.MORE_UNKNOWN_ORIGIN, str(gap.since), rest)


def _count_more(tx: Tx, survey: Survey, unexplained: Iterable[Held], now: DomainMillis) -> None:
    """What is left of those that have no message of their own, and that nobody accepted as drift."""
    there = notices.open_of(tx, NoticeKind.MORE_UNKNOWN_ORIGIN)
    if not there:
        return
    still = {str(held.key) for held in unexplained} - _accepted(tx, now)
    for notice in there:
        before = notice.details[MORE_KEYS]
        left = [key for key in before if key in still or _is_unread(survey, Key.parse(key))]
        if not left:
            close_notice(tx, now, notice.id, NoticeOutcome.GONE)
        elif left != before:
            change_notice(tx, now, notice.id, {**notice.details, MORE_KEYS: left})


def _accepted(tx: Tx, now: DomainMillis) -> set[str]:
    rows = [kept.row for kept in drift_rows.every_one(tx).values() if kept.is_quiet(now)]
    return {str(Key(row.principal.user_id, row.entitlement)) for row in rows if row.entitlement and not row.via_group}


def _is_unread(survey: Survey, key: Key) -> bool:
    return any(each.is_about(key.entitlement) for each in survey.unread)


def _close_outdated_notices(tx: Tx, survey: Survey, unexplained: Iterable[Held], now: DomainMillis) -> None:
    still = {str(held.key) for held in unexplained}
    for notice in notices.open_of(tx, NoticeKind.UNKNOWN_ORIGIN):
        key = Key.parse(notice.about)
        if notice.about in still or _is_unread(survey, key):
            continue
        close_notice(tx, now, notice.id, NoticeOutcome.GRANTED if open_grants.on_key(tx, key) else NoticeOutcome.GONE)


def _places_read(catalog: Catalog, survey: Survey) -> list[str]:
    roles = {each for each in catalog.entitlements if each.is_member_role}
    return sorted({each.whole_place for each in roles if not any(unread.is_about(each) for unread in survey.unread)})
