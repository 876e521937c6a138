"""Somebody says that they are away, or back. Until then nobody reminds, mentions or counts on them; what they click on
counts as ever.
"""

from __future__ import annotations

from typing import Any

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, job_leases, jobs, open_requests, people, trail
from approvals.ledger import away as absences
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DAY, DomainMillis
from approvals.outbox import enqueue
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.away import AwayTooLong
from approvals.rules import Act

MAX_AWAY_MS = 366 * DAY
"""Milliseconds: a year of leave."""


def go_away(ledger: Ledger, team_id: str, actor: Person, until: DomainMillis, now: DomainMillis) -> None:
    """They are away until then, which is later than `now`; and not until when they said before.

    Raises:
        Refusal: they are no linked member, or that is further off than a year.
    """
    with ledger.write() as tx:
        account = _account(tx, team_id, actor)
        if until - now > MAX_AWAY_MS:
            raise AwayTooLong(longest=MAX_AWAY_MS)
        if absences.until(tx, team_id, account) == until:
            return
        absences.put(tx, team_id, account, until)
        jobs.drop(tx, _job_id(team_id, account))
        jobs.enqueue(
            tx,
            _job_id(team_id, account),
            JobKind.AWAY_ENDS,
            due_at=until,
            payload={"team": team_id, "user": account},
        )
        trail.append_event(tx, now, AuditEvent.AWAY, by_slack=account, until=until)
        _show(tx, team_id, account, now)


def come_back(ledger: Ledger, team_id: str, actor: Person, now: DomainMillis) -> bool:
    """They are here. Whether they were away.

    Raises:
        Refusal: they are no linked member.
    """
    with ledger.write() as tx:
        account = _account(tx, team_id, actor)
        if absences.until(tx, team_id, account) is None:
            return False
        jobs.drop(tx, _job_id(team_id, account))
        _is_back(tx, team_id, account, now, by_slack=account)
    return True


def away_ends(ledger: Ledger, job: Job, now: DomainMillis) -> None:
    """The moment has come until which somebody is away."""
    team_id, account = str(job.payload["team"]), SlackUserId(str(job.payload["user"]))
    with ledger.write() as tx:
        until = absences.until(tx, team_id, account)
        if until is not None and until > now:
            job_leases.requeue(tx, job, due_at=until, progress=True)
            return
        job_leases.finish(tx, job)
        if until is not None:
            _is_back(tx, team_id, account, now, slack=account)


def _account(tx: Tx, team_id: str, actor: Person) -> SlackUserId:
    """The one of their ids that they are linked by, since approvers are known by that."""
    rules.authorise(Act.AWAY, actor, standing(tx, team_id, actor))
    link = people.link_of_person(tx, team_id, actor)
    return link.slack_user_id if link else actor.user_id


def _is_back(tx: Tx, team_id: str, account: SlackUserId, now: DomainMillis, **whose: Any) -> None:
    absences.remove(tx, team_id, account)
    trail.append_event(tx, now, AuditEvent.BACK, **whose)
    _show(tx, team_id, account, now)


def _show(tx: Tx, team_id: str, account: SlackUserId, now: DomainMillis) -> None:
    """The cards say who is asked, and whether they are too few."""
    enqueue.draw_homes(tx, now, team_id, [account])
    for request in open_requests.waiting(tx, team_id):
        if account in request.asked_approvers:
            enqueue.redraw(tx, now, request)


def _job_id(team_id: str, account: SlackUserId) -> str:
    return f"away:{team_id}:{account}"
