"""What the ledger knows of an actor, for `rules.authorise`."""

from __future__ import annotations

from collections.abc import Iterable

from approvals import rules
from approvals.entitlements import ADMIN_POLICY, policy
from approvals.evidence import Holders
from approvals.grant import OURS, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx, admins, open_grants, people
from approvals.ledger.admins import HolderState
from approvals.model import AccessRequest
from approvals.people import Person, Principal
from approvals.rules import Standing


def standing(
    tx: Tx, team_id: str, actor: Person, holders: Holders | None = None, request: AccessRequest | None = None
) -> Standing:
    """What `authorise` is to judge an actor by. Without `holders` they pass for no approver; with a request, the RAM
    user of whoever asked for it counts.
    """
    asked_by = people.link_of(tx, request.team_id, request.requester) if request else None
    return Standing(
        team_id=team_id,
        link=people.link_of_person(tx, actor.team_id, actor),
        admins=holders or Holders(),
        timed=timed_admins(tx),
        unconfirmed=unconfirmed_admins(tx, holders or Holders()),
        requester_ram_id=asked_by.principal.user_id if asked_by else (request.requester_ram_id if request else None),
    )


def timed_admins(tx: Tx) -> frozenset[RamUserId]:
    """UserIds that have the admin policy from us for a time only, or not for much longer.

    Somebody who also has it from us until revoked is not among them.
    """
    ours = [grant for grant in open_grants.with_entitlement(tx, policy(ADMIN_POLICY)) if grant.state in OURS]
    standing_ones = {
        grant.principal.user_id for grant in ours if grant.ends_at is None and grant.state is not GrantState.ENDING
    }
    return frozenset(grant.principal.user_id for grant in ours) - standing_ones


def not_given_here(tx: Tx, holders: Holders) -> dict[RamUserId, Principal]:
    """Those who hold the admin policy in a way that this program did not make, by UserId."""
    ours = {
        grant.principal.user_id
        for grant in open_grants.with_entitlement(tx, policy(ADMIN_POLICY))
        if grant.state in OURS
    }
    return {
        holder.principal.user_id: holder.principal
        for holder in holders.holders
        if holder.via_group is not None or holder.principal.user_id not in ours
    }


def unconfirmed_admins(tx: Tx, holders: Holders) -> frozenset[RamUserId]:
    """UserIds of those among them whom no approver has confirmed; nobody, where the holders were never looked at."""
    known = admins.every_one(tx)
    confirmed = {user for user, holder in known.items() if holder.state is HolderState.CONFIRMED}
    return frozenset(not_given_here(tx, holders)) - confirmed if known else frozenset()


def may_decide(tx: Tx, holders: Holders) -> frozenset[RamUserId]:
    """UserIds that may approve, of those who hold the admin policy."""
    return rules.approvers(holders, timed_admins(tx), unconfirmed_admins(tx, holders))


def linked_approvers(
    tx: Tx, team_id: str, eligible: frozenset[RamUserId], without: Iterable[RamUserId | None]
) -> list[tuple[RamUserId, SlackUserId]]:
    """(RAM UserId, Slack user id) of those of `eligible` that are linked in this workspace and not left out."""
    wanted = eligible - set(without)
    return [(link.principal.user_id, link.slack_user_id) for link in people.links_of(tx, team_id, wanted)]
