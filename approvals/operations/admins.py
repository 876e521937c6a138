"""Holders of the admin policy whom this program did not make such. Those who are new decide on nothing until an
approver has confirmed them: whoever holds the policy for a time could otherwise make a friend an approver for good.

Who holds it at the very first look is taken as it is found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.entitlements import ADMIN_POLICY, Key, policy
from approvals.evidence import Holders
from approvals.ids import RamUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, admins, grants, job_leases, jobs, notices, people, trail
from approvals.ledger.admins import AdminHolder, HolderState
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import MINUTE, DomainMillis, RealMillis
from approvals.operations.judge_click import judge_click
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person, Principal
from approvals.queries.actor import not_given_here
from approvals.refusals.decision import NoLongerAdmin
from approvals.rules import Act

LOOK_INTERVAL_MS = 5 * MINUTE
READ_LAG_MS = 10 * MINUTE
"""Real time for which a read may show what is not so any more: who seems to be gone is gone after that, and who lost
the policy through this program is not taken for somebody who was given it by hand."""
ABOUT_SEVERAL = "several"
"""What a notice about more than one is about."""
ABOUT_ALL = "all"
NEEDED_FOR_ANOTHER = 2
"""The admin policy takes so many approvals."""
MAX_SINGLE_NOTICES = 3
"""More of them at once, such as the members of a group, are one notice."""


def schedule(ledger: Ledger, now: DomainMillis, *, confirm: bool) -> None:
    """Make sure that the holders are looked at; it then schedules itself. Without `confirm` nothing is remembered, so
    that everybody who holds the policy may decide.
    """
    with ledger.write() as tx:
        if confirm:
            jobs.enqueue(tx, JobKind.ADMINS, JobKind.ADMINS, due_at=now)
        else:
            jobs.drop(tx, JobKind.ADMINS)
            if admins.forget_all(tx):
                trail.append_event(tx, now, AuditEvent.ADMINS_FORGOTTEN)


def record_holders(ledger: Ledger, job: Job, holders: Holders, now: DomainMillis, real: RealMillis) -> None:
    """Record who holds the admin policy, and have approvers told of whoever is new."""
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        outside = not_given_here(tx, holders)
        known = admins.every_one(tx)
        if not known:
            _first_look(tx, outside, now)
        else:
            new = [
                principal
                for principal in outside.values()
                if _is_new(tx, known.get(principal.user_id), principal, now, real)
            ]
            _raise_notices(tx, new, now)
            # That nobody at all holds it is not believed: nothing could be decided any more.
            for holder in known.values() if holders.holders else ():
                if holder.principal.user_id not in outside:
                    _record_missing(tx, holder, now, real)
        if holders.holders:
            _tell_if_few(tx, outside, now)
        job_leases.requeue(tx, job, due_at=now + LOOK_INTERVAL_MS, progress=True)


def _tell_if_few(tx: Tx, outside: dict[RamUserId, Principal], now: DomainMillis) -> None:
    """Approvers are told while one is left, and not only when nobody can decide any more."""
    confirmed = [holder.principal for holder in admins.every_one(tx).values() if holder.state is HolderState.CONFIRMED]
    left = [each for each in confirmed if each.user_id in outside and people.link_of_principal(tx, each.user_id)]
    if len(left) < NEEDED_FOR_ANOTHER:
        raise_notice(tx, now, NoticeKind.FEW_APPROVERS, ABOUT_ALL, {"left": [_shown(tx, each) for each in left]})
        return
    for notice in notices.open_of(tx, NoticeKind.FEW_APPROVERS):
        close_notice(tx, now, notice.id, NoticeOutcome.RIGHT_AGAIN)


def _first_look(tx: Tx, outside: dict[RamUserId, Principal], now: DomainMillis) -> None:
    for principal in outside.values():
        admins.put(tx, AdminHolder(principal, HolderState.CONFIRMED, now))
    if outside:
        ids = sorted(outside)
        names = [outside[each].name for each in ids]
        trail.append_event(tx, now, AuditEvent.ADMINS_FOUND, ram_users=names, ram_user_ids=ids)


def _is_new(tx: Tx, known: AdminHolder | None, principal: Principal, now: DomainMillis, real: RealMillis) -> bool:
    """Whether approvers have to be told of this holder; what was seen is recorded."""
    if known is not None and known.state is not HolderState.GONE:
        admins.put(tx, replace(known, principal=principal, missing_since_real=None))
        return known.state is HolderState.NEW
    last = grants.last_detach(tx, Key(principal.user_id, policy(ADMIN_POLICY)))
    if last is not None and abs(real - last) < READ_LAG_MS:
        return False
    admins.put(tx, AdminHolder(principal, HolderState.NEW, now))
    trail.append_event(tx, now, AuditEvent.NEW_ADMIN, ram_user=principal.name, ram_user_id=principal.user_id)
    return True


def _raise_notices(tx: Tx, new: list[Principal], now: DomainMillis) -> None:
    """Each is told of once, for as long as nobody has dealt with it."""
    notified = {
        holder["id"] for notice in notices.open_of(tx, NoticeKind.NEW_ADMIN) for holder in notice.details["holders"]
    }
    others = [principal for principal in new if principal.user_id not in notified]
    if len(others) > MAX_SINGLE_NOTICES:
        raise_notice(tx, now, NoticeKind.NEW_ADMIN, ABOUT_SEVERAL, {"holders": [_shown(tx, each) for each in others]})
        return
    for principal in others:
        raise_notice(tx, now, NoticeKind.NEW_ADMIN, principal.user_id, {"holders": [_shown(tx, principal)]})


def _shown(tx: Tx, principal: Principal) -> dict[str, str | None]:
    link = people.link_of_principal(tx, principal.user_id)
    return {"id": principal.user_id, "name": principal.name, "slack": link.slack_user_id if link else None}


def _record_missing(tx: Tx, holder: AdminHolder, now: DomainMillis, real: RealMillis) -> None:
    if holder.state is HolderState.GONE:
        return
    if holder.missing_since_real is None or real < holder.missing_since_real:
        admins.put(tx, replace(holder, missing_since_real=real))
    elif real - holder.missing_since_real >= READ_LAG_MS:
        admins.put(tx, AdminHolder(holder.principal, HolderState.GONE, now))
        trail.append_event(
            tx, now, AuditEvent.ADMIN_GONE, ram_user=holder.principal.name, ram_user_id=holder.principal.user_id
        )
        _resolve_notices(tx, holder.principal, now, NoticeOutcome.GONE)


def confirm_admins(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, holders: Holders, now: DomainMillis
) -> tuple[Principal, ...]:
    """An approver knows of the new holders that a notice names: those who still are may decide from now on.

    Raises:
        Refusal: the actor may not approve; the notice is unknown or resolved; none of them holds it any more.
    """
    with ledger.write() as tx:
        _, notice = judge_click(tx, Act.CONFIRM, NoticeKind.NEW_ADMIN, notice_id, team_id, actor, holders)
        outside = not_given_here(tx, holders)
        named = [RamUserId(holder["id"]) for holder in notice.details["holders"]]
        confirmed = tuple(outside[user_id] for user_id in named if user_id in outside)
        if not confirmed:
            raise NoLongerAdmin()
        for principal in confirmed:
            _confirm(tx, principal, now, by_slack=actor.user_id)
        close_notice(tx, now, notice.id, NoticeOutcome.CONFIRMED, actor.user_id)
    return confirmed


def confirm_from_command_line(
    ledger: Ledger, principal: Principal, holders: Holders, by: str, now: DomainMillis
) -> bool:
    """Likewise, by whoever has the machine's keys. False when nobody has to confirm this RAM user: no holder, or known
    already.
    """
    with ledger.write() as tx:
        known = admins.every_one(tx)
        if not known or principal.user_id not in not_given_here(tx, holders):
            return False
        before = known.get(principal.user_id)
        if before is not None and before.state is HolderState.CONFIRMED:
            return False
        _confirm(tx, principal, now, by=by)
        _resolve_notices(tx, principal, now, NoticeOutcome.CONFIRMED)
    return True


def _confirm(tx: Tx, principal: Principal, now: DomainMillis, **by: Any) -> None:
    admins.put(tx, AdminHolder(principal, HolderState.CONFIRMED, now))
    trail.append_event(
        tx, now, AuditEvent.ADMIN_CONFIRMED, ram_user=principal.name, ram_user_id=principal.user_id, **by
    )


def _resolve_notices(tx: Tx, principal: Principal, now: DomainMillis, outcome: NoticeOutcome) -> None:
    """Dealt with, without a click on it. One about several stays open as long as one of them is new."""
    known = admins.every_one(tx)
    for notice in notices.open_of(tx, NoticeKind.NEW_ADMIN):
        named = [RamUserId(holder["id"]) for holder in notice.details["holders"]]
        if principal.user_id in named and not any(
            each in known and known[each].state is HolderState.NEW for each in named
        ):
            close_notice(tx, now, notice.id, outcome)
