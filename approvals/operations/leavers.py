"""Slack accounts that were deactivated, or left the workspace, while something granted here runs for them: said to the
approvers, with a button to take it all back, and said again every day until that is done, or one of them says that it
may stay.

Only Slack's plain word counts: of whatever else it answers about an account, nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals import rules
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, job_leases, jobs, notices, open_grants, people, requests
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.operations.leaving_notice import runs_of
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person

LOOK_INTERVAL_MS = 5 * MINUTE
NEXT_LOOK_MS = MINUTE
ACCOUNTS_PER_LOOK = 50
"""Accounts looked at in one go. Slack takes 100 users.info a minute (tier 4), from everything that the app does; so
3,000 accounts are looked at within an hour."""
REPEAT_NOTICE_MS = DAY
KEPT_FOR_MS = 30 * DAY
RUNNING = (GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE)
"""What is being taken away already needs nobody's word."""


class Presence(StrEnum):
    """What an account is to the workspace by Slack's word; a notice stores the value."""

    MEMBER = "member"
    DEACTIVATED = "deactivated"
    NO_MEMBER = "no member"
    """No full member of this workspace any more: a guest by now, or in other workspaces alone."""


@dataclass(frozen=True, slots=True)
class LeaverAccount:
    """A Slack account, and the RAM user for whom something runs."""

    slack_user_id: SlackUserId
    ram_user_id: RamUserId
    ram_user: str = field(compare=False)
    """The name of last time."""

    @property
    def about(self) -> str:
        """What a notice about it is about: both ids, since an account may be linked to another RAM user later."""
        return f"{self.slack_user_id}|{self.ram_user_id}"


def schedule(ledger: Ledger, now: DomainMillis) -> None:
    """Make sure that accounts are looked at; it then schedules itself."""
    with ledger.write() as tx:
        jobs.enqueue(tx, JobKind.LEAVERS, JobKind.LEAVERS, due_at=now)


def presence(person: Person, team_id: str) -> Presence | None:
    """None where the answer cannot be about an account to which something was granted."""
    if person.is_bot or not person.team_id:
        return None
    if person.deleted:
        return Presence.DEACTIVATED
    return Presence.MEMBER if rules.is_full_member(person, team_id) else Presence.NO_MEMBER


def accounts_to_check(ledger: Ledger, team_id: str, job: Job) -> list[LeaverAccount]:
    """The next few, after those of the last time."""
    with ledger.read() as tx:
        after = str(job.payload.get("after") or "")
        users = open_grants.users_running_after(tx, team_id, after, limit=ACCOUNTS_PER_LOOK)
        return list(_running(tx, team_id, users))


def record_presence(
    ledger: Ledger,
    team_id: str,
    job: Job,
    seen: Sequence[tuple[LeaverAccount, Presence | None]],
    now: DomainMillis,
    not_before: int = 0,
) -> None:
    """Record what Slack said of the accounts that were looked at, in their order; None where it said nothing of use.
    `not_before`: real time until which Slack is not to be asked, since it did not answer.
    """
    with ledger.write() as tx:
        job_leases.check_lock(tx, job)
        running = _running(tx, team_id, [account.ram_user_id for account, _ in seen])
        for account, found in seen:
            if account in running and found is not None:
                _update_notice(tx, account, running[account], found, now)
        _close_outdated_notices(tx, team_id, now)
        last = seen[-1][0].about if seen else str(job.payload.get("after") or "")
        left = bool(open_grants.users_running_after(tx, team_id, last, limit=1))
        job_leases.requeue(
            tx,
            job,
            due_at=now + (NEXT_LOOK_MS if left else LOOK_INTERVAL_MS),
            not_before_real=not_before,
            payload={"after": last if left else ""},
            progress=not not_before,
        )


def _running(tx: Tx, team_id: str, users: Iterable[RamUserId]) -> dict[LeaverAccount, list[Grant]]:
    """What runs for these RAM users, by whose Slack account it is here: the one linked, or else the one for which it
    was asked last.
    """
    found = {}
    for user_id in dict.fromkeys(users):
        ours = open_grants.of_principal(tx, user_id)
        given = [grant for grant in ours if grant.state in RUNNING and not grant.entitlement.of_account]
        if not given:
            continue
        link = people.link_of_principal(tx, user_id)
        asked = None if link else requests.get(tx, given[-1].request_id)
        if link and link.team_id == team_id:
            found[LeaverAccount(link.slack_user_id, user_id, given[-1].principal.name)] = given
        elif asked and asked.team_id == team_id:
            found[LeaverAccount(asked.subject, user_id, given[-1].principal.name)] = given
    return found


def _update_notice(tx: Tx, account: LeaverAccount, given: Sequence[Grant], found: Presence, now: DomainMillis) -> None:
    notice = notices.open_about(tx, NoticeKind.LEAVER, account.about)
    if found is Presence.MEMBER:
        if notice:
            close_notice(tx, now, notice.id, NoticeOutcome.BACK)
        return
    if notice and now - notice.raised_at < REPEAT_NOTICE_MS:
        return
    if notice:
        close_notice(tx, now, notice.id, NoticeOutcome.SAID_AGAIN)
    elif _is_kept(tx, account, given, now):
        return
    raise_notice(tx, now, NoticeKind.LEAVER, account.about, _details(account, given, found))


def _is_kept(tx: Tx, account: LeaverAccount, given: Sequence[Grant], now: DomainMillis) -> bool:
    """Whether an approver said not long ago that all of this may stay."""
    last = notices.last_about(tx, NoticeKind.LEAVER, account.about)
    if last is None or last.outcome != NoticeOutcome.KEPT or now - (last.resolved_at or 0) >= KEPT_FOR_MS:
        return False
    return {grant.id for grant in given} <= {each["grant"] for each in last.details["runs"]}


def _details(account: LeaverAccount, given: Sequence[Grant], found: Presence) -> dict[str, Any]:
    return {
        "why": found.value,
        "slack": account.slack_user_id,
        "ram_user": account.ram_user,
        "ram_user_id": account.ram_user_id,
        "runs": runs_of(given),
    }


def _close_outdated_notices(tx: Tx, team_id: str, now: DomainMillis) -> None:
    said = notices.open_of(tx, NoticeKind.LEAVER)
    still = {account.about for account in _running(tx, team_id, [each.details["ram_user_id"] for each in said])}
    for notice in said:
        if notice.about not in still:
            # Nothing runs any more, or the RAM user has another account now.
            close_notice(tx, now, notice.id, NoticeOutcome.NO_LONGER_SO)
