"""What somebody has, that this program may have given and its ledger does not know of: told to the approvers, who take
it back or let it stay.

A ledger knows nothing of what happened after it was written for the last time. A backup that was put back, or a file
that somebody copied there, lacks what was given since, and nobody would ever take that back. So at each start RAM is
asked what was attached after that moment. The products of member roles have no such dates: there it is who is new since
they were looked at last.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from approvals import rules
from approvals.catalog.model import Catalog
from approvals.errors import Refusal, RefusalReason
from approvals.evidence import Held, Holders, Survey
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import (
    Ledger,
    Tx,
    grants,
    identity,
    jobs,
    known_members,
    notices,
    people,
    replicas,
    requests,
    trail,
)
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.model import (
    HOUR,
    MINUTE,
    OURS,
    SECOND,
    AccessRequest,
    Cause,
    GrantState,
    ImpliedRoles,
    Key,
    Notice,
    Person,
    Principal,
    RequestState,
)
from approvals.operations.revoke import end_in
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, open_notice_by_id, raise_notice
from approvals.queries.actor import standing
from approvals.rules import Act

LOOK_INTERVAL_MS = HOUR
UNREAD_RETRY_MS = 5 * MINUTE
"""Until it is looked again at what could not be read."""
READ_LAG_MS = 5 * MINUTE
"""A read may show for so long what a grant that has ended had put there."""
STAMPS = SECOND
"""RAM's dates are of whole seconds."""
ALIVE_FOR_MS = 2 * MINUTE
"""Real time: whoever said that it works from this ledger so lately was not one of another copy of it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a ledger does not know."""

    since: int
    """Milliseconds; nothing is known of what was given after this, ..."""
    until: int
    """... and before this: since then a program works from the ledger and sees it."""
    restored: bool
    """Somebody put a backup back."""


def schedule(ledger: Ledger, now: int, real: int) -> None:
    """At a start, before anything else is written: have it looked at what the ledger cannot know."""
    with ledger.write() as tx:
        gap = _gap(tx, now, real)
        jobs.put(tx, JobKind.ORIGIN, JobKind.ORIGIN, due_at=now)
        if gap:
            # An earlier look that did not come to its end was for more.
            before = _gap_of(jobs.payload_now(tx, JobKind.ORIGIN))
            since = min(gap.since, before.since) if before else gap.since
            restored = gap.restored or bool(before and before.restored)
            jobs.add_to_payload(tx, JobKind.ORIGIN, since=since, until=gap.until, restored=restored)
            identity.put(tx, identity.RESTORED_UNTIL, "")
            if gap.restored:
                _redraw_all(tx, now)


def stopping(ledger: Ledger, now: int) -> None:
    """Until now a program has worked from this ledger."""
    with ledger.write() as tx:
        identity.put(tx, identity.WORKED_UNTIL, str(now))


def _gap(tx: Tx, now: int, real: int) -> Gap | None:
    """None where nothing was ever recorded, or another program has worked from this ledger all the while."""
    restored = identity.get(tx, identity.RESTORED_UNTIL)
    if restored:
        return Gap(min(int(restored), now), now, restored=True)
    last = trail.last(tx)
    if last is None or replicas.seen_since(tx, real - ALIVE_FOR_MS):
        return None
    since = max(last.moment, int(identity.get(tx, identity.WORKED_UNTIL) or 0))
    return Gap(min(since, now), now, restored=False)


def _gap_of(payload: Mapping[str, Any]) -> Gap | None:
    return Gap(payload["since"], payload["until"], payload["restored"]) if "since" in payload else None


def _redraw_all(tx: Tx, now: int) -> None:
    """What is shown in Slack is of a time that this ledger does not know."""
    for request in requests.unfinished(tx):
        enqueue.redraw(tx, now, request)


def our_keys(ledger: Ledger) -> frozenset[Key]:
    """What may be there by this ledger. To be asked before the cloud is, since it may be taken away meanwhile."""
    with ledger.read() as tx:
        return frozenset(grant.key for grant in grants.every_open(tx) if grant.state in OURS)


