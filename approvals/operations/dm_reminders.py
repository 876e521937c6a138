"""Somebody chooses whether they are reminded by direct message as well, or in the card's thread alone."""

from __future__ import annotations

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, dm_reminders, people, trail
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.rules import Act


def choose_dm_reminders(ledger: Ledger, team_id: str, actor: Person, now: DomainMillis, *, wished: bool) -> None:
    """From now on; saying it twice is saying it once.

    Raises:
        Refusal: they are no linked member.
    """
    with ledger.write() as tx:
        rules.authorise(Act.REMINDERS, actor, standing(tx, team_id, actor))
        link = people.link_of_person(tx, team_id, actor)
        account = link.slack_user_id if link else actor.user_id
        if dm_reminders.wished(tx, team_id, account) == wished:
            return
        if wished:
            dm_reminders.put(tx, team_id, account)
        else:
            dm_reminders.remove(tx, team_id, account)
        event = AuditEvent.DM_REMINDERS_ON if wished else AuditEvent.DM_REMINDERS_OFF
        trail.append_event(tx, now, event, by_slack=account)
        enqueue.draw_homes(tx, now, team_id, [account])
