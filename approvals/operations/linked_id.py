"""In an organisation Slack may come to call somebody by another id than the one that they were linked by. Their link
goes to the id of now, by which everything else finds them.
"""

from __future__ import annotations

from approvals.ledger import Ledger, people
from approvals.millis import DomainMillis
from approvals.operations.link_identity import replace_link
from approvals.people import Link, Person

SLACK = "Slack"
"""Who says so, for the trail."""


def update_linked_id(ledger: Ledger, person: Person, now: DomainMillis) -> None:
    """`person` as Slack described them under the id by which it calls them now."""
    if not person.other_ids or not person.id_is_current:
        return
    with ledger.read() as tx:
        if people.link_of(tx, person.team_id, person.user_id) or not people.link_of_person(tx, person.team_id, person):
            return
    with ledger.write() as tx:
        before = people.link_of_person(tx, person.team_id, person)
        if before is not None and before.slack_user_id != person.user_id:
            replace_link(tx, Link(person.team_id, person.user_id, before.principal, now), before, SLACK)