def looked(
    ledger: Ledger,
    catalog: Catalog,
    job: Job,
    before: Collection[Key],
    survey: Survey,
    now: int,
    implied_by: ImpliedRoles,
) -> None:
    """Record what the cloud showed, and have approvers told of what nothing here explains.

    Raises:
        LostLock: another worker has the job.
    """
    with ledger.write() as tx:
        jobs.check_lock(tx, job)
        gap = _gap_of(job.payload)
        unexplained = [
            held
            for held in survey.held
            if _is_watched(held, catalog) and not _is_explained(tx, held, before, implied_by, now)
        ]
        told = [_tell(tx, held, gap, now) for held in unexplained if gap and _may_be_ours(tx, held, gap, now)]
        if any(told) and not job.payload.get("redrawn"):
            _redraw_all(tx, now)
        _settle_what_is_over(tx, survey, unexplained, now)
        for place in _places_read(catalog, survey):
            there = [held for held in unexplained if held.entitlement.is_member_role]
            known_members.put(
                tx,
                place,
                {(held.principal.user_id, held.entitlement.role) for held in there if _place(held) == place},
                now,
            )
        complete = all(each.answers for each in survey.unread)
        jobs.again(
            tx,
            job,
            due_at=now + (LOOK_INTERVAL_MS if complete else UNREAD_RETRY_MS),
            payload={} if complete or gap is None else {**asdict(gap), "redrawn": any(told)},
            progress=True,
        )


def _key(held: Held) -> Key:
    return Key(held.principal.user_id, held.entitlement)


def _place(held: Held) -> str:
    return held.entitlement.whole_place


def _is_watched(held: Held, catalog: Catalog) -> bool:
    """Whether the program may have put it there: directly, on somebody who is known by an id, or on a role of the
    account that it repairs.
    """
    if held.via_group is not None or not held.principal.user_id or held.entitlement not in catalog.entitlements:
        return False
    if held.entitlement.stays or not held.entitlement.of_account:
        return not held.entitlement.stays
    repairs = catalog.repairs.values()
    return any(repair.role == held.principal.name and held.entitlement in repair.entitlements for repair in repairs)


def _is_explained(tx: Tx, held: Held, before: Collection[Key], implied_by: ImpliedRoles, now: int) -> bool:
    """What is only planned by this ledger it has not put there."""
    key = _key(held)
    implying = implied_by.get(key.entitlement)
    for each in (key, Key(key.user_id, implying)) if implying else (key,):
        last = grants.last_on_key(tx, each)
        if each in before or any(grant.state in OURS for grant in grants.open_on_key(tx, each)):
            return True
        if last and last.state is GrantState.ENDED and _lags(held, last.ended_at or 0, now):
            return True
    return False


def _lags(held: Held, ended_at: int, now: int) -> bool:
    """Whether a read may show what ended then: not where RAM's own date says that it was attached since."""
    attached_since = held.age is not None and now - held.age > ended_at + STAMPS
    return now - ended_at < READ_LAG_MS and not attached_since


def _may_be_ours(tx: Tx, held: Held, gap: Gap, now: int) -> bool:
    if held.entitlement.is_member_role:
        known = known_members.of_place(tx, _place(held))
        return gap.restored if known is None else (held.principal.user_id, held.entitlement.role) not in known
    return held.age is None or gap.since - STAMPS < now - held.age <= gap.until


def _tell(tx: Tx, held: Held, gap: Gap, now: int) -> bool:
    """Once for each gap: what an approver has kept is not asked about again when it is looked at once more."""
    about = str(_key(held))
    last = notices.last_about(tx, NoticeKind.UNKNOWN_ORIGIN, about)
    if last is not None and (last.open or last.details["since"] == gap.since):
        return False
    details = {
        "ram_user": held.principal.name,
        "ram_user_id": held.principal.user_id,
        "what": str(held.entitlement),
        "attached_at": None if held.age is None else now - held.age,
        "since": gap.since,
    }
    return raise_notice(tx, now, NoticeKind.UNKNOWN_ORIGIN, about, details) is not None


def _settle_what_is_over(tx: Tx, survey: Survey, unexplained: Iterable[Held], now: int) -> None:
    still = {str(_key(held)) for held in unexplained}
    for notice in notices.open_of(tx, NoticeKind.UNKNOWN_ORIGIN):
        key = Key.parse(notice.about)
        if notice.about in still or any(each.is_about(key.entitlement) for each in survey.unread):
            continue
        close_notice(tx, now, notice.id, NoticeOutcome.GRANTED if grants.open_on_key(tx, key) else NoticeOutcome.GONE)


