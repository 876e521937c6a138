"""Whether what was asked for can still be given, as the catalogue, RAM and Slack have it now."""

from __future__ import annotations

from approvals import rules
from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.evidence import DecisionEvidence
from approvals.ledger import Tx, identity_claims, people
from approvals.model import AccessRequest
from approvals.operations.claims import claim_still_fits
from approvals.people import ClaimState
from approvals.refusals.catalog import ItemGone
from approvals.refusals.links import LinkStale, UserGone
from approvals.refusals.service import SlackSilent
from approvals.refusals.status import RoleGone, RoleUnfit


def check_possible(
    tx: Tx, catalog: Catalog, request: AccessRequest, evidence: DecisionEvidence, parts: tuple[Entitlement, ...]
) -> None:
    """The catalogue, the RAM user or role and the claim must still be what they were when it was asked. A part that
    left the catalogue does not keep the others from being approved without it.

    Raises:
        Refusal: something is not, and what.
    """
    if not set(parts) <= catalog.entitlements:
        raise ItemGone(item=request.item)
    if evidence.user is None or evidence.user.user_id != request.principal.user_id:
        if request.of_account:
            raise RoleGone(role=request.principal.name)
        raise UserGone(ram_user=request.principal.name, subject=request.subject)
    if request.of_account:
        repair = catalog.repairs.get(request.item)
        if repair is None or repair.role != request.principal.name or not evidence.fits:
            raise RoleUnfit(role=request.principal.name)
        return
    if evidence.subject is None:
        raise SlackSilent()
    rules.check_full_member(evidence.subject, request.team_id, other=True)
    link = people.link_of_person(tx, request.team_id, evidence.subject)
    claim = identity_claims.of_request(tx, request.id)
    if link is not None:
        if link.principal.user_id != request.principal.user_id:
            raise LinkStale(ram_user=request.principal.name, subject=request.subject)
        return
    if claim is None or claim.state is not ClaimState.PENDING:
        raise LinkStale(ram_user=request.principal.name, subject=request.subject)
    claim_still_fits(tx, request, claim, evidence.subject, evidence)
