"""What the ledger knows of an actor, for `rules.authorise`; and the record of those who were turned away."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, grants, people, trail
from approvals.model import ADMIN_POLICY, OURS, AccessRequest, GrantState, Person, policy
from approvals.rules import Act, Standing


def standing(
    tx: Tx, team_id: str, actor: Person, admins: Holders | None = None, request: AccessRequest | None = None
) -> Standing:
    asked_by = people.link_of(tx, request.team_id, request.requester) if request else None
    return Standing(
        team_id=team_id,
        link=people.link_of_person(tx, actor.team_id, actor),
        admins=admins or Holders(),
        timed=timed_admins(tx),
        requester_ram_id=asked_by.principal.user_id if asked_by else (request.requester_ram_id if request else None),
    )


def timed_admins(tx: Tx) -> frozenset[str]:
    """UserIds that have the admin policy from us for a time only, or not for much longer.

    Somebody who also has it from us until revoked is not among them.
    """
    ours = [grant for grant in grants.open_with_entitlement(tx, policy(ADMIN_POLICY)) if grant.state in OURS]
    standing_ones = {
        grant.principal.user_id for grant in ours if grant.ends_at is None and grant.state is not GrantState.ENDING
    }
    return frozenset(grant.principal.user_id for grant in ours) - standing_ones


def linked_approvers(
    tx: Tx, team_id: str, eligible: frozenset[str], without: Iterable[str | None]
) -> list[tuple[str, str]]:
    """(RAM UserId, Slack user id) of those of `eligible` that are linked in this workspace and not left out."""
    left_out = set(without)
    return [
        (link.principal.user_id, link.slack_user_id)
        for link in people.links(tx, team_id)
        if link.principal.user_id in eligible and link.principal.user_id not in left_out
    ]


def note_refusal(
    ledger: Ledger, now: int, act: Act, actor_slack_id: str, request_id: int | None, refusal: Refusal
) -> None:
    """Every attempt is in the trail, the refused ones too."""
    with ledger.write() as tx:
        trail.record(
            tx, now, "refused", request_id=request_id, act=act.value, by_slack=actor_slack_id, why=refusal.why.value
        )