def _places_read(catalog: Catalog, survey: Survey) -> list[str]:
    roles = {each for each in catalog.entitlements if each.is_member_role}
    return sorted({each.whole_place for each in roles if not any(unread.is_about(each) for unread in survey.unread)})


def keep(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: int) -> None:
    """An approver says that it may stay: from now on it is something that was given otherwise.

    Raises:
        Refusal: the actor may not approve, or has it themselves; the notice is unknown or settled.
    """
    with ledger.write() as tx:
        approver, notice = _judged(tx, team_id, notice_id, actor, admins)
        if approver.user_id == Key.parse(notice.about).user_id:
            raise Refusal(RefusalReason.OWN_ACCESS)
        close_notice(tx, now, notice.id, NoticeOutcome.KEPT, actor.user_id)


def take_back(
    ledger: Ledger, catalog: Catalog, team_id: str, notice_id: str, actor: Person, admins: Holders, now: int
) -> AccessRequest:
    """An approver has it taken away: the ledger makes it a grant of its own, which ends at once and is taken back like
    any other. Returns the request that stands for it.

    Raises:
        Refusal: the actor may not approve; the notice is unknown or settled.
    """
    with ledger.write() as tx:
        approver, notice = _judged(tx, team_id, notice_id, actor, admins)
        request = _adopt(tx, catalog, team_id, notice, actor, approver, now)
        close_notice(tx, now, notice.id, NoticeOutcome.TAKEN_BACK, actor.user_id)
        end_in(tx, grants.of_request(tx, request.id), now, Cause.TAKEN_BACK)
    return request


def _judged(tx: Tx, team_id: str, notice_id: str, actor: Person, admins: Holders) -> tuple[Principal, Notice]:
    principal = rules.authorise(Act.REVOKE_ALL, actor, standing(tx, team_id, actor, admins))
    if principal is None:
        raise Refusal(RefusalReason.NOT_LINKED)
    return principal, open_notice_by_id(tx, notice_id, NoticeKind.UNKNOWN_ORIGIN)


def _item(catalog: Catalog, key: Key) -> str:
    """By what it would have been asked for alone."""
    items = (*catalog.items.values(), *catalog.repairs.values())
    alone = (item.name for item in items if item.entitlements == (key.entitlement,))
    return next(alone, str(key.entitlement))


def _adopt(
    tx: Tx, catalog: Catalog, team_id: str, notice: Notice, actor: Person, approver: Principal, now: int
) -> AccessRequest:
    key = Key.parse(notice.about)
    principal = Principal(key.user_id, str(notice.details["ram_user"]))
    link = people.link_of_principal(tx, key.user_id)
    request = AccessRequest(
        id=jobs.next_number(tx, "request"),
        public_id=secrets.token_hex(16),
        team_id=team_id,
        requester=actor.user_id,
        requester_ram_id=approver.user_id,
        subject=link.slack_user_id if link and link.team_id == team_id else actor.user_id,
        principal=principal,
        item=_item(catalog, key),
        entitlements=(key.entitlement,),
        duration=None,
        reason="",
        ticket=None,
        approvals_needed=1,
        state=RequestState.PENDING,
        created_at=now,
        expires_at=now,
        closed_at=None,
        closed_by=None,
        close_reason=None,
        ends_at=None,
        asked_approvers=(),
        already_holds=(),
        version=1,
    )
    requests.insert(tx, request, f"origin:{notice.id}")
    requests.close(tx, request.id, RequestState.APPROVED, now=now, by=actor.user_id, ends_at=now)
    grant_id = grants.plan(tx, request.id, principal, key.entitlement, now)
    for grant in grants.of_request(tx, request.id):
        grants.move(tx, grant, GrantState.ACTIVE, active_at=notice.details["attached_at"] or now)
    trail.append_event(
        tx,
        now,
        "adopted",
        request_id=request.id,
        public_id=request.public_id,
        team=team_id,
        by_slack=actor.user_id,
        by_ram_user_id=approver.user_id,
        subject_slack=request.subject,
        ram_user=principal.name,
        ram_user_id=principal.user_id,
        item=request.item,
        entitlements=[str(key.entitlement)],
        needed=1,
        expires_at=now,
        closed_by=actor.user_id,
        ends_at=now,
        grants={str(grant_id): str(key.entitlement)},
        reason=request.reason,
    )
    return request
