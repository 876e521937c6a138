"""Who may decide on a request, or that they are too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals import rules
from approvals.catalog.model import Item
from approvals.evidence import (
    AskEvidence,
    Holders,
    RepairEvidence,
)
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx
from approvals.operations.ask import Ask
from approvals.people import Person, Principal
from approvals.queries.actor import linked_approvers, may_decide
from approvals.refusals.request import TooFewApprovers


def eligible_approvers(
    tx: Tx,
    ask: Ask,
    item: Item,
    principal: Principal,
    requester: Principal | None,
    evidence: AskEvidence | RepairEvidence,
) -> list[SlackUserId]:
    """Slack ids of those who may decide on it.

    Raises:
        Refusal: TooFewApprovers, with how many there are and how many hold the policy at all.
    """
    own = (principal.user_id, requester.user_id if requester else None)
    concerned = (ask.requester, ask.subject)
    return approvers_but(tx, ask.team_id, item.approvals, own, concerned, evidence.admins, evidence.accounts)


def approvers_but(
    tx: Tx,
    team_id: str,
    needed: int,
    own: Sequence[RamUserId | None],
    concerned: Sequence[SlackUserId],
    admins: Holders,
    accounts: Mapping[SlackUserId, Person | None],
) -> list[SlackUserId]:
    """Slack ids of those who may decide on what these RAM users and Slack accounts may not.

    Raises:
        Refusal: TooFewApprovers, where they are fewer than `needed`.
    """
    eligible = may_decide(tx, admins)
    found = linked_approvers(tx, team_id, eligible, own)
    linked = [slack_id for _, slack_id in found if slack_id not in concerned]
    usable = _members(linked, team_id, accounts, needed)
    if len(usable) < needed:
        others = eligible - set(own)
        raise TooFewApprovers(
            needed=needed,
            found=len(usable),
            unlinked=len(others) - len(linked),
            barred=len(linked) - len(usable),
        )
    return usable


def _members(
    linked: list[SlackUserId], team_id: str, accounts: Mapping[SlackUserId, Person | None], needed: int
) -> list[SlackUserId]:
    """Those of the linked whose Slack accounts may decide. One of which Slack did not tell counts only where there are
    too few otherwise: it was a full member's when it was linked.
    """
    people = {slack_id: person for slack_id, person in accounts.items() if person}
    members = [
        slack_id for slack_id in linked if slack_id in people and rules.is_full_member(people[slack_id], team_id)
    ]
    if len(members) >= needed:
        return members
    return members + [slack_id for slack_id in linked if slack_id not in people]
